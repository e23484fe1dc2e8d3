package io.streamforge.simulator;

import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.PointBook;
import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes up what its points are at each poll, and lets go wrong what is to. Its clock is the gateway's. */
final class SimulatedDevice implements PolledDevice {

    private final List<SimulatedPoint> points;
    private final Clock clock;
    private final PointBook book;
    private final DeviceState state;
    private final @Nullable Replay replay;
    private final Random[] chance;
    private final double[] walks;
    /** What a point was last, to be repeated while it is stale. */
    private final @Nullable Value[] values;

    private final @Nullable Instant[] times;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean odd;

    SimulatedDevice(SimulatorConfig config, List<SimulatedPoint> points, Clock clock) {
        this.points = points;
        this.clock = clock;
        this.book = new PointBook(points, point -> new Signal(point.name(), point.asset(), point.unit(), false));
        this.state = new DeviceState("Simulator", config.name());
        this.replay = config.replayFile().isBlank() ? null : new Replay(Path.of(config.replayFile()));
        this.chance = new Random[points.size()];
        this.walks = new double[points.size()];
        this.values = new Value[points.size()];
        this.times = new Instant[points.size()];
        for (int row = 0; row < walks.length; row++) {
            SimulatedPoint point = points.get(row);
            chance[row] = new Random(config.seed() * 31 + point.name().hashCode());
            walks[row] = (point.lowest() + point.highest()) / 2;
        }
    }

    @Override
    public List<Observation> poll() throws InterruptedException {
        Instant asked = now();
        long latency = 0;
        SimulatedPoint away = null;
        for (SimulatedPoint point : points) {
            Fault fault = point.faultAt(asked);
            if (fault == Fault.LATENCY) {
                latency += Math.round(point.faultSize());
            } else if (fault == Fault.DISCONNECT) {
                away = point;
            }
        }
        if (latency > 0 && closed.await(latency, TimeUnit.MILLISECONDS)) {
            return List.of();
        }
        Instant answered = now();
        book.begin();
        odd = !odd;
        if (away != null) {
            String reason = "connection: away, as '%s' wants it".formatted(away.name());
            book.failTheRest(reason);
            state.error("connection");
            state.silent(book, reason);
        } else {
            String noReplay = nextLine();
            for (int row = 0; row < walks.length; row++) {
                read(row, answered, noReplay);
            }
            state.answered(book);
        }
        return book.observations(answered);
    }

    /** Why there is no line to replay, null if there is one or none is needed. */
    private @Nullable String nextLine() {
        if (replay == null) {
            return null;
        }
        try {
            replay.next();
            return null;
        } catch (IOException e) {
            return "replay: " + e.getMessage();
        }
    }

    private void read(int row, Instant now, @Nullable String noReplay) {
        SimulatedPoint point = points.get(row);
        Fault fault = point.faultAt(now);
        Value last = values[row];
        Value value;
        try {
            value = fault == Fault.STALE && last != null ? last : value(row, point, now, noReplay);
        } catch (IOException e) {
            fail(row, String.valueOf(e.getMessage()));
            return;
        }
        Instant time = fault == Fault.STALE && times[row] != null ? times[row] : now;
        values[row] = value;
        times[row] = time;
        if (fault == Fault.NAN) {
            fail(row, "value: NaN is not finite");
        } else if (fault == Fault.FLAP && odd) {
            fail(row, "flap: does not answer every other time");
        } else {
            Value told = fault == Fault.SPIKE ? spiked(value, point.faultSize()) : value;
            book.read(row, told, Quality.GOOD, null, time, now);
        }
    }

    /** Off by so much; what is whole stays so, and what is no number has no spikes. */
    private static Value spiked(Value value, double size) {
        if (value instanceof Value.Real real) {
            return new Value.Real(real.value() + size);
        }
        return value instanceof Value.Whole whole ? new Value.Whole(whole.value() + Math.round(size)) : value;
    }

    private void fail(int row, String reason) {
        state.error(reason.substring(0, reason.indexOf(':')));
        book.fail(row, reason);
    }

    private Value value(int row, SimulatedPoint point, Instant now, @Nullable String noReplay) throws IOException {
        return switch (point.shape()) {
            case SINE, RAMP, SQUARE -> new Value.Real(point.valueAt(now));
            case WALK -> {
                double step = (chance[row].nextDouble() * 2 - 1) * point.step();
                walks[row] = Math.max(point.lowest(), Math.min(point.highest(), walks[row] + step));
                yield new Value.Real(walks[row]);
            }
            case REPLAY -> {
                if (noReplay != null || replay == null) {
                    throw new IOException(noReplay);
                }
                String cell;
                try {
                    cell = replay.cell(point.column());
                } catch (IOException e) {
                    throw new IOException("replay: " + e.getMessage(), e);
                }
                Optional<Value> value = Scalars.value(cell);
                yield value.orElseThrow(() -> new IOException(
                        "value: the line's '%s' is %s".formatted(point.column(), cell.isBlank() ? "empty" : cell)));
            }
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void confirm() {
        book.confirm();
    }

    @Override
    public DeviceState state() {
        return state;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
