package io.streamforge.controlplane.enrollment;

import java.time.Instant;

/**
 * A new enrolment token.
 *
 * @param token shown this once; only its hash is kept
 */
record EnrollmentTokenCreated(String id, String name, String token, int uses, Instant expiresAt) {

    @Override
    public String toString() {
        return "EnrollmentTokenCreated[id=" + id + ", name=" + name + "]";
    }
}
