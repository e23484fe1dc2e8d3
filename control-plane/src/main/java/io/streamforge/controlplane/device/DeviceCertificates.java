package io.streamforge.controlplane.device;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;

/**
 * The certificates of the devices that a gateway has met.
 *
 * @param certificates refused ones first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record DeviceCertificates(List<DeviceCertificate> certificates) {

    /**
     * One certificate.
     *
     * @param fingerprint SHA-256 in upper-case hexadecimal digits
     * @param uri the application's own name for itself, empty if the certificate says none
     * @param trusted whether the gateway talks to whoever has it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record DeviceCertificate(
            String protocol,
            String fingerprint,
            String subject,
            String issuer,
            String uri,
            Instant validFrom,
            Instant validTo,
            boolean trusted) {}
}
