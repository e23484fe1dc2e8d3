package io.streamforge.modbus;

import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the units behind one connection and their answers, one at a time, whoever asks: the poll, a read or a write. The connection is opened when
 * a question needs it, and closed when it breaks.
 *
 * <p>What concerns questions asked ahead ({@link #askAhead}, {@link #hasAnswer}, {@link #answer}, {@link #giveUp}) is the poll's; the rest is for any
 * thread.
 */
final class Conversation implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    private final ModbusConfig config;
    private final Pace pace;
    private final DeviceState state;
    /** Held from a question to its answer; by the poll also between the threads that ask and read. */
    private final Semaphore line = new Semaphore(1, true);

    private volatile @Nullable ModbusConnection connection;
    private volatile boolean closed;
    /** The device closes the connection after each answer; guarded by the line. */
    private boolean closesConnections;
    /** When the last question was put; guarded by the line. */
    private long askedAt;
    /** What was asked ahead, and nobody has read the answer to. */
    private @Nullable Request ahead;

    /**
     * @param pace which questions keep
     * @param state is told how long answers took
     */
    Conversation(ModbusConfig config, Pace pace, DeviceState state) {
        this.config = config;
        this.pace = pace;
        this.state = state;
    }

    /** Whether there is a connection, or one is being opened. */
    boolean isOpen() {
        return connection != null;
    }

    /** Whether it was closed for good. */
    boolean isClosed() {
        return closed;
    }

    /** Opens the connection, if there is none. */
    void open() throws IOException {
        line.acquireUninterruptibly();
        try {
            connected();
        } finally {
            line.release();
        }
    }

    /** Asks what {@link #answer} will be asked for, if it need not wait for the connection, for somebody else's answer, or to spare the device. */
    void askAhead(int unitId, Request request) {
        ModbusConnection current = connection;
        if (current == null || pace.left() > 0 || !line.tryAcquire()) {
            return;
        }
        try {
            ask(current, unitId, request);
            ahead = request;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            disconnect(); // the poll tries again over another
        } finally {
            if (ahead == null) {
                pace.end();
                line.release();
            }
        }
    }

    /** Whether the answer to what was asked ahead is there. */
    boolean hasAnswer() {
        ModbusConnection current = connection;
        try {
            return ahead != null && current != null && current.hasInput();
        } catch (IOException e) {
            return true; // whoever reads will see
        }
    }

    /** The answer to what was asked ahead, or else to the question that is put now. */
    Reply answer(int unitId, Request request) throws IOException {
        if (!request.equals(ahead)) {
            giveUp();
            return exchange(unitId, request);
        }
        ahead = null;
        try {
            return exchangeTwice(unitId, request, true);
        } finally {
            line.release();
        }
    }

    /** Leaves an answer unread that nobody took. */
    void giveUp() {
        if (ahead != null) {
            ahead = null;
            pace.end();
            line.release();
        }
    }

    /** Puts a question that may be put twice. */
    Reply exchange(int unitId, Request request) throws IOException {
        line.acquireUninterruptibly();
        try {
            return exchangeTwice(unitId, request, false);
        } finally {
            line.release();
        }
    }

    /** Puts a question that may be put once only. */
    Reply exchangeOnce(int unitId, Request request) throws IOException {
        line.acquireUninterruptibly();
        try {
            if (closesConnections) {
                disconnect();
            }
            return exchangeOnce(unitId, request, false);
        } finally {
            line.release();
        }
    }

    private Reply exchangeTwice(int unitId, Request request, boolean asked) throws IOException {
        ModbusConnection current = connected();
        try {
            return exchangeOnce(unitId, request, asked);
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            if (!current.answered()) {
                throw e;
            }
            // Some devices close the connection after each answer: a new one, once, is not yet a failure.
            closesConnections = true;
            return exchangeOnce(unitId, request, false);
        }
    }

    /** @param asked whether the question is on its way already */
    private Reply exchangeOnce(int unitId, Request request, boolean asked) throws IOException {
        try {
            ModbusConnection current = connected();
            if (!asked) {
                ask(current, unitId, request);
            }
            Reply reply = current.answer();
            if (!(reply instanceof Reply.Silence)) {
                state.answer(System.nanoTime() - askedAt);
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            disconnect();
            throw e;
        } finally {
            pace.end();
        }
    }

    private void ask(ModbusConnection current, int unitId, Request request) throws IOException, InterruptedException {
        if (!pace.begin()) {
            throw new IOException("stopped");
        }
        askedAt = System.nanoTime();
        current.ask(unitId, request);
    }

    private ModbusConnection connected() throws IOException {
        ModbusConnection current = connection;
        if (current == null) {
            current = config.transport().connection(config.timeout());
            connection = current;
            if (closed) {
                throw new IOException("stopped");
            }
            try {
                current.connect();
            } catch (IOException e) {
                disconnect();
                throw e;
            }
        }
        return current;
    }

    /** Closes the connection, after the answer that somebody may wait for. */
    void drop() {
        giveUp();
        line.acquireUninterruptibly();
        try {
            disconnect();
        } finally {
            line.release();
        }
    }

    /** Ends a blocked call at once and lets no other begin. */
    @Override
    public void close() {
        closed = true;
        pace.close();
        disconnect();
    }

    private void disconnect() {
        ModbusConnection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.atDebug()
                        .addKeyValue("address", config.device())
                        .setCause(e)
                        .log("Modbus connection did not close");
            }
        }
    }
}
