package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotNull;

/**
 * The gateway's local stream.
 *
 * @param brokers addresses, {@code host:port} with commas
 * @param up whether the gateway reaches it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LocalStream(@NotNull String brokers, boolean up) {}
