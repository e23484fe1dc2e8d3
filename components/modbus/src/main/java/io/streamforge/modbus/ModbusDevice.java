package io.streamforge.modbus;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.PointBook;
import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The units behind one connection with their points. The connection is dropped when it breaks or when nobody answers on it any more, and opened again
 * after a growing delay. A unit that falls silent alone is left alone for a growing delay, so that it costs the others little of their time.
 *
 * <p>Reads and writes of single points come from other threads, which take turns with the poll in the {@link Conversation}.
 */
final class ModbusDevice implements PolledDevice, PointWriter {

    /** So many requests in a row without an answer make a unit silent. */
    private static final int MAX_SILENCES = 3;

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private final ModbusConfig config;
    private final List<Point> points;
    private final Clock clock;
    private final List<Unit> units;

    private final PointBook book;
    private final DeviceState state;
    private final Conversation conversation;
    private final Backoff delays;
    private int answers;
    private int silences;
    private long nextAttempt = System.nanoTime();
    private String downReason = "";

    /**
     * @param points in the table's order
     * @param clock stamps each answer
     */
    ModbusDevice(ModbusConfig config, List<Point> points, Clock clock) {
        this.config = config;
        this.points = points;
        this.clock = clock;
        this.units = points.stream()
                .map(Point::unitId)
                .distinct()
                .map(unitId -> new Unit(
                        unitId,
                        points.stream()
                                .filter(point -> point.unitId() == unitId)
                                .toList()))
                .toList();
        this.book = new PointBook(
                points, point -> new Signal(point.name(), point.asset(), point.unit(), point.event(), point.place()));
        Pace pace = new Pace(config.pause(), config.ceiling());
        this.state = new DeviceState("Modbus", config.device(), pace);
        this.conversation = new Conversation(config, pace, state);
        this.delays = new Backoff(FIRST_DELAY, config.reconnectMaxDelay());
    }

    @Override
    public List<Observation> poll() {
        answers = 0;
        silences = 0;
        book.begin();
        boolean whole = false;
        try {
            if (conversation.isOpen() || System.nanoTime() - nextAttempt >= 0) {
                for (Unit unit : units) {
                    unit.readAll();
                }
                if (answers == 0 && units.stream().anyMatch(Unit::silent)) {
                    throw new SocketTimeoutException("no answer to %d requests in a row, waited %d ms for each"
                            .formatted(
                                    units.stream()
                                            .mapToInt(unit -> unit.silences)
                                            .sum(),
                                    config.timeout().toMillis()));
                }
                whole = true;
            }
        } catch (IOException e) {
            drop(e);
        }
        conversation.giveUp();
        settle(whole
                && (answers > 0
                        || units.stream().allMatch(unit -> unit.plan.blocks().isEmpty())));
        return book.observations(now());
    }

    @Override
    public boolean asksAhead() {
        return config.transport() instanceof Transport.Tcp;
    }

    @Override
    public void askAhead() {
        Unit first = units.get(0);
        if (!first.resting && !first.plan.blocks().isEmpty()) {
            conversation.askAhead(first.id, first.plan.blocks().get(0).request());
        }
    }

    @Override
    public boolean hasAnswer() {
        return conversation.hasAnswer();
    }

    @Override
    public void confirm() {
        book.confirm();
    }

    @Override
    public OptionalLong nextAttempt() {
        return conversation.isOpen() ? OptionalLong.empty() : OptionalLong.of(nextAttempt);
    }

    @Override
    public void connect() {
        try {
            conversation.open();
        } catch (IOException e) {
            drop(e);
        }
    }

    @Override
    public DeviceState state() {
        return state;
    }

    @Override
    public void close() {
        conversation.close();
    }

    @Override
    public List<Sample> read(List<Integer> rows) {
        List<Sample> samples = new ArrayList<>();
        for (int row : rows) {
            samples.add(read(points.get(row)));
        }
        return samples;
    }

    @Override
    public Value write(int row, Value value) throws IOException {
        Point point = points.get(row);
        ByteBuffer registers = Values.encode(point, value);
        Reply reply = new Reply.Silence();
        for (Request request : Writes.requests(point, registers)) {
            reply = conversation.exchangeOnce(point.unitId(), request);
            if (!(reply instanceof Reply.Refusal refusal && refusal.aboutFunction())) {
                break;
            }
        }
        if (!(reply instanceof Reply.Data)) {
            throw new IOException(reason(reply));
        }
        Value held = Values.decode(point, Writes.asRead(point, registers), point.address());
        return held == null ? value : held;
    }

    private Sample read(Point point) {
        String reason;
        try {
            Reply reply = conversation.exchange(
                    point.unitId(), Block.of(List.of(point)).request());
            if (reply instanceof Reply.Data data) {
                Value value = Values.decode(point, data.bytes(), point.address());
                if (value != null) {
                    return sample(point, value, Quality.GOOD, null);
                }
                reason = "value: " + Values.flaw(point, data.bytes(), point.address());
            } else {
                reason = reason(reply);
            }
        } catch (IOException e) {
            reason = reason(e);
        }
        return sample(point, null, Quality.BAD, reason);
    }

