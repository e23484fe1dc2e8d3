package io.streamforge.modbus;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.PointBook;
import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Observation;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device with its points and its only connection, which lives and dies here: opened when a poll needs it, dropped when it breaks or falls
 * silent, opened again after a growing delay.
 */
final class ModbusDevice implements PolledDevice {

    private static final Logger LOG = LoggerFactory.getLogger(ModbusDevice.class);

    /** So many requests in a row without an answer cost the connection. */
    private static final int MAX_SILENCES = 3;

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private final ModbusConfig config;
    private final Clock clock;
    private final BlockPlan plan;

    private final PointBook book;
    private final DeviceState state;
    private final Backoff delays;

    private volatile @Nullable ModbusConnection connection;
    private volatile boolean closed;
    private int answers;
    private int silences;
    private long nextAttempt = System.nanoTime();
    private String downReason = "";

    /**
     * @param clock stamps each answer
     */
    ModbusDevice(ModbusConfig config, List<Point> points, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.plan = new BlockPlan(points, config.maxGap(), config.maxBlock());
        this.book =
                new PointBook(points, point -> new Signal(point.name(), point.asset(), point.unit(), point.event()));
        this.state = new DeviceState("Modbus", config.device());
        this.delays = new Backoff(FIRST_DELAY, config.reconnectMaxDelay());
    }

    @Override
    public List<Observation> poll() {
        answers = 0;
        book.begin();
        plan.refused().forEach((point, reason) -> book.fail(point.row(), reason));
        boolean whole = false;
        try {
            if (connection != null || System.nanoTime() - nextAttempt >= 0) {
                readAll();
                whole = true;
            }
        } catch (IOException e) {
            drop(e);
        }
        settle(whole && (answers > 0 || plan.blocks().isEmpty()));
        return book.observations(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    @Override
    public void confirm() {
        book.confirm();
    }

    @Override
    public OptionalLong nextAttempt() {
        return connection == null ? OptionalLong.of(nextAttempt) : OptionalLong.empty();
    }

    @Override
    public void connect() {
        try {
            connected();
        } catch (IOException e) {
            drop(e);
        }
    }

    @Override
    public Optional<String> fault() {
        return state.fault();
    }

    @Override
    public Counters counters() {
        return state.counters();
    }

    @Override
    public void close() {
        closed = true;
        closeConnection();
    }

    private void readAll() throws IOException {
        Optional<Point> due = plan.due(System.nanoTime());
        for (Block block : plan.blocks()) {
            read(block);
        }
        if (due.isPresent()) {
            Point point = due.get();
            if (read(Block.of(List.of(point)))) {
                plan.accept(point, System.nanoTime());
            }
        }
    }

    /** Reads a block, in halves if the device refuses it whole; true if every point of it was answered. */
    private boolean read(Block block) throws IOException {
        Reply reply = request(block);
        if (reply instanceof Reply.Data data) {
            decode(block, data.bytes());
            return true;
        }
        if (reply instanceof Reply.Refusal refusal) {
            if (refusal.aboutAddresses() && block.points().size() > 1) {
                boolean first = read(block.firstHalf());
                boolean second = read(block.secondHalf());
                if (first && second) {
                    plan.separateAt(block.secondHalf());
                }
                return first && second;
            }
            String reason = ExceptionCode.text(refusal.code());
            fail(block.points(), reason, reason);
            if (refusal.aboutAddresses()) {
                plan.refuse(block.points().get(0), reason, System.nanoTime());
            }
            return false;
        }
        fail(
                block.points(),
                "timeout",
                "timeout: no answer within %d ms".formatted(config.timeout().toMillis()));
        return false;
    }

    private Reply request(Block block) throws IOException {
        ModbusConnection current = connected();
        Reply reply;
        try {
            reply = current.read(config.unitId(), block.area(), block.start(), block.quantity());
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            if (!current.answered()) {
                throw e;
            }
            // Some devices close the connection after each answer: a new one, once, is not yet a failure.
            closeConnection();
            reply = connected().read(config.unitId(), block.area(), block.start(), block.quantity());
        }
        if (reply instanceof Reply.Silence) {
            silences++;
            if (silences >= MAX_SILENCES) {
                state.error("timeout");
                throw new SocketTimeoutException("no answer to %d requests in a row, waited %d ms for each"
                        .formatted(silences, config.timeout().toMillis()));
            }
        } else {
            silences = 0;
            delays.reset();
            answers++;
        }
        return reply;
    }

    private ModbusConnection connected() throws IOException {
        ModbusConnection current = connection;
        if (current == null) {
            current = new ModbusConnection(config.timeout());
            connection = current;
            if (closed) {
                throw new IOException("stopped");
            }
            current.connect(config.host(), config.port());
        }
        return current;
    }

    private void drop(IOException e) {
        closeConnection();
        silences = 0;
        nextAttempt = System.nanoTime() + delays.next();
        downReason = (e instanceof ProtocolException ? "protocol: " : "connection: ") + describe(e);
        if (!closed) {
            state.error(e instanceof ProtocolException ? "protocol" : "connection");
        }
    }

    private String describe(IOException e) {
        if (e instanceof UnknownHostException) {
            return "host '%s' is not known".formatted(config.host());
        }
        if (e instanceof ConnectException || e instanceof SocketTimeoutException) {
            return "%s at %s".formatted(e.getMessage(), config.device());
        }
        return String.valueOf(e.getMessage());
    }

    private void closeConnection() {
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

    private void decode(Block block, ByteBuffer bytes) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (Point point : block.points()) {
            Value value = Values.decode(point, bytes, block.start());
            if (value instanceof Value.Real real && !Double.isFinite(real.value())) {
                fail(List.of(point), "value", "value: %s is not finite".formatted(real.value()));
            } else {
                book.read(point.row(), value, now);
            }
        }
    }

    private void fail(List<Point> failed, String error, String reason) {
        state.error(error);
        for (Point point : failed) {
            book.fail(point.row(), reason);
        }
    }

    /** Draws the poll's balance: what was not read has failed. */
    private void settle(boolean answered) {
        book.failTheRest(downReason);
        if (answered) {
            if (state.answered(book)) {
                plan.forget();
            }
        } else if (!closed) {
            String reason = book.failure(0);
            state.silent(connection == null || reason == null ? downReason : reason);
        }
    }
}
