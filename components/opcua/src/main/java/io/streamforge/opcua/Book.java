package io.streamforge.opcua;

import io.streamforge.model.Classification;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * What each point is known to be, and what a server's values become.
 *
 * <p>A point that cannot be monitored, or whose connection is lost, yields one BAD sample without a value, and no more until a value of it comes. The
 * server's own BAD values are told each time they come, because the server reports changes only.
 */
final class Book {

    /** Between OPC UA's epoch, 1601, and Unix' (OPC 10000-6 §5.2.2.5). */
    private static final long EPOCH_SECONDS = 11_644_473_600L;

    private static final long TICKS_PER_SECOND = 10_000_000;

    /** How many points a summary names. */
    private static final int NAMED_POINTS = 3;

    private static final String OVERFLOW = "overflow";
    private static final String OVERFLOW_REASON =
            "overflow: values before this one were dropped from the server's queue";

    private final List<Point> points;
    private final @Nullable String[] failures;
    private final boolean[] lost;
    /** What was last told of the points whose changes are events; null before the first value. */
    private final @Nullable Value[] states;
    /** The device's time of the last value. */
    private final @Nullable Instant[] times;

    private final SortedMap<String, Long> errors = new TreeMap<>();
    private final Losses losses = new Losses();

    /** @param points all rows of the table; methods have no values */
    Book(List<Point> points) {
        this.points = points.stream().filter(point -> point.method() == null).toList();
        this.failures = new String[points.size()];
        this.lost = new boolean[points.size()];
        this.states = new Value[points.size()];
        this.times = new Instant[points.size()];
    }

    List<Point> points() {
        return points;
    }

    /**
     * A notification came.
     *
     * @param points by the handles of the values
     * @param types opens structures, where there are some; null where there are none
     * @param now the gateway's clock when the notification was there
     * @return what it becomes
     */
    List<Observation> values(DataChanges changes, Handles points, @Nullable Structures types, Instant now) {
        DataValue[] values = changes.values();
        @Nullable Object[] opened = new Object[types == null ? 0 : values.length];
        for (int i = 0; i < opened.length; i++) {
            opened[i] = Objects.requireNonNull(types).open(values[i].value().value());
        }
        List<Observation> seen = new ArrayList<>(values.length);
        synchronized (this) {
            for (int i = 0; i < values.length; i++) {
                Point point = points.point(changes.handles()[i]);
                if (point != null) {
                    take(point, values[i], types == null ? values[i].value().value() : opened[i], now, seen);
                }
            }
        }
        return seen;
    }

    /** A value of a point came. */
    void value(Point point, DataValue data, Structures types, Instant now, List<Observation> seen) {
        Object raw = types.open(data.value().value());
        synchronized (this) {
            take(point, data, raw, now, seen);
        }
    }

    private void take(Point point, DataValue data, @Nullable Object raw, Instant now, List<Observation> seen) {
        StatusCode status = data.statusCode();
        Quality quality = Codes.quality(status);
        Instant deviceTime = time(data);
        lost[point.row()] = false;
        times[point.row()] = deviceTime;
        if (quality == Quality.BAD) {
            String reason = Codes.text(status);
            count(reason);
            failures[point.row()] = reason;
            seen.add(sample(point, point.name(), null, quality, reason, deviceTime, now));
            return;
        }
        failures[point.row()] = null;
        String reason = quality == Quality.GOOD ? null : Codes.text(status);
        if (status.isOverflowSet()) {
            count(OVERFLOW);
            losses.add(Loss.DEVICE_QUEUE_OVERFLOW);
            quality = Quality.UNCERTAIN;
            reason = reason == null ? OVERFLOW_REASON : reason + "; " + OVERFLOW_REASON;
        }
        Value scalar = raw == null || !point.part().isEmpty() ? null : Parts.scalar(raw);
        if (scalar != null && !(scalar instanceof Value.Real real && !Double.isFinite(real.value()))) {
            seen.add(sample(point, point.name(), scalar, quality, reason, deviceTime, now));
            if (point.event()) {
                change(point, scalar, quality, deviceTime, now, seen);
            }
        } else {
            parts(point, raw, quality, reason, deviceTime, now, seen);
        }
    }