    private Sample sample(Point point, @Nullable Value value, Quality quality, @Nullable String reason) {
        return new Sample(
                point.asset(),
                point.name(),
                value,
                point.unit(),
                Classification.TELEMETRY,
                quality,
                reason,
                null,
                now());
    }

    /** One unit behind the connection. Confined to the poll's thread. */
    private final class Unit {

        private final int id;
        private final List<Point> points;
        private final BlockPlan plan;
        private final Backoff rests = new Backoff(FIRST_DELAY, config.reconnectMaxDelay());
        private int silences;
        private boolean resting;
        private long restUntil;
        private String restReason = "";

        Unit(int id, List<Point> points) {
            this.id = id;
            this.points = points;
            this.plan = new BlockPlan(points, config.maxGap(), config.maxBlock());
        }

        private boolean silent() {
            return resting;
        }

        private void readAll() throws IOException {
            plan.refused().forEach((point, reason) -> book.fail(point.row(), reason));
            Optional<Point> due = plan.due(System.nanoTime());
            for (Block block : plan.blocks()) {
                if (resting && System.nanoTime() - restUntil < 0) {
                    failTheRest();
                    return;
                }
                read(block);
            }
            if (due.isPresent() && !resting) {
                Point point = due.get();
                if (read(Block.of(List.of(point)))) {
                    plan.accept(point, System.nanoTime());
                }
            }
        }

        private void failTheRest() {
            for (Point point : points) {
                if (!book.isRead(point.row()) && book.failure(point.row()) == null) {
                    book.fail(point.row(), restReason);
                }
            }
        }

        /** Reads a block, in halves if the unit refuses it whole; true if every point of it was answered. */
        private boolean read(Block block) throws IOException {
            Reply reply = conversation.answer(id, block.request());
            note(reply);
            if (reply instanceof Reply.Data data) {
                decode(block, data.bytes());
                return true;
            }
            String reason = reason(reply);
            if (reply instanceof Reply.Refusal refusal && refusal.aboutAddresses()) {
                if (block.points().size() > 1) {
                    boolean first = read(block.firstHalf());
                    boolean second = read(block.secondHalf());
                    if (first && second) {
                        plan.separateAt(block.secondHalf());
                    }
                    return first && second;
                }
                plan.refuse(block.points().get(0), reason, System.nanoTime());
            }
            state.error(reply.code());
            block.points().forEach(point -> book.fail(point.row(), reason));
            return false;
        }

        /** Learns from an answer, or the lack of one, how the unit is; a gateway's word that it is away counts as silence. */
        private void note(Reply reply) {
            boolean nobody = reply instanceof Reply.Silence || reply instanceof Reply.Garbled;
            if (nobody) {
                ModbusDevice.this.silences++;
            } else {
                answers++;
                delays.reset();
            }
            if (nobody || reply instanceof Reply.Refusal refusal && refusal.unitAway()) {
                silences++;
                // While nobody at all has answered, one question to each further unit is enough to know that the line
                // is dead.
                boolean lineIsDead = answers == 0 && ModbusDevice.this.silences >= MAX_SILENCES;
                if (silences >= MAX_SILENCES || lineIsDead) {
                    resting = true;
                    restUntil = System.nanoTime() + rests.next();
                    restReason = reason(reply);
                }
            } else {
                silences = 0;
                if (resting) {
                    resting = false;
                    rests.reset();
                    plan.forget();
                }
            }
        }

        private void decode(Block block, ByteBuffer bytes) {
            Instant now = now();
            for (Point point : block.points()) {
                Value value = Values.decode(point, bytes, block.start());
                if (value == null) {
                    state.error("value");
                    book.fail(point.row(), "value: " + Values.flaw(point, bytes, block.start()));
                } else {
                    book.read(point.row(), value, now);
                }
            }
        }

        /** The connection was dropped: whatever was learned of its silence was the connection's. */
        private void wake() {
            silences = 0;
            resting = false;
        }
    }

    private String reason(Reply reply) {
        if (reply instanceof Reply.Refusal) {
            return reply.code();
        }
        return reply instanceof Reply.Garbled
                ? "checksum: no intact answer within %d ms"
                        .formatted(config.timeout().toMillis())
                : "timeout: no answer within %d ms".formatted(config.timeout().toMillis());
    }

    private void drop(IOException e) {
        conversation.drop();
        units.forEach(Unit::wake);
        nextAttempt = System.nanoTime() + delays.next();
        downReason = reason(e);
        if (!conversation.isClosed()) {
            state.error(e instanceof ProtocolException ? "protocol" : "connection");
        }
    }

    private String reason(IOException e) {
        return (e instanceof ProtocolException ? "protocol: " : "connection: ") + describe(e);
    }

    private String describe(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host of %s is not known".formatted(config.device());
        }
        if (e instanceof ConnectException || e instanceof SocketTimeoutException) {
            return "%s at %s".formatted(e.getMessage(), config.device());
        }
        return String.valueOf(e.getMessage());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Draws the poll's balance: what was not read has failed. */
    private void settle(boolean answered) {
        book.failTheRest(downReason);
        if (answered) {
            if (state.answered(book)) {
                units.forEach(unit -> unit.plan.forget());
            }
        } else if (!conversation.isClosed()) {
            String reason = book.failure(0);
            state.silent(book, !conversation.isOpen() || reason == null ? downReason : reason);
        }
    }
}
