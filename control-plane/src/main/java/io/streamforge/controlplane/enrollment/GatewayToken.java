package io.streamforge.controlplane.enrollment;

import java.time.Instant;

/** A JWT bound to the gateway's key. */
record GatewayToken(String accessToken, Instant expiresAt) {

    @Override
    public String toString() {
        return "GatewayToken[expiresAt=" + expiresAt + "]";
    }
}
