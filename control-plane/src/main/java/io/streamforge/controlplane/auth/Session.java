package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.access.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log-in that holds.
 *
 * @param token only where the client asked for it in the body
 */
record Session(
        String username,
        Role role,
        Instant expiresAt,
        @Nullable String token) {

    @Override
    public String toString() {
        return "Session[username=" + username + ", role=" + role + ", expiresAt=" + expiresAt + "]";
    }
}
