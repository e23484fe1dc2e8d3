package io.streamforge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One simulated signal.
 *
 * @param asset null for the adapter's own
 * @param unit UCUM code where one exists, empty for none
 * @param lowest of the shape, below {@code highest}
 * @param period of sine, ramp and square, at least 1 ms; they begin at the epoch, so that a restart goes on where it would have been
 * @param step the largest of a walk
 * @param column of the replayed file
 * @param faultEvery from the begin of one fault to the begin of the next, counted from the epoch
 * @param faultFor how long a fault lasts
 * @param faultSize of a spike in the point's unit, of a latency in milliseconds
 */
record SimulatedPoint(
        String name,
        @Nullable String asset,
        String unit,
        Shape shape,
        double lowest,
        double highest,
        Duration period,
        double step,
        String column,
        Fault fault,
        Duration faultEvery,
        Duration faultFor,
        double faultSize) {

    private static final Set<String> FIELDS = Set.of(
            "name",
            "asset",
            "unit",
            "shape",
            "min",
            "max",
            "periodMs",
            "step",
            "column",
            "fault",
            "faultEveryMs",
            "faultForMs",
            "faultSize");

    /**
     * @param table as kamelets/simulator-source.points.schema.json describes it
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<SimulatedPoint> table(JsonNode table, SimulatorConfig config) {
        return TableRow.readAll("Simulator points", table, FIELDS, row -> point(row, config));
    }

    private static SimulatedPoint point(TableRow row, SimulatorConfig config) {
        String name = row.name();
        String column = row.text("column", "");
        Shape shape = row.choice("shape", Shape.values(), Shape::key).orElse(Shape.SINE);
        SimulatedPoint point = new SimulatedPoint(
                name,
                row.asset(),
                row.text("unit", ""),
                shape,
                row.decimal("min", BigDecimal.ZERO).doubleValue(),
                row.decimal("max", BigDecimal.valueOf(100)).doubleValue(),
                duration(row, "periodMs", 60_000),
                row.decimal("step", BigDecimal.ONE).doubleValue(),
                column.isBlank() ? name : column,
                row.choice("fault", Fault.values(), Fault::key).orElse(Fault.NONE),
                duration(row, "faultEveryMs", 60_000),
                duration(row, "faultForMs", 5_000),
                row.decimal("faultSize", BigDecimal.valueOf(100)).doubleValue());
        if (point.lowest() >= point.highest()) {
            row.error("min", "must be less than max, got %s and %s".formatted(point.lowest(), point.highest()));
        }
        if (shape == Shape.REPLAY && config.replayFile().isBlank()) {
            row.error("shape", "replay needs the option replayFile");
        }
        if (point.fault() == Fault.LATENCY && (point.faultSize() < 0 || point.faultSize() > 60_000)) {
            row.error("faultSize", "of a latency must be 0 to 60000 ms, got %s".formatted(point.faultSize()));
        }
        return point;
    }

    private static Duration duration(TableRow row, String field, int otherwise) {
        return Duration.ofMillis(row.whole(field, 1, 86_400_000).orElse(otherwise));
    }

    /** The fault that the point has at that time. */
    Fault faultAt(Instant time) {
        return fault != Fault.NONE && Math.floorMod(time.toEpochMilli(), faultEvery.toMillis()) < faultFor.toMillis()
                ? fault
                : Fault.NONE;
    }

    /** What a sine, ramp or square is at that time. */
    double valueAt(Instant time) {
        double phase = (double) Math.floorMod(time.toEpochMilli(), period.toMillis()) / period.toMillis();
        double share =
                switch (shape) {
                    case RAMP -> phase;
                    case SQUARE -> phase < 0.5 ? 1 : 0;
                    case SINE, WALK, REPLAY -> (1 + Math.sin(2 * Math.PI * phase)) / 2;
                };
        return lowest + share * (highest - lowest);
    }
}
