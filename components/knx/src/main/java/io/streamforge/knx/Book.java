package io.streamforge.knx;

import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each point is known to be, and what telegrams become. A point that begins to fail yields one BAD sample without a value, and no more until a
 * value of it comes. Confined to one thread.
 */
final class Book {

    /** How many points a summary names. */
    private static final int NAMED_POINTS = 3;

    private final List<Point> points;
    private final @Nullable String[] failures;
    private final boolean[] told;
    /** What was last told of the points whose changes are events; null before the first value. */
    private final @Nullable Value[] states;

    private int failed;

    /** @param points in the table's order */
    Book(List<Point> points) {
        this.points = points;
        this.failures = new String[points.size()];
        this.told = new boolean[points.size()];
        this.states = new Value[points.size()];
    }

    /** A telegram with a value of the point came: what it becomes. */
    List<Observation> value(Point point, Payload payload, Instant now) {
        Value value;
        try {
            value = point.type().decode(payload);
        } catch (IllegalArgumentException e) {
            return fail(point, "value: " + e.getMessage(), now);
        }
        clear(point);
        told[point.row()] = false;
        List<Observation> seen = new ArrayList<>(1);
        seen.add(sample(point, value, Quality.GOOD, null, now));
        Value before = states[point.row()];
        if (point.event() && !value.equals(before)) {
            states[point.row()] = value;
            seen.add(new StateChange(null, point.asset(), point.name(), before, value, Quality.GOOD, null, now));
        }
        return seen;
    }

    /** Nothing is known of the point any more: a sample, if that was not yet said. */
    List<Observation> fail(Point point, String reason, Instant now) {
        if (failures[point.row()] == null) {
            failed++;
        }
        failures[point.row()] = reason;
        if (told[point.row()]) {
            return List.of();
        }
        told[point.row()] = true;
        return List.of(sample(point, null, Quality.BAD, reason, now));
    }

    /** It is not the point's fault any longer that nothing is known of it. */
    void clear(Point point) {
        if (failures[point.row()] != null) {
            failed--;
            failures[point.row()] = null;
        }
    }

    boolean failed(Point point) {
        return failures[point.row()] != null;
    }

    /** Which points are BAD, as a sentence that names the first few; null if none is. */
    @Nullable
    String summary() {
        if (failed == 0) {
            return null;
        }
        List<String> named = new ArrayList<>();
        for (Point point : points) {
            String failure = failures[point.row()];
            if (failure != null && named.size() < NAMED_POINTS) {
                named.add("%s (%s) %s".formatted(point.name(), point.group(), failure));
            }
        }
        return "%d of %d points are BAD: %s%s"
                .formatted(failed, points.size(), String.join(", ", named), failed > named.size() ? ", …" : "");
    }

    static Sample sample(Point point, @Nullable Value value, Quality quality, @Nullable String reason, Instant now) {
        return new Sample(
                point.asset(), point.name(), value, point.unit(), Classification.TELEMETRY, quality, reason, null, now);
    }
}
