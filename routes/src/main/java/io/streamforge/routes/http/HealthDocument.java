package io.streamforge.routes.http;

import io.streamforge.routes.runtime.GatewayHealth;
import io.streamforge.routes.runtime.ReplayStatus;
import io.streamforge.routes.runtime.RouteStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /health} answers.
 *
 * @param gateway the gateway's id
 * @param version of its software
 * @param health on the whole
 * @param controlPlane information, never illness
 * @param plan what runs and what was refused
 * @param routes every planned route
 * @param replays those that run and the last that ended
 * @param notices what stands in the way of something, by subject
 */
public record HealthDocument(
        String gateway,
        String version,
        GatewayHealth health,
        Stream stream,
        ControlPlane controlPlane,
        Plan plan,
        List<RouteStatus> routes,
        List<ReplayStatus> replays,
        Map<String, String> notices,
        Instant at) {

    /** @param prepared whether topics and schemas are there */
    public record Stream(String brokers, boolean up, boolean prepared) {}

    /** @param state {@code none}, {@code reachable} or {@code unreachable} */
    public record ControlPlane(String state) {}

    /** Revisions and hashes; null before the first plan. */
    public record Plan(
            @Nullable Long runningRevision,
            @Nullable String hash,
            @Nullable Long desiredRevision,
            @Nullable Rejected rejected) {}

    /** A plan that was tried and refused. */
    public record Rejected(String hash, long revision, String reason) {}
}
