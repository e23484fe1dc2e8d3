package io.streamforge.routes.plan;

import java.util.List;

/**
 * Everything one gateway is asked to run, compiled from one deployment revision.
 *
 * @param gateway the gateway it was compiled for
 * @param revision the deployment revision's number, 0 for a plan without a control plane
 * @param hash {@code sha256:<hex>} over the canonical JSON of the routes
 * @param minRuntime the lowest gateway runtime that may run it, {@code <major>.<minor>}
 * @param routes in the order of the plan, unique by route id
 */
public record RoutePlan(String gateway, long revision, String hash, String minRuntime, List<PlannedRoute> routes) {

    public RoutePlan {
        routes = List.copyOf(routes);
    }
}
