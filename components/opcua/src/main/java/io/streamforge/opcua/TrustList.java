package io.streamforge.opcua;

import io.streamforge.adapter.CertificateKeeper.PeerCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultClientCertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.validation.ValidationCheck;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which servers this gateway trusts: those whose certificate, or whose issuer's, lies in the folder {@code trusted}, beside revocation lists. A server that
 * is not trusted is refused and its certificate put into the folder {@code rejected}; moving the file approves it, by this class or by hand. The folders
 * are read at each connection, and a device looks after their {@link #stamp}, so that a decision needs no restart.
 */
final class TrustList {

    private static final Logger LOG = LoggerFactory.getLogger(TrustList.class);

    /**
     * What is checked beside trust. Not the host's name: machines are addressed by what the plant's network calls them, and a trusted certificate
     * is that one machine's.
     */
    private static final Set<ValidationCheck> CHECKS =
            Set.of(ValidationCheck.APPLICATION_URI, ValidationCheck.VALIDITY, ValidationCheck.REVOCATION);

    /** More rejected certificates than this are not kept: whoever answers at an address could fill the disk. */
    private static final int MOST_REJECTED = 100;

    private final Path trusted;
    private final Path rejected;

    /** @param folder of the gateway's OPC UA certificates */
    TrustList(Path folder) {
        this.trusted = folder.resolve("trusted");
        this.rejected = folder.resolve("rejected");
    }

    /** A validator for one server, which remembers what it rejected. */
    Validator validator() {
        return new Validator();
    }

    /** Changes whenever a trusted certificate or revocation list comes or goes. */
    FileTime stamp() {
        try {
            return Files.getLastModifiedTime(trusted);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // the folder comes with the first certificate
        }
    }

    /** Refused ones first. */
    List<PeerCertificate> certificates() {
        return Stream.concat(listed(rejected, false), listed(trusted, true)).toList();
    }

    private static Stream<PeerCertificate> listed(Path folder, boolean trusted) {
        return certificateFiles(folder)
                .flatMap(file -> certificates(file).stream())
                .map(certificate -> new PeerCertificate(
                        "OPC UA",
                        fingerprint(certificate),
                        certificate.getSubjectX500Principal().getName(),
                        certificate.getIssuerX500Principal().getName(),
                        applicationUri(certificate),
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        trusted));
    }

    private static String applicationUri(X509Certificate certificate) {
        try {
            return CertificateUtil.getSanUri(certificate).orElse("");
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("Certificate names itself in a way that cannot be read");
            return "";
        }
    }

    /** @return whether it was among the refused ones */
    boolean trust(String fingerprint) throws IOException {
        Optional<Path> file = file(rejected, fingerprint);
        if (file.isPresent()) {
            Files.createDirectories(trusted);
            Files.move(
                    file.get(),
                    trusted.resolve(file.get().getFileName()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return file.isPresent();
    }

    /** @return whether it was there, trusted or refused */
    boolean remove(String fingerprint) throws IOException {
        boolean there = false;
        for (Path folder : List.of(rejected, trusted)) {
            Optional<Path> file = file(folder, fingerprint);
            if (file.isPresent()) {
                if (certificates(file.get()).size() > 1) {
                    throw new IOException(
                            "%s holds other certificates, too: take it out by hand.".formatted(file.get()));
                }
                Files.delete(file.get());
                there = true;
            }
        }
        return there;
    }

    private static Optional<Path> file(Path folder, String fingerprint) {
        return certificateFiles(folder)
                .filter(file -> certificates(file).stream()
                        .anyMatch(certificate -> fingerprint(certificate).equals(fingerprint)))
                .findFirst();
    }

    private static Stream<Path> certificateFiles(Path folder) {
        return files(folder).stream().filter(file -> !file.toString().endsWith(".crl"));
    }

    /** SHA-256 of the certificate in upper-case hexadecimal digits. */
    static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The checks of one server's certificates. */
    final class Validator implements CertificateValidator, CertificateQuarantine {

        private volatile @Nullable String rejection;
        private volatile @Nullable List<X509Certificate> accepted;
        private volatile @Nullable String acceptedUri;

        @Override
        public void validateCertificateChain(
                List<X509Certificate> chain, @Nullable String applicationUri, @Nullable String @Nullable [] hosts)
                throws UaException {
            rejection = null;
            MemoryTrustListManager lists = new MemoryTrustListManager();
            for (Path file : files(trusted)) {
                if (file.toString().endsWith(".crl")) {
                    lists.setTrustedCrls(join(lists.getTrustedCrls(), revocations(file)));
                } else {
                    certificates(file).forEach(lists::addTrustedCertificate);
                }
            }
            new DefaultClientCertificateValidator(lists, CHECKS, this)
                    .validateCertificateChain(chain, applicationUri, null);
            accepted = List.copyOf(chain);
            acceptedUri = applicationUri;
        }

        /** Whether a certificate was shown and accepted. */
        boolean acceptedAny() {
            return accepted != null;
        }

        /** Whether the server that was accepted still would be; one without a certificate is, because it never showed one. */
        boolean stillAccepts() {
            List<X509Certificate> chain = accepted;
            if (chain != null) {
                try {
                    validateCertificateChain(chain, acceptedUri, null);
                } catch (UaException e) {
                    LOG.atDebug().setCause(e).log("Server is not trusted any more");
                    return false;
                }
            }
            return true;
        }

        /** Why the server was refused and what to do, if it was because nobody trusts it yet. */
        Optional<String> rejection() {
            return Optional.ofNullable(rejection);
        }

        @Override
        public List<X509Certificate> getRejectedCertificates() {
            return files(rejected).stream()
                    .flatMap(file -> certificates(file).stream())
                    .toList();
        }

        @Override
        public void addRejectedCertificate(X509Certificate certificate) {
            if (rejection != null) {
                return; // the rest of a chain: its first certificate is the server's own
            }
            String fingerprint = fingerprint(certificate);
            String subject = certificate.getSubjectX500Principal().getName();
            Path file = rejected.resolve(fingerprint.substring(0, 16).toLowerCase(Locale.ROOT) + ".der");
            rejection =
                    "certificate: the server's is not trusted: %s, SHA-256 %s. Compare it with the server's own, then trust it among the gateway's certificates, or move %s to %s"
                            .formatted(subject, fingerprint, file, trusted);
            try {
                Files.createDirectories(rejected);
                Files.createDirectories(trusted);
                if (files(rejected).size() < MOST_REJECTED) {
                    Files.write(file, certificate.getEncoded());
                }
                if (file(trusted, fingerprint).isPresent()) {
                    Files.deleteIfExists(file); // trusted since this attempt looked
                }
            } catch (IOException | CertificateEncodingException e) {
                LOG.atWarn().setCause(e).addKeyValue("file", file).log("Rejected certificate was not kept");
            }
        }

        @Override
        public void removeRejectedCertificate(X509Certificate certificate) {
            throw new UnsupportedOperationException("A rejected certificate is removed by hand.");
        }
    }

    private static <T> List<T> join(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** DER or PEM; a file that is neither is told and left out. */
    private static List<X509Certificate> certificates(Path file) {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("File holds no certificate");
            return List.of();
        }
    }

    private static List<X509CRL> revocations(Path file) {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            return CertificateFactory.getInstance("X.509").generateCRLs(in).stream()
                    .map(X509CRL.class::cast)
                    .toList();
        } catch (IOException | CertificateException | CRLException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("File holds no revocation list");
            return List.of();
        }
    }
}
