package io.streamforge.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one tumbling event-time window of one signal amounts to. Its identity is {@code (gatewayId, assetId, parameter, resolution,
 * windowStart)}; of two with one identity the higher revision is right.
 *
 * @param resolution the window's length
 * @param windowStart inclusive, a multiple of the resolution since the epoch
 * @param windowEnd exclusive
 * @param statistics over the values that counted; null where none did
 * @param quality how many of which quality were seen
 * @param revision the highest input offset that contributed: rises with every correction, also across restarts
 */
public record Aggregate(
        String assetId,
        String parameter,
        String unit,
        Duration resolution,
        Instant windowStart,
        Instant windowEnd,
        @Nullable Statistics statistics,
        QualitySummary quality,
        long revision,
        Origin origin) {

    /**
     * Statistics of a window's numeric values.
     *
     * @param avg arithmetic mean
     * @param count how many values counted
     * @param stddev population standard deviation
     * @param first the earliest by event time
     * @param last the latest by event time
     */
    public record Statistics(
            double avg, double min, double max, long count, double stddev, double first, double last) {}

    /**
     * Counts by quality; BAD never arrives here.
     *
     * @param percentGood 100 × good ÷ all, 0 for an empty window
     */
    public record QualitySummary(long good, long suspect, long uncertain, double percentGood) {}
}
