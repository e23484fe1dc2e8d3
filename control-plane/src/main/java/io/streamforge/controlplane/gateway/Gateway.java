package io.streamforge.controlplane.gateway;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as the control plane knows it.
 *
 * @param health what its last heartbeat said, {@link GatewayHealth#OFFLINE} when that is too old
 * @param fingerprint compare it with what the gateway prints before approving
 * @param version of its software
 * @param runningRevision what it says it runs
 * @param desiredRevision what it should run
 * @param desiredDeploymentId the deployment that revision belongs to
 */
public record Gateway(
        String id,
        String name,
        GatewayStatus status,
        GatewayHealth health,
        String fingerprint,
        String host,
        String hardware,
        String version,
        Instant enrolledAt,
        @Nullable Instant approvedAt,
        @Nullable String approvedBy,
        @Nullable Instant lastHeartbeatAt,
        @Nullable Integer runningRevision,
        @Nullable Integer desiredRevision,
        @Nullable String desiredDeploymentId,
        @Nullable RejectedPlan rejected,
        List<RouteStatus> routes,
        List<ReplayStatus> replays,
        @Nullable LocalStream stream) {}
