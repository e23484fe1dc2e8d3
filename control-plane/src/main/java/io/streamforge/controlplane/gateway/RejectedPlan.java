package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/** A plan that the gateway tried, could not start, and took back. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RejectedPlan(
        @NotBlank String hash, int revision, @NotNull String reason) {}
