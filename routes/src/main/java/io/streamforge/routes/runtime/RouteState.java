package io.streamforge.routes.runtime;

/** What a planned route is doing. */
public enum RouteState {
    /** Being made, or waiting for its partitions or its next attempt. */
    STARTING,
    RUNNING,
    /** Runs, but its device, system or stream does not answer. */
    DEGRADED,
    /** Its restarts are used up; it waits for a person or another plan. */
    FAILED,
    STOPPED
}
