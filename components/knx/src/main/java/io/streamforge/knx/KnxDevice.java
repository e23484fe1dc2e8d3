package io.streamforge.knx;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.SourceThread;
import io.streamforge.model.Losses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps a tunnel to an interface: opens it, gives it up when it does not stand any longer, opens the next after a growing delay. {@link #run} is for one
 * thread, the rest for any.
 */
final class KnxDevice {

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(500);

    private final KnxConfig config;
    private final List<Point> points;
    private final Inbox inbox;
    private final Clock clock;
    private final Pace pace;
    private final DeviceState state;
    private final Book book;
    private final Selector selector;
    private final Queue<Request> wanted = new ConcurrentLinkedQueue<>();

    /** Guards what is wanted while there is no tunnel. */
    private final Object lock = new Object();

    private String gone = "not connected yet";

    KnxDevice(KnxConfig config, List<Point> points, Inbox inbox, Losses losses, Clock clock) throws IOException {
        this.config = config;
        this.points = points;
        this.inbox = inbox;
        this.clock = clock;
        this.pace = new Pace(Duration.ZERO, config.ceiling());
        this.state = new DeviceState("KNX", config.address(), pace, losses);
        this.book = new Book(points);
        this.selector = Selector.open();
    }

    DeviceState state() {
        return state;
    }

    /** Until the thread is to end. */
    void run(SourceThread thread) throws InterruptedException {
        Backoff delay = new Backoff(RECONNECT_FIRST, config.reconnectMaxDelay());
        try {
            do {
                try {
                    converse(thread, delay);
                } catch (IOException e) {
                    if (!thread.ending()) {
                        lose(String.valueOf(e.getMessage()));
                    }
                }
                while (inbox.waits()
                        && !thread.awaitEnding(Duration.ofMillis(50).toNanos())) {}
            } while (!thread.awaitEnding(delay.next()));
        } finally {
            release();
        }
    }

    private void converse(SourceThread thread, Backoff delay) throws IOException, InterruptedException {
        try (Tunnel tunnel = Tunnel.open(config, state, selector)) {
            delay.reset();
            Bus bus = new Bus(tunnel, config, points, pace, state, book, inbox, clock, wanted);
            String reason = "the source was stopped";
            try {
                connected("");
                while (!thread.ending()) {
                    bus.turn(Bus.IDLE_NANOS);
                }
            } catch (IOException e) {
                reason = String.valueOf(e.getMessage());
                throw e;
            } finally {
                connected(reason);
                bus.end(new IOException(reason));
            }
        }
    }

    /** From the first failure on nothing is known of any point. */
    private void lose(String reason) {
        state.error("connection");
        state.silent(points.size(), "KNX interface %s: %s".formatted(config.address(), reason));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        points.forEach(point -> inbox.put(point, book.fail(point, "connection: " + reason, now)));
    }

    /** @param reason why there is no tunnel; empty if there is one */
    private void connected(String reason) {
        synchronized (lock) {
            gone = reason;
            for (Request request = reason.isEmpty() ? null : wanted.poll(); request != null; request = wanted.poll()) {
                request.answer().completeExceptionally(new IOException(reason));
            }
        }
    }

    /** Wants something of the bus; fails at once if there is no tunnel, so that nothing is sent long after. */
    CompletableFuture<Telegram> want(Telegram telegram) {
        Request request = new Request(telegram, false);
        synchronized (lock) {
            if (gone.isEmpty()) {
                wanted.add(request);
                selector.wakeup();
            } else {
                request.answer().completeExceptionally(new IOException("connection: " + gone));
            }
        }
        return request.answer();
    }

    /** Lets {@link #run} see that its thread is to end. */
    void wake() {
        selector.wakeup();
    }

    private void release() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
