package io.streamforge.controlplane.gateway;

import jakarta.validation.constraints.NotBlank;

/**
 * Lets a gateway in.
 *
 * @param fingerprint as the gateway shows it; another one is refused
 */
record Approval(@NotBlank String fingerprint) {}
