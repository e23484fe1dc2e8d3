package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.gateway.Quality;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tag's past, read from the gateway's stream.
 *
 * @param points by time
 */
record History(
        String gatewayId,
        String assetId,
        String parameter,
        @Nullable String unit,
        List<HistoryPoint> points) {

    /**
     * One value, or one bucket of values where there were more than could be shown.
     *
     * @param time of the value, or of the bucket's start
     * @param value the value, or the bucket's average; null for a gap or for what is not a number
     * @param min least of the bucket, null where the point is one value
     * @param max greatest of the bucket, null where the point is one value
     * @param quality the worst of the bucket
     */
    record HistoryPoint(
            Instant time,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            Quality quality) {}
}
