package io.streamforge.controlplane.enrollment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Asks for an enrolment token.
 *
 * @param uses how many gateways may enrol with it
 */
record EnrollmentTokenRequest(
        @NotBlank @Size(max = 100) String name,
        @Min(1) @Max(1000) int uses,
        @Min(1) @Max(43_200) int expiresInMinutes) {}
