package io.streamforge.controlplane;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.streamforge.controlplane.Api.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The gateway's side of the API, as RFC 9449 has it: a key, proofs, a token. */
final class TestGateway {

    final String name;
    final ECKey key;
    private final Api api;
    private @Nullable String token;

    TestGateway(Server server, String name) {
        this.api = Api.of(server);
        this.name = name;
        try {
            this.key = new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestGateway(Server server, TestGateway self) {
        this.api = Api.of(server);
        this.name = self.name;
        this.key = self.key;
        this.token = self.token;
    }

    /** The same gateway, talking to another process of its control plane. */
    TestGateway at(Server server) {
        return new TestGateway(server, this);
    }

    /** One that has been through enrolment and approval. */
    static TestGateway approved(Server server, Api admin, String name) {
        TestGateway gateway = new TestGateway(server, name);
        String fingerprint = gateway.enroll(newToken(admin, 1))
                .ok()
                .body()
                .get("fingerprint")
                .asString();
        admin.post("/api/v1/gateways/" + name + "/approve", "{\"fingerprint\":\"" + fingerprint + "\"}")
                .ok();
        gateway.token = gateway.state().ok().body().get("accessToken").asString();
        return gateway;
    }

    static String newToken(Api admin, int uses) {
        return admin.post(
                        "/api/v1/enrollments/tokens",
                        "{\"name\":\"test\",\"uses\":%d,\"expiresInMinutes\":5}".formatted(uses))
                .ok()
                .body()
                .get("token")
                .asString();
    }

    String token() {
        return java.util.Objects.requireNonNull(token);
    }

    Answer enroll(String enrollmentToken) {
        String body = """
                {"token":"%s","name":"%s","publicKey":%s,"host":"test-host","hardware":"2 cores","version":"0.1.0"}""".formatted(enrollmentToken, name, key.toPublicJWK().toJSONString());
        return proved("POST", "/api/v1/enrollments", null).post("/api/v1/enrollments", body);
    }

    Answer state() {
        String path = "/api/v1/enrollments/" + name;
        return proved("GET", path, null).get(path);
    }

    Answer get(String rest) {
        return proved("GET", path(rest), token()).get(path(rest));
    }

    Answer post(String rest, String body) {
        return proved("POST", path(rest), token()).post(path(rest), body);
    }

    String path(String rest) {
        return "/api/v1/gateways/" + name + "/" + rest;
    }

    /** A client whose next request carries the token and a proof for it. */
    Api proved(String method, String path, @Nullable String accessToken) {
        Api proved = api.with("DPoP", proof(method, path, accessToken, Instant.now()));
        return accessToken == null ? proved : proved.with("Authorization", "DPoP " + accessToken);
    }

    String proof(String method, String path, @Nullable String accessToken, Instant at) {
        URI target = api.root().resolve(path);
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", method)
                .claim("htu", target.toString())
                .issueTime(Date.from(at));
        if (accessToken != null) {
            claims.claim("ath", sha256(accessToken));
        }
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(key.toPublicJWK())
                        .build(),
                claims.build());
        try {
            jwt.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static String sha256(String text) {
        try {
            return Base64URL.encode(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
