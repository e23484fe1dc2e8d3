package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.controlplane.Api.Answer;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a gateway becomes known, and that nothing else does. */
class EnrollmentIT {

    private static final String HEARTBEAT = """
            {"version":"0.1.0","health":"HEALTHY","planHash":null,"runningRevision":null,"desiredRevision":null,
             "rejected":null,"routes":[],"stream":{"brokers":"127.0.0.1:19092","up":true},"at":"2026-11-20T12:00:00Z"}""";

    private final Server server = Server.shared();
    private final Api admin = Api.admin(server);

    private static String unique() {
        return "gw-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void gatewayEnrolsIsApprovedAndSpeaks() {
        TestGateway gateway = new TestGateway(server, unique());
        Answer enrolled = gateway.enroll(TestGateway.newToken(admin, 1));
        assertThat(enrolled.status()).isEqualTo(202);
        assertThat(enrolled.body().get("status").asString()).isEqualTo("PENDING");
        String fingerprint = enrolled.body().get("fingerprint").asString();
        assertThat(fingerprint).matches("([0-9a-f]{2}:){15}[0-9a-f]{2}");
        assertThat(gateway.state().ok().body().get("accessToken").isNull()).isTrue();

        String approve = "/api/v1/gateways/" + gateway.name + "/approve";
        Answer wrong = admin.post(approve, "{\"fingerprint\":\"00:11\"}");
        assertThat(wrong.status()).isEqualTo(409);
        assertThat(wrong.problem()).isEqualTo("fingerprint-mismatch");
        admin.post(approve, "{\"fingerprint\":\"%s\"}".formatted(fingerprint)).ok();

        TestGateway approved = TestGateway.approved(server, admin, unique());
        assertThat(approved.post("heartbeat", HEARTBEAT)
                        .ok()
                        .body()
                        .get("planChanged")
                        .asBoolean())
                .isFalse();
        assertThat(admin.get("/api/v1/gateways/" + approved.name)
                        .ok()
                        .body()
                        .get("health")
                        .asString())
                .isEqualTo("HEALTHY");
        assertThat(admin.get("/api/v1/gateways/" + gateway.name)
                        .ok()
                        .body()
                        .get("health")
                        .asString())
                .isEqualTo("OFFLINE");
        assertThat(approved.post("token", "").ok().body().get("accessToken").asString())
                .isNotEqualTo(approved.token());
    }

    @Test
    void enrolmentTokenIsRefusedWhenWrongOrUsedUp() {
        String token = TestGateway.newToken(admin, 1);
        TestGateway first = new TestGateway(server, unique());
        assertThat(first.enroll(token).status()).isEqualTo(202);
        assertThat(first.enroll(token).status())
                .as("the same key again is harmless")
                .isEqualTo(202);
        Answer second = new TestGateway(server, unique()).enroll(token);
        assertThat(second.status()).isEqualTo(401);
        assertThat(second.problem()).isEqualTo("enrollment-token-invalid");
        assertThat(new TestGateway(server, unique()).enroll("made-up").problem())
                .isEqualTo("enrollment-token-invalid");
    }

