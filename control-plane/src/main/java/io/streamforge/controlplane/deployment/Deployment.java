package io.streamforge.controlplane.deployment;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as it is kept; see {@link DeploymentDefinition}.
 *
 * @param latestRevision the newest snapshot, null before the first activation
 * @param activeRevision the snapshot the gateway is to run, null while this deployment is not the gateway's active one
 */
public record Deployment(
        String id,
        String name,
        String gatewayId,
        List<String> adapters,
        List<String> sinks,
        @Nullable String ruleSet,
        Delivery delivery,
        @Nullable Integer latestRevision,
        @Nullable Integer activeRevision,
        long version,
        Instant updatedAt,
        String updatedBy) {}
