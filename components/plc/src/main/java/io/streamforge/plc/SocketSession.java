package io.streamforge.plc;

import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A conversation over TCP that is spoken here, one question at a time. What is no answer to the last question is none at all: a connection that is not
 * understood, or not in time, is of no more use and replaced by a new one, so that no late answer is ever taken for that to another question.
 */
abstract class SocketSession implements Catalogue {

    final PlcConfig config;
    private final Socket socket = new Socket();
    private final Pace pace;
    private long deadline;
    private boolean first = true;
    private boolean answered;

    /** @param pace for the requests that a read or a write makes beside its first */
    SocketSession(PlcConfig config, Pace pace) {
        this.config = config;
        this.pace = pace;
    }

    /** Introduces itself, if the protocol wants that. */
    abstract void introduce() throws IOException;

    /** The device's answers, in the order of the points. */
    abstract Reply ask(List<Point> request) throws IOException;

    /** As {@link #write}, on a connection that stands. */
    abstract Outcome tell(Point point, Value value) throws IOException;

    @Override
    public final void open() throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(InetAddress.getByName(config.host()), config.port()), (int)
                    config.timeout().toMillis());
            introduce();
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "no answer from %s to the connection request within %d ms"
                            .formatted(config.device(), config.timeout().toMillis()),
                    e);
        } catch (BufferUnderflowException e) {
            throw new ProtocolException("the answer to the connection request ends too early");
        }
    }

    @Override
    public final boolean answered() {
        return answered;
    }

    @Override
    public final Reply read(List<Point> request) throws IOException {
        try {
            first = true;
            Reply reply = ask(request);
            answered = true;
            return reply;
        } catch (SocketTimeoutException e) {
            return new Reply.Lost("timeout: " + silence());
        } catch (ProtocolException e) {
            return new Reply.Lost("protocol: " + e.getMessage());
        } catch (BufferUnderflowException e) {
            return new Reply.Lost("protocol: the answer ends too early");
        }
    }

    @Override
    public final Outcome write(Point point, Value value) throws IOException {
        try {
            first = true;
            return tell(point, value);
        } catch (SocketTimeoutException e) {
            throw new IOException(silence(), e);
        } catch (BufferUnderflowException e) {
            throw new ProtocolException("the answer ends too early");
        }
    }

    /** From here the time-out of the answer runs. */
    final void send(ByteBuffer frame) throws IOException {
        if (!first) {
            rest();
        }
        first = false;
        sendUnasked(frame);
        deadline = System.nanoTime() + config.timeout().toNanos();
    }

    private void rest() throws IOException {
        pace.end();
        try {
            if (!pace.begin()) {
                throw new IOException("stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** For what has no answer that anybody waits for. */
    final void sendUnasked(ByteBuffer frame) throws IOException {
        socket.getOutputStream().write(frame.array(), 0, frame.limit());
    }

    /**
     * The next bytes, low byte first. What is there has come in time, however late this thread is.
     *
     * @throws SocketTimeoutException if they have not come in time
     */
    final ByteBuffer receive(int count) throws IOException {
        byte[] bytes = new byte[count];
        InputStream in = socket.getInputStream();
        for (int filled = 0; filled < count; ) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 && in.available() == 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) Math.max(1, left));
            int read = in.read(bytes, filled, count - filled);
            if (read < 0) {
                throw new EOFException("the device closed the connection");
            }
            filled += read;
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The next bytes of a message as a message of their own. */
    static ByteBuffer take(ByteBuffer message, int count) {
        if (count < 0 || count > message.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = message.slice(message.position(), count).order(message.order());
        message.position(message.position() + count);
        return part;
    }

    private String silence() {
        return "no answer within %d ms".formatted(config.timeout().toMillis());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no more use in any case.
        }
    }
}
