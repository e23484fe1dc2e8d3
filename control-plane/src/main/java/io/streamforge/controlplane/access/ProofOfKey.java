package io.streamforge.controlplane.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import io.streamforge.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.jwt.DPoPProofContext;
import org.springframework.security.oauth2.jwt.DPoPProofJwtDecoderFactory;
import org.springframework.security.oauth2.jwt.DPoPProofReplayValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuedAtValidator;
import org.springframework.stereotype.Component;

/**
 * Checks DPoP proofs (RFC 9449 §4.3): signed by the key they carry, for this method and address, issued now, never seen
 * before, and, where there is a token, for that token and by the key it is bound to.
 *
 * <p>Proofs already seen are remembered in this process, for as long as they could be used again: one control plane per
 * database.
 */
@Component
public class ProofOfKey {

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final DPoPProofJwtDecoderFactory decoders = new DPoPProofJwtDecoderFactory();

    ProofOfKey(Clock clock) {
        JwtIssuedAtValidator issuedNow = new JwtIssuedAtValidator(true);
        issuedNow.setClock(clock);
        issuedNow.setClockSkew(WINDOW);
        DPoPProofReplayValidator.InMemoryCache seen = new DPoPProofReplayValidator.InMemoryCache();
        seen.setMaxRequestsPerKey(2000);
        DPoPProofReplayValidator once = new DPoPProofReplayValidator(seen);
        once.setClock(clock);
        once.setClockSkew(WINDOW);
        decoders.setJwtValidatorFactory(
                DPoPProofJwtDecoderFactory.createDefaultJwtValidatorFactory(List.of(issuedNow, once)));
    }

    /**
     * The key that has just been proved.
     *
     * @param thumbprint RFC 7638, SHA-256, base64url
     * @param fingerprint its first 16 bytes as hex pairs with colons, for people to compare
     */
    public record ProvedKey(String thumbprint, String fingerprint) {}

    /**
     * Checks a proof.
     *
     * @param token the access token sent along, null where there is none yet
     */
    public ProvedKey check(HttpServletRequest request, String proof, @Nullable Jwt token) {
        DPoPProofContext.Builder context = DPoPProofContext.withDPoPProof(proof)
                .method(request.getMethod())
                .targetUri(request.getRequestURL().toString());
        if (token != null) {
            context.accessToken(new BoundToken(token));
        }
        try {
            DPoPProofContext proofContext = context.build();
            Jwt jwt = decoders.createDecoder(proofContext).decode(proof);
            return key(jwt);
        } catch (JwtException | IllegalArgumentException | JOSEException | ParseException e) {
            throw new ProblemException(
                            HttpStatus.UNAUTHORIZED,
                            "proof-invalid",
                            "The header DPoP must be a fresh proof of the gateway's key for %s %s (%s)."
                                    .formatted(request.getMethod(), request.getRequestURL(), e.getMessage()))
                    .authenticate("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
        }
    }

    /** The thumbprint and fingerprint of a public key. */
    public static ProvedKey describe(JWK key) throws JOSEException {
        var thumbprint = key.computeThumbprint();
        byte[] first = java.util.Arrays.copyOf(thumbprint.decode(), 16);
        return new ProvedKey(thumbprint.toString(), HexFormat.ofDelimiter(":").formatHex(first));
    }

    @SuppressWarnings("unchecked")
    private static ProvedKey key(Jwt proof) throws ParseException, JOSEException {
        Map<String, Object> header = (Map<String, Object>) proof.getHeaders().getOrDefault("jwk", Map.of());
        JWK key = JWK.parse(header);
        if (!(key instanceof ECKey ec) || !ec.getCurve().equals(Curve.P_256)) {
            throw new IllegalArgumentException("the key must be EC on P-256");
        }
        return describe(key);
    }

    /** The token in the shape Spring's validators read: its text and its claims. */
    private record BoundToken(Jwt jwt)
            implements org.springframework.security.oauth2.core.OAuth2Token,
                    org.springframework.security.oauth2.core.ClaimAccessor {
        @Override
        public String getTokenValue() {
            return jwt.getTokenValue();
        }

        @Override
        public Map<String, Object> getClaims() {
            return jwt.getClaims();
        }
    }
}
