package io.streamforge.controlplane.gateway;

/** Where a gateway stands with the control plane. */
public enum GatewayStatus {
    PENDING,
    APPROVED,
    REVOKED
}
