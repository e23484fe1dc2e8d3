package io.streamforge.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * @param gaps how many gap markers (readings without a value) were seen; they are among the uncertain
 * @param states over the flags and texts that counted; null where none did, except that a window of nothing but gap markers has them too
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
        Origin origin,
        long gaps,
        @Nullable States states) {

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

    /**
     * How a window's flags and texts followed each other. A state holds from its reading to the next reading, a gap marker or the window's end.
     *
     * @param last the latest by event time, null where none counted
     * @param count how many flags and texts counted
     * @param leadMicros microseconds from the window's start to its first reading or gap marker: what was then is not known from this window
     * @param open whether the last state still held at the window's end
     * @param times the longest held first
     */
    public record States(@Nullable Value last, long count, long leadMicros, boolean open, List<StateTime> times) {

        public States {
            times = List.copyOf(times);
        }
    }

    /**
     * What one state amounts to.
     *
     * @param state the text, or {@code true} or {@code false}; null stands for all that are not listed by name
     * @param count how many readings said so
     * @param micros for how long it held, in microseconds
     */
    public record StateTime(@Nullable String state, long count, long micros) {}
}
