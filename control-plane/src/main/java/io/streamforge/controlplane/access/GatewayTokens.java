package io.streamforge.controlplane.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/**
 * The tokens of gateways: signed by a key that the database holds, bound by {@code cnf.jkt} (RFC 9449 §6) to the
 * gateway's own key, so that a copy is worth nothing without it.
 */
@Component
public class GatewayTokens {

    private static final Duration LIFE = Duration.ofDays(365);
    private static final String ISSUER = "streamforge-control-plane";

    private final JdbcClient jdbc;
    private final Clock clock;
    private volatile @Nullable Signing signing;

    GatewayTokens(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Signing(ECKey key, NimbusJwtDecoder decoder) {}

    /** A token and its end. */
    public record Issued(String token, Instant expiresAt) {

        @Override
        public String toString() {
            return "Issued[expiresAt=" + expiresAt + "]";
        }
    }

    /** Makes a token for a gateway, bound to its key. */
    public Issued issue(String gatewayId, String thumbprint) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(LIFE);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(gatewayId)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expiresAt))
                .jwtID(Secrets.token())
                .claim("cnf", Map.of("jkt", thumbprint))
                .build();
        ECKey key = signing().key();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            jwt.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return new Issued(jwt.serialize(), expiresAt);
    }

    /** @throws org.springframework.security.oauth2.jwt.JwtException unless it is one of ours that still holds */
    Jwt decode(String token) {
        return signing().decoder().decode(token);
    }

    private Signing signing() {
        Signing known = signing;
        if (known == null) {
            known = load();
            signing = known;
        }
        return known;
    }

    private Signing load() {
        try {
            ECKey made =
                    new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
            jdbc.sql("insert into signing_key (jwk) values (cast(:jwk as json)) on conflict do nothing")
                    .param("jwk", made.toJSONString())
                    .update();
            ECKey key = ECKey.parse(
                    jdbc.sql("select jwk from signing_key").query(String.class).single());
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                    JWSAlgorithm.ES256, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()))));
            // claims are checked below, by our clock
            processor.setJWTClaimsSetVerifier((claims, context) -> {});
            NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
            JwtTimestampValidator timely = new JwtTimestampValidator(Duration.ofSeconds(60));
            timely.setClock(clock);
            decoder.setJwtValidator(
                    new DelegatingOAuth2TokenValidator<>(List.of(timely, new JwtIssuerValidator(ISSUER))));
            return new Signing(key, decoder);
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("The signing key in the database is damaged", e);
        }
    }
}
