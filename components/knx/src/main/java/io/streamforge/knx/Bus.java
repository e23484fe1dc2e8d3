package io.streamforge.knx;

import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.model.Observation;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The conversation over one tunnel, from its connect to its end: asks for every group once, hears what comes, and does what others want of the bus in between. Confined to one thread. */
final class Bus {

    /** How soon it is looked whether a slow stream takes more. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** As good as never; what is wanted wakes the tunnel. */
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * A read whose answer is not there yet.
     *
     * @param overdue when it is given up; not before the time-out after its confirmation
     */
    private record Asked(Request request, long at, long overdue) {}

    /** Two acknowledgements and a confirmation take no longer; then the time-out begins. */
    private static final int UNTIL_CONFIRMED = 4;

    private final Tunnel tunnel;
    private final KnxConfig config;
    private final Pace pace;
    private final DeviceState state;
    private final Book book;
    private final Inbox inbox;
    private final Clock clock;
    private final Map<GroupAddress, List<Point>> groups = new HashMap<>();
    private final Set<GroupAddress> askable = new LinkedHashSet<>();

    /** What others want, offered by their threads. */
    private final Queue<Request> wanted;

    private final Deque<Request> own = new ArrayDeque<>();
    /** In the order of asking, and so of their time-outs. */
    private final Map<GroupAddress, Asked> asked = new LinkedHashMap<>();

    private @Nullable Request sent;
    private long nextRound;

    Bus(
            Tunnel tunnel,
            KnxConfig config,
            List<Point> points,
            Pace pace,
            DeviceState state,
            Book book,
            Inbox inbox,
            Clock clock,
            Queue<Request> wanted) {
        this.tunnel = tunnel;
        this.config = config;
        this.pace = pace;
        this.state = state;
        this.book = book;
        this.inbox = inbox;
        this.clock = clock;
        this.wanted = wanted;
        for (Point point : points) {
            groups.computeIfAbsent(point.group(), group -> new ArrayList<>()).add(point);
            book.clear(point);
            if (!point.listenOnly()) {
                askable.add(point.group());
            }
        }
        state.answered(0, 0, null);
        ask();
    }

    private void ask() {
        askable.forEach(group -> own.add(new Request(Telegram.read(group), true)));
        nextRound = System.nanoTime() + config.readInterval().toNanos();
    }

    /** Whether every group has answered that was asked, or was given up. */
    boolean settled() {
        return own.isEmpty() && asked.isEmpty() && sent == null;
    }

    /**
     * Does what is due, and waits for one telegram, unless something has come to its end.
     *
     * @param most nanoseconds to wait
     * @throws IOException if the tunnel does not stand any longer
     */
    void turn(long most) throws IOException, InterruptedException {
        long now = System.nanoTime();
        if (!config.readInterval().isZero() && now - nextRound >= 0 && settled()) {
            ask();
        }
        if (giveUp(tunnel.quiet())) {
            return;
        }
        long next = now + most;
        if (inbox.waits()) {
            next = Math.min(most, LOOK_NANOS) + now;
        }
        if (tunnel.free()) {
            long pause = send();
            next = Math.min(next - now, pause) + now;
        }
        for (Asked first : asked.values()) {
            next = Math.min(next - now, first.overdue() - now) + now;
            break;
        }
        if (!config.readInterval().isZero() && settled()) {
            next = Math.min(next - now, nextRound - now) + now;
        }
        Telegram telegram = tunnel.await(next);
        if (telegram != null) {
            hear(telegram);
        }
    }

    /** Sends what is wanted most, if it may; nanoseconds until it may, many if nothing is wanted. */
    private long send() throws IOException, InterruptedException {
        wanted.removeIf(request -> request.answer().isDone());
        Queue<Request> queue = wanted.isEmpty() ? own : wanted;
        if (queue.isEmpty()) {
            return IDLE_NANOS;
        }
        long pause = pace.left();
        if (pause > 0) {
            return pause;
        }
        Request request = queue.element();
        GroupAddress group = request.telegram().group();
        boolean read = request.telegram().service() == Telegram.Service.READ;
        if (read && asked.containsKey(group)) {
            if (!request.own()) {
                // An answer does not say to which question: that to the one before may be older than what is now to be
                // known.
                return IDLE_NANOS;
            }
            queue.remove();
            return 0;
        }
        queue.remove();
        if (read) {
            long now = System.nanoTime();
            asked.put(
                    group,
                    new Asked(
                            request,
                            now,
                            now + UNTIL_CONFIRMED * config.timeout().toNanos()));
        }
        if (pace.begin()) {
            sent = request;
            tunnel.send(request.telegram());
        }
        return IDLE_NANOS;
    }

