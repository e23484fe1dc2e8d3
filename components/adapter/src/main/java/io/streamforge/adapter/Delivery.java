package io.streamforge.adapter;

import io.streamforge.model.Observation;
import io.streamforge.model.Position;
import io.streamforge.model.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a source saw to its route, one exchange at a time, and knows how the stream takes it. What hands over and settles
 * is for one thread at a time, the rest for any.
 */
public final class Delivery {

    /** An exchange that takes longer is a fault worth showing. */
    private static final Duration SLOW_STREAM = Duration.ofSeconds(10);

    /** @param failure the exchange's own, or null */
    private record Begun(
            List<Observation> observations,
            Receipt receipt,
            @Nullable Exception failure) {}

    private final DefaultConsumer consumer;
    private volatile boolean ending;
    private volatile long undelivered;
    private volatile long since;
    private volatile @Nullable String refusal;
    private @Nullable Begun begun;

    public Delivery(DefaultConsumer consumer) {
        this.consumer = consumer;
    }

    /**
     * Blocks until the route is through with them. The very same list may be handed over again after a refusal: the {@code adapter} stage knows it
     * by its identity and sends what it has kept of it, under the same numbers; any other list goes out behind what was kept.
     *
     * @return true if the stream has them, and all that it refused before
     */
    public boolean deliver(List<Observation> observations) {
        return ended(process(observations, null, null));
    }

    /**
     * The same, but returns when the route is through, whether or not the stream has answered: {@link #settle} says how it ended, and must be called
     * before anything else is handed over.
     *
     * @param position how far the source has come with them, if it can go back, or null
     */
    void begin(List<Observation> observations, @Nullable Position position) {
        Receipt receipt = new Receipt();
        begun = new Begun(observations, receipt, process(observations, position, receipt));
    }

    /**
     * Waits for the stream's answer to what was begun. If it is a refusal, the route gets the same list once more, to be tried as often as it says.
     *
     * @return true if the stream has it, and all that it refused before; false also if nothing was begun since the last call
     */
    boolean settle() throws InterruptedException {
        Begun last = begun;
        if (last == null) {
            return false;
        }
        begun = null;
        if (last.failure != null) {
            last.receipt.abandon();
            return ended(last.failure);
        }
        try {
            last.receipt.settle();
            return ended(null);
        } catch (InterruptedException e) {
            ended(e);
            throw e;
        } catch (RuntimeException e) {
            return deliver(last.observations);
        }
    }

    /** Whether {@link #settle} would neither wait nor try again: nothing was begun, or the stream has it. */
    boolean isTaken() {
        Begun last = begun;
        return last == null || last.failure == null && last.receipt.isTaken();
    }

    /** Waits no longer for what was begun: it goes out again with the next. */
    void abandon() {
        Begun last = begun;
        begun = null;
        if (last != null) {
            last.receipt.abandon();
        }
    }

    private @Nullable Exception process(
            List<Observation> observations, @Nullable Position position, @Nullable Receipt receipt) {
        Exchange exchange = consumer.createExchange(false);
        exchange.getMessage().setBody(observations);
        if (position != null) {
            exchange.setProperty(Position.PROPERTY, position);
        }
        if (receipt != null) {
            exchange.setProperty(Receipt.PROPERTY, receipt);
        }
        since = System.nanoTime() | 1;
        try {
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        consumer.releaseExchange(exchange, false);
        return failure;
    }

    private boolean ended(@Nullable Exception failure) {
        since = 0;
        if (failure == null) {
            refusal = null;
        } else {
            undelivered++;
            refusal = "stream: " + failure.getMessage();
            if (!ending) {
                consumer.getExceptionHandler().handleException("Samples were not taken", failure);
            }
        }
        return failure == null;
    }

    /** The source is being stopped: a failure from now on is no news. */
    void ending() {
        ending = true;
    }

    /** What is wrong with the stream as the source sees it, as a sentence; empty if it takes what it is given. */
    public Optional<String> fault() {
        long began = since;
        long waiting = began == 0 ? 0 : System.nanoTime() - began;
        if (waiting > SLOW_STREAM.toNanos()) {
            return Optional.of("stream: samples have been waiting for %d s to be taken"
                    .formatted(TimeUnit.NANOSECONDS.toSeconds(waiting)));
        }
        return Optional.ofNullable(refusal);
    }

    /** Exchanges that failed. */
    public long undelivered() {
        return undelivered;
    }
}
