package io.streamforge.opcua;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/**
 * Who this gateway is to OPC UA servers: one key and one self-signed certificate for all its adapters, made when first needed and kept.
 *
 * @param certificate to be trusted by the servers' administrators
 * @param applicationUri the same as in the certificate (OPC 10000-6 §6.2.2)
 */
record Identity(KeyPair keys, X509Certificate certificate, String applicationUri) {

    private static final int KEY_BITS = 2048;
    private static final Period VALIDITY = Period.ofYears(10);

    /** RFC 5280 §4.2.1.6: a subject's alternative name that is a URI. */
    private static final int URI_NAME = 6;

    /**
     * Reads it, or makes it.
     *
     * @param folder of the gateway's OPC UA certificates
     */
    static synchronized Identity in(Path folder) throws IOException {
        Path own = folder.resolve("own");
        Path certificate = own.resolve("certificate.der");
        Path key = own.resolve("key.der");
        try {
            if (!Files.exists(certificate)) {
                make(certificate, key);
            }
            return read(certificate, key);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The gateway's OPC UA certificate in %s cannot be read or made.".formatted(own), e);
        }
    }

    private static Identity read(Path certificateFile, Path keyFile)
            throws IOException, CertificateException, GeneralSecurityException {
        X509Certificate certificate;
        try (var in = Files.newInputStream(certificateFile)) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        KeyPair keys = new KeyPair(
                certificate.getPublicKey(),
                KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(keyFile))));
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        String uri = names.stream()
                .filter(name -> name.get(0).equals(URI_NAME))
                .map(name -> String.valueOf(name.get(1)))
                .findFirst()
                .orElseThrow(() -> new CertificateException("It names no application URI."));
        return new Identity(keys, certificate, uri);
    }

    private static void make(Path certificateFile, Path keyFile) throws Exception {
        KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(KEY_BITS);
        String host = InetAddress.getLocalHost().getHostName();
        X509Certificate certificate = new SelfSignedCertificateBuilder(keys)
                .setCommonName("StreamForge gateway on " + host)
                .setOrganization("StreamForge")
                .setApplicationUri("urn:%s:streamforge:gateway".formatted(host))
                .addDnsName(host)
                .setValidityPeriod(VALIDITY)
                .build();
        Files.createDirectories(keyFile.getParent());
        try {
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // Left by a process that ended before the certificate was there: nothing was signed with it.
        }
        Files.write(keyFile, keys.getPrivate().getEncoded());
        Path unfinished = certificateFile.resolveSibling("certificate.der.new");
        Files.write(unfinished, certificate.getEncoded());
        Files.move(unfinished, certificateFile, StandardCopyOption.ATOMIC_MOVE);
    }
}
