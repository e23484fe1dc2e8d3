package io.streamforge.controlplane.deployment;

import java.util.List;

/**
 * What a gateway pulls.
 *
 * @param hash {@code sha256:} and the SHA-256, as lower case hex, of the canonical JSON of {@code routes}: keys sorted
 *     by code point, no white space, UTF-8, numbers in their shortest form
 * @param minRuntime the oldest gateway that can run it
 * @param bundles what the routes need beyond the gateway's own distribution
 */
public record RoutePlan(
        String gateway, int revision, String hash, String minRuntime, List<PlanRoute> routes, List<Bundle> bundles) {

    /** A file of connectors or templates the gateway fetches before it starts the routes. */
    public record Bundle(String name, String version, String sha256) {}
}
