package io.streamforge.controlplane.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the stages between two topics promise after a failure. */
public enum Delivery {
    @JsonProperty("exactly-once")
    EXACTLY_ONCE,
    @JsonProperty("at-least-once")
    AT_LEAST_ONCE
}
