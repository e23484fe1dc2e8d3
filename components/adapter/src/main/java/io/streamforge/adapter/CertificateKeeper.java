package io.streamforge.adapter;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Knows the certificates of one protocol's devices: those that are trusted, and those that were refused because nobody trusts them yet. Found with
 * {@link java.util.ServiceLoader}, so that the gateway lets an administrator decide for every protocol that has them. A decision takes effect on
 * running routes without a restart.
 */
public interface CertificateKeeper {

    /**
     * A device's certificate.
     *
     * @param protocol as operators call it
     * @param fingerprint SHA-256 in upper-case hexadecimal digits
     * @param uri the application's own name for itself, empty if the certificate says none
     */
    record PeerCertificate(
            String protocol,
            String fingerprint,
            String subject,
            String issuer,
            String uri,
            Instant validFrom,
            Instant validTo,
            boolean trusted) {}

    /** Refused ones first. */
    List<PeerCertificate> certificates() throws IOException;

    /**
     * Trusts a refused certificate.
     *
     * @return whether there is one
     */
    boolean trust(String fingerprint) throws IOException;

    /**
     * Forgets a certificate: one that was trusted is not any more.
     *
     * @return whether there is one
     */
    boolean remove(String fingerprint) throws IOException;
}
