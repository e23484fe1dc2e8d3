package io.streamforge.routes.runtime;

import java.util.List;

/** How a gateway does on the whole. */
public enum GatewayHealth {
    HEALTHY,
    /** A route that others do not depend on is not as it should be. */
    DEGRADED,
    /** The stream or a route that others depend on is not as it should be. */
    UNHEALTHY,
    /** The restarts of a route that others depend on are used up. */
    FAILED;

    /** The stage that everything behind it depends on. */
    private static final String CRITICAL_TEMPLATE = "validate";

    /** The worst that the routes and the stream give. A route that still starts is as it should be. */
    public static GatewayHealth of(List<RouteStatus> routes, boolean streamUp) {
        GatewayHealth worst = streamUp ? HEALTHY : UNHEALTHY;
        for (RouteStatus route : routes) {
            boolean critical = route.template().equals(CRITICAL_TEMPLATE);
            GatewayHealth health =
                    switch (route.state()) {
                        case STARTING, RUNNING -> HEALTHY;
                        case DEGRADED, STOPPED -> critical ? UNHEALTHY : DEGRADED;
                        case FAILED -> critical ? FAILED : DEGRADED;
                    };
            worst = health.compareTo(worst) > 0 ? health : worst;
        }
        return worst;
    }
}
