package io.streamforge.controlplane.gateway;

/** What a route is doing. */
public enum RouteState {
    STARTING,
    RUNNING,
    /** It runs, but its device or system does not answer. */
    DEGRADED,
    FAILED,
    STOPPED
}
