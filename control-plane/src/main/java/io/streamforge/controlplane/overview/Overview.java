package io.streamforge.controlplane.overview;

import io.streamforge.controlplane.gateway.GatewayHealth;
import io.streamforge.controlplane.gateway.GatewayStatus;
import io.streamforge.controlplane.gateway.RouteState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All gateways with their flow, the worst first. */
record Overview(Instant at, List<GatewayFlow> gateways, Totals totals) {

    /**
     * One gateway.
     *
     * @param inPerS readings its adapters put into the stream, per second
     * @param outPerS records its sinks delivered, per second
     * @param lag records its sinks have yet to deliver
     * @param deadLettersPerS records that went to the dead letters, per second
     * @param worstRoute the route in the worst state, null when all run
     * @param runningRevision what it says it runs
     * @param desiredRevision what it should run
     */
    record GatewayFlow(
            String id,
            String name,
            GatewayStatus status,
            GatewayHealth health,
            @Nullable Instant lastHeartbeatAt,
            double inPerS,
            double outPerS,
            long lag,
            double deadLettersPerS,
            int routes,
            int routesRunning,
            @Nullable WorstRoute worstRoute,
            @Nullable Integer runningRevision,
            @Nullable Integer desiredRevision) {}

    /** The route to look at first. */
    record WorstRoute(
            String routeId, RouteState state, @Nullable String detail) {}

    /** Sums over all gateways that are not offline. */
    record Totals(int gateways, int healthy, double inPerS, double outPerS, long lag, double deadLettersPerS) {}
}
