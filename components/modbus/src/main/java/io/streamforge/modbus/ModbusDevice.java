package io.streamforge.modbus;

import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Classification;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.io.Closeable;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device with its points and its only connection, which lives and dies here: opened when a poll needs it, dropped when it breaks or falls
 * silent, opened again after a growing delay.
 *
 * <p>A point that begins to fail yields one BAD sample without a value, and no more until it is read again; whoever takes the samples confirms
 * them, so that a beginning is told again if it got lost on the way.
 *
 * <p>Confined to the poll's thread but for {@link #close}, {@link #fault} and {@link #counters}.
 */
final class ModbusDevice implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ModbusDevice.class);

    /** So many requests in a row without an answer cost the connection. */
    private static final int MAX_SILENCES = 3;

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    /** How many points a fault's sentence names. */
    private static final int NAMED_POINTS = 3;

    /** How well the device is doing; the order goes from best to worst. */
    private enum State {
        UNKNOWN,
        UP,
        PARTLY,
        DOWN
    }

    private final ModbusConfig config;
    private final List<Point> points;
    private final Clock clock;
    private final BlockPlan plan;

    private final @Nullable Value[] values;
    private final @Nullable Instant[] times;
    private final @Nullable String[] failures;
    private final boolean[] told;
    /** What was last told of the points whose changes are events; kept while they fail, null before the first read. */
    private final @Nullable Value[] states;

    private final SortedMap<String, Long> errors = new TreeMap<>();

    private volatile @Nullable ModbusConnection connection;
    private volatile boolean closed;
    private volatile @Nullable String fault;
    private volatile Counters counters = new Counters(0, 0, 0, 0, Collections.emptySortedMap());
    private State state = State.UNKNOWN;
    private long polls;
    private long failedPolls;
    private long failedInARow;
    private int answers;
    private int silences;
    private int failedAttempts;
    private long nextAttempt = System.nanoTime();
    private String downReason = "";

    /**
     * @param clock stamps each answer
     */
    ModbusDevice(ModbusConfig config, List<Point> points, Clock clock) {
        this.config = config;
        this.points = points;
        this.clock = clock;
        this.plan = new BlockPlan(points, config.maxGap(), config.maxBlock());
        this.values = new Value[points.size()];
        this.times = new Instant[points.size()];
        this.failures = new String[points.size()];
        this.told = new boolean[points.size()];
        this.states = new Value[points.size()];
    }

    /**
     * Reads every point once; opens the connection first if need be and if it is time to.
     *
     * @return a sample per point that was read or begins to fail, in the table's order; empty while everything stays failed
     */
    List<Sample> poll() {
        polls++;
        answers = 0;
        for (Point point : points) {
            values[point.row()] = null;
            failures[point.row()] = null;
        }
        plan.refused().forEach((point, reason) -> failures[point.row()] = reason);
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
        return samples();
    }

    /** What the last poll found changed, or for the first time, of the points whose changes are events. */
    List<StateChange> changes() {
        List<StateChange> changes = new ArrayList<>();
        for (Point point : points) {
            Value value = values[point.row()];
            Value state = states[point.row()];
            Instant time = times[point.row()];
            if (point.event() && value != null && time != null && !value.equals(state)) {
                changes.add(new StateChange(null, point.asset(), point.name(), state, value, Quality.GOOD, null, time));
            }
        }
        return changes;
    }

    /** The consumer's promise that what the last poll returned, and its changes, have reached the stream. */
    void confirm() {
        for (int row = 0; row < told.length; row++) {
            told[row] = failures[row] != null;
            Value value = values[row];
            if (value != null) {
                states[row] = value;
            }
        }
    }

    /** When {@link #connect} is next worth calling, by {@link System#nanoTime}; empty while there is a connection. */
    Optional<Long> nextAttempt() {
        return connection == null ? Optional.of(nextAttempt) : Optional.empty();
    }

    /** Tries to open the connection, so that it stands when the next poll is due. */
    void connect() {
        try {
            connected();
        } catch (IOException e) {
            drop(e);
        }
    }

    /** Why not every point is read, as a sentence; empty if all are. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Counts so far; those of the consumer are 0. */
    Counters counters() {
        return counters;
    }

    /** Ends a blocked call at once and lets no other begin. */
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
                count("timeout");
                throw new SocketTimeoutException("no answer to %d requests in a row, waited %d ms for each"
                        .formatted(silences, config.timeout().toMillis()));
            }
        } else {
            silences = 0;
            failedAttempts = 0;
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
        failedAttempts++;
        long cap = config.reconnectMaxDelay().toNanos();
        long delay = Math.min(cap, FIRST_DELAY.toNanos() << Math.min(failedAttempts - 1, 30));
        nextAttempt =
                System.nanoTime() + delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2);
        downReason = (e instanceof ProtocolException ? "protocol: " : "connection: ") + describe(e);
        if (!closed) {
            count(e instanceof ProtocolException ? "protocol" : "connection");
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
                failures[point.row()] = null;
                values[point.row()] = value;
                times[point.row()] = now;
            }
        }
    }

    private void fail(List<Point> failed, String error, String reason) {
        count(error);
        for (Point point : failed) {
            failures[point.row()] = reason;
        }
    }

    private void count(String error) {
        errors.merge(error, 1L, Long::sum);
    }

    /** Draws the poll's balance: what was not read has failed, and a change for the worse or the better is logged once. */
    private void settle(boolean answered) {
        int bad = 0;
        List<String> named = new ArrayList<>();
        for (Point point : points) {
            int row = point.row();
            if (values[row] == null) {
                String reason = failures[row];
                if (reason == null) {
                    reason = downReason;
                    failures[row] = reason;
                }
                bad++;
                if (named.size() < NAMED_POINTS) {
                    named.add(point.name() + " " + reason);
                }
            }
        }
        State before = state;
        if (!answered) {
            state = State.DOWN;
            failedPolls++;
            failedInARow++;
            String reason = failures[0];
            fault = connection == null || reason == null ? downReason : reason;
        } else if (bad > 0) {
            state = State.PARTLY;
            fault = "%d of %d points are BAD: %s%s"
                    .formatted(bad, points.size(), String.join(", ", named), bad > named.size() ? ", …" : "");
        } else {
            state = State.UP;
            fault = null;
        }
        log(before);
        if (before == State.DOWN && state != State.DOWN) {
            failedInARow = 0;
            plan.forget();
        }
        counters = new Counters(polls, failedPolls, 0, 0, Collections.unmodifiableSortedMap(new TreeMap<>(errors)));
    }

    private void log(State before) {
        if (closed || state == before) {
            return;
        }
        if (state.compareTo(before) > 0 && state != State.UP) {
            LOG.atWarn()
                    .addKeyValue("address", config.device())
                    .addKeyValue("reason", fault)
                    .log(state == State.DOWN ? "Modbus device is down" : "Modbus points cannot be read");
        } else {
            LOG.atInfo()
                    .addKeyValue("address", config.device())
                    .addKeyValue("count", failedInARow)
                    .log(
                            state == State.UP
                                    ? "Modbus device is up, every point is read"
                                    : "Modbus device answers again, not for all points");
        }
    }

    private List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(points.size());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (Point point : points) {
            int row = point.row();
            Value value = values[row];
            Instant time = times[row];
            if (value != null && time != null) {
                told[row] = false;
                samples.add(sample(point, value, Quality.GOOD, null, time));
            } else if (!told[row]) {
                samples.add(sample(point, null, Quality.BAD, failures[row], now));
            }
        }
        return samples;
    }

    private static Sample sample(
            Point point, @Nullable Value value, Quality quality, @Nullable String reason, Instant gatewayTime) {
        return new Sample(
                point.asset(),
                point.name(),
                value,
                point.unit(),
                Classification.TELEMETRY,
                quality,
                reason,
                null,
                gatewayTime);
    }
}
