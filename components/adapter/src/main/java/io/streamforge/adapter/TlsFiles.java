package io.streamforge.adapter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a connection trusts and who it says it is, by PEM files on the gateway. They are read whenever they are asked for, so that a renewed certificate needs no
 * restart where that is for each connection.
 *
 * @param authorities the certificates of the authorities that may have signed the other side's; empty for those that Java trusts
 * @param certificate the own certificate and those between it and its authority; empty for none
 * @param key the own private key, PKCS #8 without a password; empty for none
 */
public record TlsFiles(String authorities, String certificate, String key) {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /** @throws IllegalArgumentException if a certificate is without its key, or a key without its certificate */
    public TlsFiles {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("certificateFile and keyFile must be given together.");
        }
    }

    /** Empty where Java's own authorities are to be trusted. */
    public Optional<TrustManagerFactory> trust() throws IOException {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore trusted = empty();
            int number = 0;
            for (Certificate authority : certificates(authorities)) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            return Optional.of(managers);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** Empty where there is no certificate of our own. */
    public Optional<KeyManagerFactory> identity() throws IOException {
        if (certificate.isEmpty()) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
            KeyStore own = empty();
            PrivateKey secret = privateKey(chain[0]);
            if (!belongTogether(secret, chain[0].getPublicKey())) {
                throw new IOException("file %s is not the key of the certificate in %s".formatted(key, certificate));
            }
            own.setKeyEntry("own", secret, new char[0], chain);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(own, new char[0]);
            return Optional.of(managers);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** Both, for one more connection or listener. */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    identity().map(KeyManagerFactory::getKeyManagers).orElse(new KeyManager[0]),
                    trust().map(TrustManagerFactory::getTrustManagers).orElse((TrustManager[]) null),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private static IOException unusable(GeneralSecurityException e) {
        return new IOException("certificates cannot be used: " + e.getMessage(), e);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String file)
            throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> found =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(file)));
        if (found.isEmpty()) {
            throw new IOException("file %s holds no certificate".formatted(file));
        }
        return found;
    }

    private PrivateKey privateKey(Certificate owner) throws IOException, GeneralSecurityException {
        String pem = new String(read(key), StandardCharsets.US_ASCII);
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    "file %s holds no PKCS #8 key without a password; openssl pkcs8 -topk8 -nocrypt makes one"
                            .formatted(key));
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
        return KeyFactory.getInstance(owner.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** What the one signs the other knows: half of a renewed pair would fail at each connection only. */
    private static boolean belongTogether(PrivateKey secret, PublicKey known) throws GeneralSecurityException {
        String algorithm = known.getAlgorithm();
        Signature signature = Signature.getInstance(
                algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
        signature.initSign(secret);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        try {
            return signature.verify(signed);
        } catch (SignatureException e) {
            // not even as long as one of that key
            return false;
        }
    }

    private static byte[] read(String file) throws IOException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IOException("file %s does not exist".formatted(file), e);
        }
    }
}