    /**
     * A point that was lost was read. If it has changed since the last value, by its own clock, the change is still to come from the server's queue, in
     * its order: then this says nothing, unless it came no more.
     *
     * @param overdue it should have come by now
     */
    void same(Point point, DataValue data, boolean overdue, Structures types, Instant now, List<Observation> seen) {
        Object raw = types.open(data.value().value());
        synchronized (this) {
            Instant before = times[point.row()];
            if (lost[point.row()]
                    && (overdue || data.sourceTime() == null || before == null || before.equals(time(data)))) {
                take(point, data, raw, now, seen);
            }
        }
    }

    private void parts(
            Point point,
            @Nullable Object raw,
            Quality quality,
            @Nullable String reason,
            @Nullable Instant deviceTime,
            Instant now,
            List<Observation> seen) {
        Parts.of(point.name(), point.part(), raw, (name, value, problem) -> {
            if (value != null) {
                seen.add(sample(point, name, value, quality, reason, deviceTime, now));
                if (point.event() && name.equals(point.name())) {
                    change(point, value, quality, deviceTime, now, seen);
                }
            } else {
                count("value");
                failures[point.row()] = problem;
                seen.add(sample(point, name, null, Quality.BAD, problem, deviceTime, now));
            }
        });
    }

    private void change(
            Point point,
            Value value,
            Quality quality,
            @Nullable Instant deviceTime,
            Instant now,
            List<Observation> seen) {
        Value before = states[point.row()];
        if (!value.equals(before)) {
            states[point.row()] = value;
            seen.add(new StateChange(null, point.asset(), point.name(), before, value, quality, deviceTime, now));
        }
    }

    /** These points have no values any more, or never had: a sample for each of which this was not yet said. */
    synchronized List<Observation> lose(List<Point> which, String reason, Instant now) {
        List<Observation> seen = new ArrayList<>();
        for (Point point : which) {
            failures[point.row()] = reason;
            if (!lost[point.row()]) {
                lost[point.row()] = true;
                seen.add(sample(point, point.name(), null, Quality.BAD, reason, null, now));
            }
        }
        return seen;
    }

    /** The points of which no value came since they were lost. */
    synchronized List<Point> lost() {
        return points.stream().filter(point -> lost[point.row()]).toList();
    }

    /** What of the server's values the stream will never have. */
    Losses losses() {
        return losses;
    }

    void count(String error) {
        count(error, 1);
    }

    synchronized void count(String error, long times) {
        errors.merge(error, times, Long::sum);
    }

    synchronized SortedMap<String, Long> errors() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(errors));
    }

    /** Which points are BAD, as a sentence that names the first few; empty if none is. */
    synchronized Optional<String> summary() {
        List<String> named = new ArrayList<>();
        int failed = 0;
        for (Point point : points) {
            String failure = failures[point.row()];
            if (failure != null) {
                failed++;
                if (named.size() < NAMED_POINTS) {
                    named.add(point.name() + " " + failure);
                }
            }
        }
        return failed == 0
                ? Optional.empty()
                : Optional.of("%d of %d points are BAD: %s%s"
                        .formatted(
                                failed, points.size(), String.join(", ", named), failed > named.size() ? ", …" : ""));
    }

    private static Sample sample(
            Point point,
            String name,
            @Nullable Value value,
            Quality quality,
            @Nullable String reason,
            @Nullable Instant deviceTime,
            Instant now) {
        return new Sample(
                point.asset(), name, value, point.unit(), Classification.TELEMETRY, quality, reason, deviceTime, now);
    }

    /** The source's time, or the server's where the source gave none; microseconds; null if neither did. */
    private static @Nullable Instant time(DataValue data) {
        DateTime time = data.sourceTime() != null ? data.sourceTime() : data.serverTime();
        return time == null ? null : instant(time);
    }

    /** Microseconds; null for no time. */
    static @Nullable Instant instant(DateTime time) {
        if (time.isNull()) {
            return null;
        }
        long ticks = time.utcTime();
        return Instant.ofEpochSecond(ticks / TICKS_PER_SECOND - EPOCH_SECONDS, ticks % TICKS_PER_SECOND / 10 * 1000);
    }
}
