package io.streamforge.controlplane.enrollment;

import io.streamforge.controlplane.gateway.GatewayStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far an enrolment is.
 *
 * @param fingerprint first 16 bytes of the SHA-256 thumbprint (RFC 7638) of the key, as hex pairs with colons
 * @param pollAfterMs wait this long before asking again
 * @param accessToken JWT bound to the gateway's key, once approved
 */
record Enrollment(
        String gatewayId,
        GatewayStatus status,
        String fingerprint,
        long pollAfterMs,
        @Nullable String accessToken,
        @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "Enrollment[gatewayId=" + gatewayId + ", status=" + status + "]";
    }
}
