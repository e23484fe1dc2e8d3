package io.streamforge.controlplane.enrollment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.streamforge.controlplane.web.Ids;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A gateway asks to become known.
 *
 * @param token enrolment token an administrator made
 * @param name becomes the gateway's id
 * @param hardware for the administrator to recognise the machine
 * @param version of the gateway's software
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record EnrollmentRequest(
        @NotBlank @Size(max = 200) String token,

        @NotBlank @Pattern(regexp = Ids.PATTERN, message = Ids.RULE)
        String name,

        @NotNull @Valid PublicKey publicKey,
        @NotBlank @Size(max = 255) String host,
        @NotBlank @Size(max = 500) String hardware,
        @NotBlank @Size(max = 100) String version) {

    @Override
    public String toString() {
        return "EnrollmentRequest[name=" + name + ", host=" + host + "]";
    }
}
