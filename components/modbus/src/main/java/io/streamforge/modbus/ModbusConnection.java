package io.streamforge.modbus;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;

/**
 * One connection to the units behind a line, one request at a time. Confined to one thread at a time but for {@link #close}, which ends a blocked
 * call at once.
 */
interface ModbusConnection extends Closeable {

    void connect() throws IOException;

    /** True if a unit has answered on this connection before: if it is then found closed, the device did so between two requests. */
    boolean answered();

    /**
     * Asks a unit.
     *
     * @throws IOException if the connection broke
     */
    void ask(int unitId, Request request) throws IOException;

    /** Whether {@link #answer} finds something to read at once. */
    default boolean hasInput() throws IOException {
        return false;
    }

    /**
     * Waits for the answer to what was asked last.
     *
     * @throws ProtocolException if what came is not Modbus; the connection is then of no more use
     * @throws IOException if the connection broke
     */
    Reply answer() throws IOException;

    default Reply exchange(int unitId, Request request) throws IOException {
        ask(unitId, request);
        return answer();
    }
}
