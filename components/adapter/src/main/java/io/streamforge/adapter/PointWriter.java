package io.streamforge.adapter;

import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Consumer;

/**
 * A source that can also write its points, so that the gateway answers {@code write-point} for every protocol that has writing. Implemented by
 * the Camel {@code Consumer}, or by the {@link PolledDevice} of a {@link PollingConsumer}. Who may write what, and when, is not its business: the gateway holds every write against the row's
 * {@link WriteRule} first, lets one write at a time through to an adapter, and reads back what the device then has.
 *
 * <p>Both methods are called from a thread of the gateway's beside polls and subscriptions, over the same connection, and block no longer than the
 * source's own time-outs allow.
 */
public interface PointWriter {

    /** What writes the points that this consumer reads; empty if it cannot write, or is not started. */
    static Optional<PointWriter> of(Consumer consumer) {
        Object source = consumer instanceof PollingConsumer polling ? polling.device() : consumer;
        return source instanceof PointWriter writer ? Optional.of(writer) : Optional.empty();
    }

    /**
     * Reads some points from the device now.
     *
     * @param rows of the point table, from 0
     * @return a sample for each, in this order; BAD with the protocol's reason where it could not be read
     */
    List<Sample> read(List<Integer> rows);

    /**
     * Writes one point; returns when the device has acknowledged it.
     *
     * @param row of the point table, from 0
     * @param value in the point's own unit, as it is read
     * @return the value as the point holds it and a read should give it: a float32 is not quite the decimal it was asked to be
     * @throws IllegalArgumentException if the point cannot hold the value: of another type, beyond its range, between two steps; nothing was written
     * @throws IOException if the device refused it, with the protocol's code and name, or did not acknowledge it: then it may have it nevertheless
     */
    Value write(int row, Value value) throws IOException;
}
