package io.streamforge.controlplane.enrollment;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.GatewayTokens;
import io.streamforge.controlplane.access.ProofOfKey;
import io.streamforge.controlplane.access.ProofOfKey.ProvedKey;
import io.streamforge.controlplane.gateway.GatewayStatus;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** From a token and a key to a gateway that is waiting, and to its own token once it is approved. */
@Service
class Enrollments {

    private static final long POLL_AFTER_MS = 2000;

    private final EnrollmentTokens enrollmentTokens;
    private final Gateways gateways;
    private final GatewayTokens gatewayTokens;
    private final ProofOfKey proofs;

    Enrollments(EnrollmentTokens enrollmentTokens, Gateways gateways, GatewayTokens gatewayTokens, ProofOfKey proofs) {
        this.enrollmentTokens = enrollmentTokens;
        this.gateways = gateways;
        this.gatewayTokens = gatewayTokens;
        this.proofs = proofs;
    }

    @Transactional
    public Enrollment enroll(EnrollmentRequest asked, String proof, HttpServletRequest request) {
        ProvedKey key = proofs.check(request, proof, null);
        if (!thumbprint(asked.publicKey()).equals(key.thumbprint())) {
            String message = "publicKey must be the key that the DPoP proof was made with.";
            throw ProblemException.invalid(message, List.of(new FieldProblem("/publicKey", message)));
        }
        Optional<Gateways.Enrolled> known = gateways.byKey(key.thumbprint());
        if (known.isPresent()) {
            return answer(known.get());
        }
        enrollmentTokens.use(asked.token());
        return answer(gateways.enroll(
                asked.name(), key.thumbprint(), key.fingerprint(), asked.host(), asked.hardware(), asked.version()));
    }

    /** Answers only to the key that enrolled. */
    Enrollment state(String gatewayId, String proof, HttpServletRequest request) {
        ProvedKey key = proofs.check(request, proof, null);
        return gateways.byKey(key.thumbprint())
                .filter(known -> known.id().equals(gatewayId))
                .map(this::answer)
                .orElseThrow(() -> new ProblemException(
                        HttpStatus.NOT_FOUND,
                        "gateway-unknown",
                        "Gateway '%s' is not known with this key: enrol again.".formatted(gatewayId)));
    }

    GatewayToken renew(GatewayIdentity gateway) {
        GatewayTokens.Issued issued = gatewayTokens.issue(gateway.id(), gateway.thumbprint());
        return new GatewayToken(issued.token(), issued.expiresAt());
    }

    private Enrollment answer(Gateways.Enrolled gateway) {
        if (gateway.status() != GatewayStatus.APPROVED) {
            return new Enrollment(gateway.id(), gateway.status(), gateway.fingerprint(), POLL_AFTER_MS, null, null);
        }
        GatewayTokens.Issued issued = gatewayTokens.issue(gateway.id(), gateway.thumbprint());
        return new Enrollment(
                gateway.id(),
                gateway.status(),
                gateway.fingerprint(),
                POLL_AFTER_MS,
                issued.token(),
                issued.expiresAt());
    }

    private static String thumbprint(PublicKey key) {
        try {
            ECKey parsed = new ECKey.Builder(Curve.P_256, new Base64URL(key.x()), new Base64URL(key.y())).build();
            return ProofOfKey.describe(parsed).thumbprint();
        } catch (JOSEException | IllegalStateException e) {
            String message = "publicKey must be a point of P-256.";
            throw ProblemException.invalid(message, List.of(new FieldProblem("/publicKey", message)));
        }
    }
}
