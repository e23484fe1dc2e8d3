package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import io.streamforge.routes.runtime.SettableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeyTest {

    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

    private final Path data;
    private final GatewayKey key;

    GatewayKeyTest(@TempDir Path data) throws Exception {
        this.data = data;
        this.key = GatewayKey.in(data, new SettableClock(NOW));
    }

    @Test
    void isKeptForItsOwnerOnlyAndFoundAgain() throws Exception {
        GatewayKey again = GatewayKey.in(data, new SettableClock(NOW));

        assertThat(again.publicJwk()).isEqualTo(key.publicJwk());
        assertThat(again.fingerprint()).isEqualTo(key.fingerprint());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("key.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void showsThePublicHalfOnly() {
        assertThat(key.publicJwk())
                .containsEntry("kty", "EC")
                .containsEntry("crv", "P-256")
                .containsOnlyKeys("kty", "crv", "x", "y");
    }

    @Test
    void provesOneRequestAsRfc9449Says() throws Exception {
        SignedJWT proof = SignedJWT.parse(key.proof(
                "POST",
                URI.create("https://cp.example:8443/api/v1/gateways/gw-1/heartbeat?x=1#y"),
                "the.access.token"));

        ECKey embedded = proof.getHeader().getJWK().toECKey();
        assertThat(proof.verify(new ECDSAVerifier(embedded))).isTrue();
        assertThat(embedded.isPrivate()).isFalse();
        assertThat(proof.getHeader().getType()).hasToString("dpop+jwt");
        assertThat(proof.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(proof.getJWTClaimsSet().getStringClaim("htm")).isEqualTo("POST");
        assertThat(proof.getJWTClaimsSet().getStringClaim("htu"))
                .isEqualTo("https://cp.example:8443/api/v1/gateways/gw-1/heartbeat");
        assertThat(proof.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(NOW));
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest("the.access.token".getBytes(StandardCharsets.US_ASCII));
        assertThat(proof.getJWTClaimsSet().getStringClaim("ath"))
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    @Test
    void everyProofIsAnother() throws Exception {
        URI target = URI.create("http://127.0.0.1:1/a");

        assertThat(SignedJWT.parse(key.proof("GET", target, null))
                        .getJWTClaimsSet()
                        .getJWTID())
                .isNotEqualTo(SignedJWT.parse(key.proof("GET", target, null))
                        .getJWTClaimsSet()
                        .getJWTID());
        assertThat(SignedJWT.parse(key.proof("GET", target, null))
                        .getJWTClaimsSet()
                        .getClaim("ath"))
                .isNull();
    }

    @Test
    void fingerprintIsTheFirstHalfOfTheThumbprint() throws Exception {
        String canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(key.publicJwk().get("x"), key.publicJwk().get("y"));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));

        assertThat(key.fingerprint())
                .hasSize(47)
                .startsWith("%02x:%02x:".formatted(hash[0], hash[1]))
                .endsWith(":%02x".formatted(hash[15]));
    }

    @Test
    void aDamagedKeyIsNotReplaced() throws Exception {
        Files.writeString(data.resolve("key.json"), "{\"kty\":");

        assertThatThrownBy(() -> GatewayKey.in(data, new SettableClock(NOW)))
                .hasMessageContaining("damaged. Restore it, or remove it and enrol the gateway again.");
    }
}