    @Test
    void takenNameIsRefusedToAnotherKeyAndCostsNoUse() {
        TestGateway first = TestGateway.approved(server, admin, unique());
        String token = TestGateway.newToken(admin, 1);
        Answer taken = new TestGateway(server, first.name).enroll(token);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.problem()).isEqualTo("gateway-name-taken");
        assertThat(new TestGateway(server, unique()).enroll(token).status()).isEqualTo(202);
    }

    @Test
    void stolenTokenIsWorthNothingWithAnotherKey() {
        TestGateway owner = TestGateway.approved(server, admin, unique());
        TestGateway thief = new TestGateway(server, owner.name);
        String path = owner.path("heartbeat");
        Answer refused = thief.proved("POST", path, owner.token()).post(path, HEARTBEAT);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.problem()).isEqualTo("proof-invalid");
        assertThat(refused.header("WWW-Authenticate")).contains("invalid_dpop_proof");
        assertThat(Api.of(server).bearer(owner.token()).post(path, HEARTBEAT).status())
                .as("as a bearer token")
                .isEqualTo(401);
    }

    @Test
    void proofHoldsForOneRequestOnly() {
        TestGateway gateway = TestGateway.approved(server, admin, unique());
        String path = gateway.path("heartbeat");
        Api once = gateway.proved("POST", path, gateway.token());
        assertThat(once.post(path, HEARTBEAT).status()).isEqualTo(200);
        assertThat(once.post(path, HEARTBEAT).problem()).as("replayed").isEqualTo("proof-invalid");
        assertThat(gateway.proved("GET", path, gateway.token())
                        .post(path, HEARTBEAT)
                        .problem())
                .as("another method")
                .isEqualTo("proof-invalid");
        assertThat(gateway.proved("POST", gateway.path("tags"), gateway.token())
                        .post(path, HEARTBEAT)
                        .problem())
                .as("another address")
                .isEqualTo("proof-invalid");
        assertThat(gateway.proved("POST", path, null)
                        .with("Authorization", "DPoP " + gateway.token())
                        .post(path, HEARTBEAT)
                        .problem())
                .as("for no token")
                .isEqualTo("proof-invalid");
        String old = gateway.proof("POST", path, gateway.token(), Instant.now().minusSeconds(300));
        assertThat(Api.of(server)
                        .with("Authorization", "DPoP " + gateway.token())
                        .with("DPoP", old)
                        .post(path, HEARTBEAT)
                        .problem())
                .as("five minutes old")
                .isEqualTo("proof-invalid");
    }

    @Test
    void gatewaySpeaksForItselfOnly() {
        TestGateway one = TestGateway.approved(server, admin, unique());
        TestGateway other = TestGateway.approved(server, admin, unique());
        String path = other.path("heartbeat");
        assertThat(one.proved("POST", path, one.token()).post(path, HEARTBEAT).problem())
                .isEqualTo("other-gateway");
    }

    @Test
    void revokedAndForgottenGatewaysAreRefusedFromTheNextRequestOn() {
        TestGateway gateway = TestGateway.approved(server, admin, unique());
        admin.post("/api/v1/gateways/" + gateway.name + "/revoke", null).ok();
        Answer revoked = gateway.post("heartbeat", HEARTBEAT);
        assertThat(revoked.status()).isEqualTo(403);
        assertThat(revoked.problem()).isEqualTo("gateway-revoked");
        assertThat(gateway.state().ok().body().get("status").asString()).isEqualTo("REVOKED");
        assertThat(admin.delete("/api/v1/gateways/" + gateway.name).status()).isEqualTo(204);
        assertThat(gateway.post("heartbeat", HEARTBEAT).problem()).isEqualTo("gateway-unknown");
        assertThat(gateway.state().problem()).isEqualTo("gateway-unknown");
    }

    @Test
    void proofIsForTheAddressInFrontOfAProxyOnThisMachine() {
        TestGateway gateway = TestGateway.approved(server, admin, unique());
        String path = gateway.path("heartbeat");
        String outside = "https://plant.example" + path;
        Api proxied = Api.of(server)
                .with("X-Forwarded-Proto", "https")
                .with("X-Forwarded-Host", "plant.example")
                .with("X-Forwarded-For", "203.0.113.9")
                .with("Authorization", "DPoP " + gateway.token())
                .with("DPoP", gateway.proof("POST", outside, gateway.token(), Instant.now()));
        assertThat(proxied.post(path, HEARTBEAT).status()).isEqualTo(200);
        Answer plain = Api.of(server).with("X-Forwarded-For", "203.0.113.9").get("/api/v1/setup");
        assertThat(plain.problem()).isEqualTo("tls-required");
        assertThat(Api.of(server)
                        .with("X-Forwarded-For", "203.0.113.9")
                        .get("/health/live")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void newerGatewayMaySayMoreThanIsKnownHere() {
        TestGateway gateway = TestGateway.approved(server, admin, unique());
        assertThat(gateway.post("heartbeat", HEARTBEAT.replace("{\"version\"", "{\"diskUsed\":0.4,\"version\""))
                        .status())
                .isEqualTo(200);
    }
}
