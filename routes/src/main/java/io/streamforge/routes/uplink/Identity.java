package io.streamforge.routes.uplink;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who the gateway is to its control plane, persisted.
 *
 * @param gatewayId the id the control plane gave
 * @param accessToken the token bound to the gateway's key, or null while the enrolment is pending
 * @param expiresAt when the token ends, null without one
 */
record Identity(
        String gatewayId,
        @Nullable String accessToken,
        @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "Identity[gatewayId=" + gatewayId + "]";
    }
}
