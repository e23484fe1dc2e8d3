package io.streamforge.controlplane.gateway;

import java.time.Instant;

/**
 * A route on one gateway.
 *
 * @param health the gateway's, {@link GatewayHealth#OFFLINE} when it has fallen silent: then what the route tells is old
 * @param reportedAt when the gateway told it
 */
public record RouteRun(String gatewayId, GatewayHealth health, Instant reportedAt, RouteStatus route) {}
