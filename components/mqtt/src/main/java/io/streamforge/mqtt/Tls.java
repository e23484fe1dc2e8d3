package io.streamforge.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;
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
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a connection trusts and who it says it is. The files are read for each connection, so a renewed certificate needs no restart.
 *
 * @param authorities PEM file with the certificates of the authorities that may have signed the broker's; empty for those that Java trusts
 * @param certificate PEM file with the client's certificate and those between it and its authority; empty for none
 * @param key PEM file with the client's private key, PKCS #8 without a password; empty for none
 */
record Tls(String authorities, String certificate, String key) {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    MqttClientSslConfig config() throws IOException {
        MqttClientSslConfigBuilder builder = MqttClientSslConfig.builder();
        try {
            if (!authorities.isEmpty()) {
                KeyStore trusted = empty();
                int number = 0;
                for (Certificate authority : certificates(authorities)) {
                    trusted.setCertificateEntry("authority-" + number++, authority);
                }
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(trusted);
                builder = builder.trustManagerFactory(managers);
            }
            if (!certificate.isEmpty()) {
                Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
                KeyStore own = empty();
                own.setKeyEntry("client", privateKey(chain[0]), new char[0], chain);
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(own, new char[0]);
                builder = builder.keyManagerFactory(managers);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be used: " + e.getMessage(), e);
        }
        return builder.build();
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

    private static byte[] read(String file) throws IOException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IOException("file %s does not exist".formatted(file), e);
        }
    }
}
