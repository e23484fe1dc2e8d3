package io.streamforge.aggregate;

import io.streamforge.model.Quality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one aggregator was asked to do.
 *
 * @param stage the route's id, as dead letters name it
 * @param gatewayId the gateway's id, for dead letters of what cannot be read
 * @param resolution the windows' length
 * @param allowedLateness how far event time must have passed a window's end before it is given out
 * @param held for how long after its end, in event time, a window can still be corrected; later readings are counted, not aggregated
 * @param worstCounted the worst quality whose values count: GOOD, SUSPECT or UNCERTAIN
 */
public record Settings(
        String stage,
        String gatewayId,
        Duration resolution,
        Duration allowedLateness,
        Duration held,
        Quality worstCounted) {

    public Settings {
        List<String> mistakes = new ArrayList<>();
        if (resolution.compareTo(Duration.ofMillis(1)) < 0) {
            mistakes.add("resolutionMs must be at least 1, got %d".formatted(resolution.toMillis()));
        }
        if (allowedLateness.isNegative()) {
            mistakes.add("allowedLatenessMs must be at least 0, got %d".formatted(allowedLateness.toMillis()));
        }
        if (held.compareTo(allowedLateness) < 0) {
            mistakes.add("heldMs must be at least allowedLatenessMs (%d), got %d"
                    .formatted(allowedLateness.toMillis(), held.toMillis()));
        }
        if (worstCounted == Quality.BAD) {
            mistakes.add("worstCounted must be GOOD, SUSPECT or UNCERTAIN, got BAD");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("Aggregator '%s': %s.".formatted(stage, String.join("; ", mistakes)));
        }
    }
}
