package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One connection to a PLC, from its opening to its only end. Confined to one thread at a time but for {@link #close}, which never blocks and ends a
 * blocked call soon.
 */
interface Session extends Closeable {

    /** @throws IOException saying why there is no connection */
    void open() throws IOException, InterruptedException;

    /** True if the device has answered a request on this connection. */
    boolean answered();

    /**
     * Reads points, which together are no more than the configured largest request.
     *
     * @throws IOException if the connection broke
     */
    Reply read(List<Point> request) throws IOException, InterruptedException;

    /**
     * Writes one point that is no array.
     *
     * @return the value that a read should give then, or the device's refusal
     * @throws IOException if the device did not say whether it took the value
     * @throws IllegalArgumentException if the point cannot hold the value
     */
    Outcome write(Point point, Value value) throws IOException, InterruptedException;

    @Override
    void close();
}
