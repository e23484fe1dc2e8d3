package io.streamforge.it.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What the figures of a bench must keep to. They are checked after the line is out: a missed limit is a result, too. */
public final class Limits {

    /** A bench ran to its end, and a figure of it is beyond its limit. */
    public static final class MissedException extends Exception {
        MissedException(String message) {
            super(message);
        }
    }

    private final ObjectNode line;
    private final List<String> missed = new ArrayList<>();

    /** @param line figures by their names */
    public Limits(ObjectNode line) {
        this.line = line;
    }

    public Limits atLeast(String figure, double floor) {
        double value = line.path(figure).asDouble(Double.NaN);
        if (!(value >= floor)) {
            missed.add("%s must be at least %s, got %s".formatted(figure, floor, value));
        }
        return this;
    }

    public Limits atMost(String figure, double ceiling) {
        double value = line.path(figure).asDouble(Double.NaN);
        if (!(value <= ceiling)) {
            missed.add("%s must be at most %s, got %s".formatted(figure, ceiling, value));
        }
        return this;
    }

    /** @throws MissedException naming every limit that was missed */
    public void check() throws MissedException {
        if (!missed.isEmpty()) {
            throw new MissedException(
                    "Bench '%s': %s.".formatted(line.path("bench").asText(), String.join("; ", missed)));
        }
    }
}
