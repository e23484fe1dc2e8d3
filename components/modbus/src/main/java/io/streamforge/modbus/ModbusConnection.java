package io.streamforge.modbus;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One TCP connection to a device, one request at a time (MODBUS Messaging on TCP/IP Implementation Guide V1.0b §3.1). An answer that comes too
 * late is recognised by its transaction id and dropped, so a time-out does not cost the connection.
 *
 * <p>Confined to the poll's thread but for {@link #close}, which ends a blocked call at once.
 */
final class ModbusConnection implements Closeable {

    /** Transaction id, protocol id, length (2 bytes each) and unit id. */
    private static final int HEADER = 7;
    /** Unit id and PDU together: the PDU is at most 253 bytes (Modbus Application Protocol V1.1b3 §4.1). */
    private static final int MAX_LENGTH = 254;

    private static final int REFUSED = 0x80;

    private final Socket socket = new Socket();
    private final Duration timeout;
    private final byte[] in = new byte[HEADER - 1 + MAX_LENGTH];
    private int filled;
    private int transaction;
    private boolean answered;

    /**
     * @param timeout for connecting and for each answer
     */
    ModbusConnection(Duration timeout) {
        this.timeout = timeout;
    }

    void connect(String host, int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) timeout.toMillis());
    }

    /** True if the device has answered on this connection before: if it is then found closed, the device did so between two requests. */
    boolean answered() {
        return answered;
    }

    /**
     * Reads neighbouring bits or registers.
     *
     * @param start the first address, from 0
     * @param quantity how many, within the protocol's limits
     * @throws ProtocolException if what came is not Modbus; the connection is then of no more use
     * @throws IOException if the connection broke
     */
    Reply read(int unitId, Area area, int start, int quantity) throws IOException {
        transaction = transaction + 1 & 0xFFFF;
        ByteBuffer request = ByteBuffer.allocate(HEADER + 5)
                .putShort((short) transaction)
                .putShort((short) 0)
                .putShort((short) 6)
                .put((byte) unitId)
                .put((byte) area.function())
                .putShort((short) start)
                .putShort((short) quantity);
        socket.getOutputStream().write(request.array());
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            ByteBuffer frame;
            try {
                frame = frame(deadline);
            } catch (SocketTimeoutException e) {
                return new Reply.Silence();
            }
            if ((frame.getShort(0) & 0xFFFF) == transaction) {
                answered = true;
                return reply(frame.position(HEADER).slice(), area, quantity);
            }
        }
    }

    private static Reply reply(ByteBuffer pdu, Area area, int quantity) throws ProtocolException {
        int function = pdu.get(0) & 0xFF;
        if (function == (area.function() | REFUSED) && pdu.limit() == 2) {
            return new Reply.Refusal(pdu.get(1) & 0xFF);
        }
        int bytes = area.bits() ? (quantity + 7) / 8 : quantity * 2;
        if (function != area.function()) {
            throw new ProtocolException(
                    "answer has function 0x%02X, asked for 0x%02X".formatted(function, area.function()));
        }
        if (pdu.limit() != bytes + 2 || (pdu.get(1) & 0xFF) != bytes) {
            throw new ProtocolException(
                    "answer has %d data bytes, asked for %d".formatted(Math.max(0, pdu.limit() - 2), bytes));
        }
        return new Reply.Data(pdu.position(2).slice());
    }

    /** The next whole frame, in a buffer of its own; a part of one that came before a time-out is kept for the next call. */
    private ByteBuffer frame(long deadline) throws IOException {
        fill(HEADER + 1, deadline);
        ByteBuffer header = ByteBuffer.wrap(in);
        int protocol = header.getShort(2) & 0xFFFF;
        int length = header.getShort(4) & 0xFFFF;
        if (protocol != 0 || length < 3 || length > MAX_LENGTH) {
            throw new ProtocolException(
                    "answer is not Modbus TCP: protocol id %d, length %d".formatted(protocol, length));
        }
        int size = HEADER - 1 + length;
        fill(size, deadline);
        ByteBuffer frame = ByteBuffer.allocate(size).put(in, 0, size).flip();
        System.arraycopy(in, size, in, 0, filled - size);
        filled -= size;
        return frame;
    }

    private void fill(int needed, long deadline) throws IOException {
        InputStream stream = socket.getInputStream();
        while (filled < needed) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            int count = stream.read(in, filled, in.length - filled);
            if (count < 0) {
                throw new EOFException("the device closed the connection");
            }
            filled += count;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
