package io.streamforge.routes.uplink;

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
import io.streamforge.routes.plan.DurableFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own EC P-256 key pair. It never leaves the data folder; every request to the control plane is proved with it (DPoP, RFC 9449),
 * so that a stolen token alone is worth nothing.
 */
final class GatewayKey {

    private static final JOSEObjectType DPOP = new JOSEObjectType("dpop+jwt");

    private final ECKey key;
    private final ECDSASigner signer;
    private final Clock clock;

    private GatewayKey(ECKey key, Clock clock) throws JOSEException {
        this.key = key;
        this.signer = new ECDSASigner(key);
        this.clock = clock;
    }

    /**
     * The key in the data folder ({@code key.json}, mode 600), made there at the first start.
     *
     * @throws IOException if it can be neither read nor written, or is damaged
     */
    static GatewayKey in(Path data, Clock clock) throws IOException {
        DurableFile file = new DurableFile(data, "key.json");
        try {
            Optional<byte[]> stored = file.read();
            if (stored.isPresent()) {
                return new GatewayKey(ECKey.parse(new String(stored.get(), StandardCharsets.UTF_8)), clock);
            }
            ECKey made = new ECKeyGenerator(Curve.P_256).generate();
            file.write(made.toJSONString().getBytes(StandardCharsets.UTF_8));
            return new GatewayKey(made, clock);
        } catch (JOSEException | ParseException e) {
            throw new IOException(
                    "The gateway's key in %s is damaged. Restore it, or remove it and enrol the gateway again."
                            .formatted(file),
                    e);
        }
    }

    /** The public half as a JWK. */
    Map<String, Object> publicJwk() {
        return key.toPublicJWK().toJSONObject();
    }

    /** What an operator compares: the first 16 bytes of the SHA-256 thumbprint (RFC 7638) as hex pairs with colons. */
    String fingerprint() {
        try {
            byte[] thumbprint = key.computeThumbprint().decode();
            return HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(thumbprint, 16));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A proof for one request.
     *
     * @param method the HTTP method
     * @param target the request's address; query and fragment are left out of the proof
     * @param accessToken the token sent along, or null if there is none yet
     */
    String proof(String method, URI target, @Nullable String accessToken) {
        String address = target.toString().replaceFirst("[?#].*$", "");
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", method)
                .claim("htu", address)
                .issueTime(Date.from(clock.instant()));
        if (accessToken != null) {
            claims.claim("ath", hash(accessToken));
        }
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(DPOP)
                .jwk(key.toPublicJWK())
                .build();
        SignedJWT jwt = new SignedJWT(header, claims.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static String hash(String accessToken) {
        try {
            return Base64URL.encode(MessageDigest.getInstance("SHA-256")
                            .digest(accessToken.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
