package io.streamforge.controlplane.deployment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One immutable snapshot of a deployment.
 *
 * @param hash of its plan
 * @param active whether the gateway is to run it
 * @param lastActivatedAt the last time it was activated, first or by roll back
 */
public record Revision(
        int number,
        String gatewayId,
        String hash,
        boolean active,
        Instant createdAt,
        String createdBy,
        @Nullable Instant lastActivatedAt,
        @Nullable String lastActivatedBy) {}
