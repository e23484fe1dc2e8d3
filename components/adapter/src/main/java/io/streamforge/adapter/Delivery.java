package io.streamforge.adapter;

import io.streamforge.model.Observation;
import io.streamforge.model.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a source saw to its route, one exchange at a time, and knows how the stream takes it. {@link #deliver} is for one thread, the rest for
 * any.
 */
public final class Delivery {

    /** An exchange that takes longer is a fault worth showing. */
    private static final Duration SLOW_STREAM = Duration.ofSeconds(10);

    private final DefaultConsumer consumer;
    private volatile boolean ending;
    private volatile long undelivered;
    private volatile long since;
    private volatile @Nullable String refusal;

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
        return deliver(observations, null);
    }

    /**
     * The same, for a source that can go back.
     *
     * @param position how far it has come with them, or null
     */
    boolean deliver(List<Observation> observations, @Nullable Position position) {
        Exchange exchange = consumer.createExchange(false);
        exchange.getMessage().setBody(observations);
        if (position != null) {
            exchange.setProperty(Position.PROPERTY, position);
        }
        since = System.nanoTime() | 1;
        try {
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        since = 0;
        Exception failure = exchange.getException();
        if (failure == null) {
            refusal = null;
        } else {
            undelivered++;
            refusal = "stream: " + failure.getMessage();
            if (!ending) {
                consumer.getExceptionHandler().handleException("Samples were not taken", exchange, failure);
            }
        }
        consumer.releaseExchange(exchange, false);
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
