package io.streamforge.controlplane.gateway;

/** How a command ended. */
public enum CommandOutcome {
    OK,
    FAILED
}
