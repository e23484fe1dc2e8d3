package io.streamforge.model;

/** Whose clock a reading's authoritative time comes from. */
public enum TimeSource {
    DEVICE,
    GATEWAY
}