    private void hear(Telegram telegram) {
        // The one time at which the gateway's clock is read for it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (telegram.message() == Telegram.Message.INDICATION) {
            if (telegram.service() != Telegram.Service.READ) {
                answer(telegram);
                value(telegram, now);
            }
            return;
        }
        pace.end();
        Request request = sent;
        sent = null;
        if (telegram.service() == Telegram.Service.READ) {
            asked.computeIfPresent(
                    telegram.group(),
                    (group, read) -> new Asked(
                            read.request(),
                            read.at(),
                            System.nanoTime() + config.timeout().toNanos()));
        }
        boolean confirmed = telegram.message() == Telegram.Message.CONFIRMED;
        if (!confirmed) {
            state.error(refusal(telegram));
        }
        if (request != null && request.telegram().service() == Telegram.Service.WRITE) {
            if (confirmed) {
                // Nobody else is told by the interface what we have written.
                value(request.telegram(), now);
                request.answer().complete(telegram);
            } else {
                request.answer().completeExceptionally(new IOException(refusal(telegram)));
            }
        }
    }

    private static String refusal(Telegram telegram) {
        return telegram.message() == Telegram.Message.REFUSED
                ? "L_Data.con: the bus did not take the telegram"
                : "L_Data.con missing: the interface did not say whether the bus took the telegram";
    }

    private void answer(Telegram telegram) {
        Asked waiting = asked.get(telegram.group());
        boolean answer = telegram.service() == Telegram.Service.RESPONSE;
        if (waiting == null || !answer && !waiting.request().own()) {
            return;
        }
        asked.remove(telegram.group());
        if (answer) {
            state.answer(System.nanoTime() - waiting.at());
            waiting.request().answer().complete(telegram);
        }
    }

    private void value(Telegram telegram, Instant now) {
        List<Point> points = groups.getOrDefault(telegram.group(), List.of());
        int read = 0;
        for (Point point : points) {
            List<Observation> seen = book.value(point, telegram.payload(), now);
            inbox.put(point, seen);
            read += book.failed(point) ? 0 : 1;
        }
        if (read < points.size()) {
            state.error("value");
        }
        if (!points.isEmpty()) {
            state.answered(read, points.size() - read, book.summary());
        }
    }

    /** What was asked and not answered in time is asked once more, then given up; whether there was anything. */
    private boolean giveUp(long now) {
        boolean any = false;
        Iterator<Asked> first = asked.values().iterator();
        while (first.hasNext()) {
            Asked next = first.next();
            if (now - next.overdue() < 0) {
                break;
            }
            any = true;
            first.remove();
            state.error("timeout");
            Request request = next.request();
            if (!request.again()) {
                giveUp(request);
            } else if (request.own()) {
                own.add(request.second());
            } else {
                wanted.add(request.second());
            }
        }
        return any;
    }

    private void giveUp(Request request) {
        String reason = "no answer to GroupValueRead within %d ms, twice"
                .formatted(config.timeout().toMillis());
        request.answer().completeExceptionally(new IOException(reason));
        if (!request.own()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<Point> points = groups.getOrDefault(request.telegram().group(), List.of()).stream()
                .filter(point -> !point.listenOnly())
                .toList();
        points.forEach(point -> inbox.put(point, book.fail(point, reason, now)));
        state.answered(0, points.size(), book.summary());
    }

    /** The tunnel has ended: nothing of what is under way will be answered. */
    void end(IOException reason) {
        asked.values().forEach(waiting -> waiting.request().answer().completeExceptionally(reason));
        Request request = sent;
        if (request != null) {
            request.answer().completeExceptionally(reason);
        }
    }
}
