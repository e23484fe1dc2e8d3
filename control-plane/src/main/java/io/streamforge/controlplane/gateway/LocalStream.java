package io.streamforge.controlplane.gateway;

import jakarta.validation.constraints.NotNull;

/**
 * The gateway's local stream.
 *
 * @param brokers addresses, {@code host:port} with commas
 * @param up whether the gateway reaches it
 */
public record LocalStream(@NotNull String brokers, boolean up) {}
