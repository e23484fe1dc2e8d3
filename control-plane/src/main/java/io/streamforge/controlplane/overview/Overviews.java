package io.streamforge.controlplane.overview;

import io.streamforge.controlplane.gateway.Gateway;
import io.streamforge.controlplane.gateway.GatewayHealth;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.gateway.RouteState;
import io.streamforge.controlplane.gateway.RouteStatus;
import io.streamforge.controlplane.overview.Overview.GatewayFlow;
import io.streamforge.controlplane.overview.Overview.Totals;
import io.streamforge.controlplane.overview.Overview.WorstRoute;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Draws the overview from the gateways' last heartbeats. */
@Service
class Overviews {

    private final Gateways gateways;
    private final Clock clock;

    Overviews(Gateways gateways, Clock clock) {
        this.gateways = gateways;
        this.clock = clock;
    }

    Overview now() {
        List<GatewayFlow> flows = gateways.all().stream()
                .map(Overviews::flow)
                .sorted(Comparator.comparingInt((GatewayFlow flow) -> -severity(flow.health()))
                        .thenComparing(GatewayFlow::id))
                .toList();
        return new Overview(clock.instant(), flows, totals(flows));
    }

    static GatewayFlow flow(Gateway gateway) {
        // what was true before the silence is not shown as if it were true now
        List<RouteStatus> routes = gateway.health() == GatewayHealth.OFFLINE ? List.of() : gateway.routes();
        return new GatewayFlow(
                gateway.id(),
                gateway.name(),
                gateway.status(),
                gateway.health(),
                gateway.lastHeartbeatAt(),
                sum(routes, "adapter", RouteStatus::outPerS),
                sum(routes, "sink", RouteStatus::inPerS),
                (long) sum(routes, "sink", route -> route.lag() == null ? 0 : route.lag()),
                routes.stream()
                        .mapToDouble(route -> route.deadPerS() == null ? 0 : route.deadPerS())
                        .sum(),
                routes.size(),
                (int) routes.stream()
                        .filter(route -> route.state() == RouteState.RUNNING)
                        .count(),
                worst(routes),
                gateway.runningRevision(),
                gateway.desiredRevision());
    }

    private static double sum(List<RouteStatus> routes, String template, ToDoubleFunction<RouteStatus> figure) {
        return routes.stream()
                .filter(route ->
                        route.template().equals(template) || route.template().startsWith(template + "@"))
                .mapToDouble(figure)
                .sum();
    }

    private static @Nullable WorstRoute worst(List<RouteStatus> routes) {
        return routes.stream()
                .filter(route -> route.state() != RouteState.RUNNING)
                .max(Comparator.comparingInt((RouteStatus route) -> severity(route.state()))
                        .thenComparing(RouteStatus::since, Comparator.reverseOrder()))
                .map(route -> new WorstRoute(route.routeId(), route.state(), route.detail()))
                .orElse(null);
    }

    private static Totals totals(List<GatewayFlow> flows) {
        return new Totals(
                flows.size(),
                (int) flows.stream()
                        .filter(flow -> flow.health() == GatewayHealth.HEALTHY)
                        .count(),
                flows.stream().mapToDouble(GatewayFlow::inPerS).sum(),
                flows.stream().mapToDouble(GatewayFlow::outPerS).sum(),
                flows.stream().mapToLong(GatewayFlow::lag).sum(),
                flows.stream().mapToDouble(GatewayFlow::deadLettersPerS).sum());
    }

    private static int severity(GatewayHealth health) {
        return switch (health) {
            case HEALTHY -> 0;
            case DEGRADED -> 1;
            case UNHEALTHY -> 2;
            case OFFLINE -> 3;
            case FAILED -> 4;
        };
    }

    private static int severity(RouteState state) {
        return switch (state) {
            case RUNNING -> 0;
            case STARTING -> 1;
            case STOPPED -> 2;
            case DEGRADED -> 3;
            case FAILED -> 4;
        };
    }
}
