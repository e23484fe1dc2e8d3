package io.streamforge.controlplane.enrollment;

import java.time.Instant;

/** An enrolment token without its secret. */
record EnrollmentToken(
        String id, String name, int uses, int usesLeft, Instant expiresAt, Instant createdAt, String createdBy) {}
