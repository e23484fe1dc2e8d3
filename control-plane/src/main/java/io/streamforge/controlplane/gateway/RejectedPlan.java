package io.streamforge.controlplane.gateway;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/** A plan that the gateway tried, could not start, and took back. */
public record RejectedPlan(
        @NotBlank String hash, int revision, @NotNull String reason) {}
