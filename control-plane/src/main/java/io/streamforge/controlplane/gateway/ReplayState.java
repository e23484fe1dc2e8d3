package io.streamforge.controlplane.gateway;

/** What has become of a replay. */
public enum ReplayState {
    RUNNING,
    DONE,
    CANCELLED,
    FAILED
}
