package io.streamforge.controlplane.gateway;

/** How a gateway does, by its own word, or by its silence. */
public enum GatewayHealth {
    HEALTHY,
    /** A route that others do not depend on has failed. */
    DEGRADED,
    /** A route that others depend on has failed. */
    UNHEALTHY,
    /** Restarts are used up. */
    FAILED,
    /** No heartbeat. */
    OFFLINE
}
