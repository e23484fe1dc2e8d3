package io.streamforge.routes.uplink;

import io.streamforge.routes.runtime.GatewayHealth;
import io.streamforge.routes.runtime.ReplayStatus;
import io.streamforge.routes.runtime.RouteStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says of itself every five seconds.
 *
 * @param version of the gateway's software
 * @param planHash of the running plan, null before the first
 * @param runningRevision of the running plan, null before the first
 * @param desiredRevision seen last, running or rejected; null before the first
 * @param rejected the plan that was refused last, null when the last one runs
 * @param replays those that run and the last that ended
 * @param at the gateway's clock
 */
public record Heartbeat(
        String version,
        GatewayHealth health,
        @Nullable String planHash,
        @Nullable Long runningRevision,
        @Nullable Long desiredRevision,
        @Nullable Rejected rejected,
        List<RouteStatus> routes,
        List<ReplayStatus> replays,
        Stream stream,
        Instant at) {

    /** A plan that was tried and refused. */
    public record Rejected(String hash, long revision, String reason) {}

    /** @param brokers addresses, {@code host:port} with commas */
    public record Stream(String brokers, boolean up) {}
}
