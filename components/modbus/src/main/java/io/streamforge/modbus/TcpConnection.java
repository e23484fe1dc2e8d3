package io.streamforge.modbus;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Modbus TCP (MODBUS Messaging on TCP/IP Implementation Guide V1.0b §3.1). An answer that comes too late is recognised by its transaction id and
 * dropped, so a time-out does not cost the connection.
 */
final class TcpConnection implements ModbusConnection {

    /** Transaction id, protocol id, length (2 bytes each) and unit id. */
    private static final int HEADER = 7;
    /** Unit id and PDU together: the PDU is at most 253 bytes (Modbus Application Protocol V1.1b3 §4.1). */
    private static final int MAX_LENGTH = 254;

    private final String host;
    private final int port;
    private final Duration timeout;
    private final Socket socket = new Socket();
    private final byte[] in = new byte[HEADER - 1 + MAX_LENGTH];
    private int filled;
    private int transaction;
    private @Nullable Request asked;
    private long deadline;
    /** The time is up, and what came in time was looked for once more: whoever reads may have been held up. */
    private boolean late;

    private boolean answered;

    /**
     * @param timeout for connecting and for each answer
     */
    TcpConnection(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    @Override
    public void connect() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) timeout.toMillis());
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void ask(int unitId, Request request) throws IOException {
        transaction = transaction + 1 & 0xFFFF;
        ByteBuffer frame = ByteBuffer.allocate(HEADER + request.length())
                .putShort((short) transaction)
                .putShort((short) 0)
                .putShort((short) (request.length() + 1))
                .put((byte) unitId);
        request.putInto(frame);
        socket.getOutputStream().write(frame.array());
        asked = request;
        deadline = System.nanoTime() + timeout.toNanos();
        late = false;
    }

    @Override
    public boolean hasInput() throws IOException {
        return filled > 0 || socket.getInputStream().available() > 0;
    }

    @Override
    public Reply answer() throws IOException {
        Request request = Objects.requireNonNull(asked, "nothing was asked");
        while (true) {
            ByteBuffer answer;
            try {
                answer = frame();
            } catch (SocketTimeoutException e) {
                return new Reply.Silence();
            }
            if ((answer.getShort(0) & 0xFFFF) == transaction) {
                answered = true;
                return request.reply(answer.position(HEADER).slice());
            }
        }
    }

    /** The next whole frame, in a buffer of its own; a part of one that came before a time-out is kept for the next call. */
    private ByteBuffer frame() throws IOException {
        fill(HEADER + 1);
        ByteBuffer header = ByteBuffer.wrap(in);
        int protocol = header.getShort(2) & 0xFFFF;
        int length = header.getShort(4) & 0xFFFF;
        if (protocol != 0 || length < 3 || length > MAX_LENGTH) {
            throw new ProtocolException(
                    "answer is not Modbus TCP: protocol id %d, length %d".formatted(protocol, length));
        }
        int size = HEADER - 1 + length;
        fill(size);
        ByteBuffer frame = ByteBuffer.allocate(size).put(in, 0, size).flip();
        System.arraycopy(in, size, in, 0, filled - size);
        filled -= size;
        return frame;
    }

    private void fill(int needed) throws IOException {
        InputStream stream = socket.getInputStream();
        while (filled < needed) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 && late) {
                throw new SocketTimeoutException();
            }
            late = left <= 0;
            socket.setSoTimeout((int) Math.max(1, left));
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
