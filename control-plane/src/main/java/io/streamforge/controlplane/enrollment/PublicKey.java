package io.streamforge.controlplane.enrollment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;

/** A gateway's public key as a JSON Web Key (RFC 7517): EC on P-256. */
@JsonIgnoreProperties(ignoreUnknown = true)
record PublicKey(
        @NotBlank @Pattern(regexp = "^EC$", message = "must be EC")
        String kty,

        @NotBlank @Pattern(regexp = "^P-256$", message = "must be P-256")
        String crv,

        @NotBlank String x,
        @NotBlank String y) {}
