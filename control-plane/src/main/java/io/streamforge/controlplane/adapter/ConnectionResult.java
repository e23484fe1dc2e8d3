package io.streamforge.controlplane.adapter;

import io.streamforge.controlplane.gateway.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a gateway found when it tried a connection.
 *
 * @param connectMs how long the connection took
 * @param points one entry per point, in the order asked
 */
public record ConnectionResult(long connectMs, List<PointResult> points) {

    /**
     * One point, read once.
     *
     * @param place where the protocol finds it, null where its row says so
     * @param value scaled, as it would be stored; null when it could not be read
     * @param reason why the quality is not GOOD
     */
    public record PointResult(
            String name,
            @Nullable String place,
            @Nullable JsonNode value,
            @Nullable String unit,
            Quality quality,
            @Nullable String reason) {}
}
