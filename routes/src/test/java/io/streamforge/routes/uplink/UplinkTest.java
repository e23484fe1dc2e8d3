package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.runtime.GatewayHealth;
import io.streamforge.routes.runtime.Notices;
import io.streamforge.routes.runtime.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UplinkTest {

    private static final String ENROL = "POST /enrollments";
    private static final String STATE = "GET /enrollments/gw-1";
    private static final String BEAT = "POST /gateways/gw-1/heartbeat";
    private static final String PLAN = "GET /gateways/gw-1/plan";
    private static final String PENDING = "{\"gatewayId\":\"gw-1\",\"status\":\"PENDING\",\"pollAfterMs\":2000}";
    private static final String APPROVED =
            "{\"gatewayId\":\"gw-1\",\"status\":\"APPROVED\",\"accessToken\":\"jwt-1\",\"expiresAt\":\"2027-11-20T08:00:00Z\"}";

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T08:00:00Z"));
    private final Notices notices = new Notices();
    private final List<String> plans = new ArrayList<>();
    private final FakeControlPlane server = new FakeControlPlane();
    private final Path data;

    UplinkTest(@TempDir Path data) throws Exception {
        this.data = data;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void enrolsWaitsForApprovalAndKeepsItsTokenOverARestart() throws Exception {
        server.reply(ENROL, 202, PENDING);
        server.reply(STATE, 200, PENDING);
        Uplink uplink = uplink(Optional.of("token-1"));

        assertThat(uplink.step()).isEqualTo(Duration.ofSeconds(2));
        assertThat(server.last(ENROL).body())
                .contains("\"token\":\"token-1\"", "\"name\":\"gw-1\"", "\"crv\":\"P-256\"");
        assertThat(server.last(ENROL).proof()).isNotEmpty();
        assertThat(server.last(ENROL).authorization()).isEmpty();

        uplink.step();
        assertThat(notices.all().get("enrolment"))
                .startsWith("The gateway waits for an administrator's approval. Its fingerprint is ");

        server.reply(STATE, 200, APPROVED);
        assertThat(uplink.step()).isZero();
        assertThat(notices.all()).isEmpty();

        server.reply(BEAT, 200, "{\"planChanged\":false}");
        Uplink restarted = uplink(Optional.empty());
        restarted.step();
        assertThat(server.last(BEAT).authorization()).isEqualTo("DPoP jwt-1");
        assertThat(server.last(BEAT).body()).contains("\"health\":\"HEALTHY\"", "\"at\":\"2026-11-20T08:00:00Z\"");
    }

    @Test
    void saysWhatToDoAboutAWrongToken() throws Exception {
        server.reply(
                ENROL,
                401,
                "{\"type\":\"https://streamforge.io/problems/enrollment-token-invalid\",\"detail\":\"The token is not valid.\"}");

        assertThat(uplink(Optional.of("wrong")).step()).isEqualTo(Duration.ofSeconds(60));

        assertThat(notices.all().get("enrolment"))
                .isEqualTo(
                        "The gateway cannot enrol. The control plane answered 401 to POST /api/v1/enrollments: The token is not valid."
                                + " The enrolment token is wrong, expired or used up. Make a new one in the console and start the gateway with it.")
                .doesNotContain("wrong\"");
    }

    @Test
    void saysThatATokenIsMissing() throws Exception {
        assertThat(uplink(Optional.empty()).step()).isEqualTo(Duration.ofSeconds(60));
        assertThat(notices.all().get("enrolment")).contains("not enrolled and has no enrolment token");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void anAbsentControlPlaneIsToldAndTriedAgainMoreAndMoreSlowly() throws Exception {
        Uplink uplink = uplink(Optional.of("token-1"));
        server.close();

        assertThat(uplink.step()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
        assertThat(uplink.step()).isBetween(Duration.ofMillis(1600), Duration.ofMillis(2400));
        assertThat(notices.all().get("controlPlane"))
                .startsWith("The control plane at http://127.0.0.1:")
                .endsWith("The gateway runs on without it.");
        for (int i = 0; i < 10; i++) {
            assertThat(uplink.step()).isLessThanOrEqualTo(Duration.ofSeconds(36));
        }
    }

    @Test
    void pullsThePlanByItsTagAndAtOnceWhenTheHeartbeatSaysSo() throws Exception {
        Uplink uplink = approved();
        server.reply(BEAT, 200, "{\"planChanged\":false}");
        server.replies.put(PLAN, new FakeControlPlane.Reply(200, "{\"routes\":[]}", "\"sha256:1\""));

        Duration pause = uplink.step();
        assertThat(plans).containsExactly("{\"routes\":[]}");
        assertThat(pause).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));

        server.reply(PLAN, 304, "");
        server.requests.clear();
        clock.advance(Duration.ofSeconds(5));
        uplink.step();
        assertThat(server.calls()).containsExactly(BEAT);

        server.reply(BEAT, 200, "{\"planChanged\":true}");
        clock.advance(Duration.ofSeconds(5));
        uplink.step();
        assertThat(server.last(PLAN).ifNoneMatch()).isEqualTo("\"sha256:1\"");
        assertThat(plans).hasSize(1);
    }

    @Test
    void onlyAnAnswerSettlesThatTheControlPlaneIsAway() throws Exception {
        Uplink uplink = approved();
        server.close();

        uplink.step();
        assertThat(notices.all()).containsKey("controlPlane");
        uplink.step();
        assertThat(notices.all()).containsKey("controlPlane");
    }

    @Test
    void aGatewayWithoutAPlanIsWell() throws Exception {
        Uplink uplink = approved();
        server.reply(BEAT, 200, "{}");

        uplink.step();

        assertThat(server.calls()).contains(PLAN);
        assertThat(plans).isEmpty();
        assertThat(notices.all()).isEmpty();
    }

    @Test
    void aRevokedGatewayRunsOnAndSaysSo() throws Exception {
        Uplink uplink = approved();
        server.reply(BEAT, 401, "{\"detail\":\"Revoked.\"}");
        server.reply(STATE, 200, "{\"status\":\"REVOKED\"}");

        assertThat(uplink.step()).isEqualTo(Duration.ofSeconds(60));
        assertThat(notices.all().get("enrolment")).startsWith("The gateway was revoked. It runs on with its last plan");
        assertThat(uplink.approved()).isEmpty();
    }

    @Test
    void aGatewayThatWasForgottenEnrolsAgain() throws Exception {
        Uplink uplink = approved();
        server.reply(BEAT, 401, "{}");
        server.replies.remove(STATE);
        server.reply(ENROL, 202, PENDING);
        server.requests.clear();

        uplink.step();
        uplink.step();

        assertThat(server.calls()).containsExactly(BEAT, STATE, ENROL);
    }

    @Test
    void renewsItsTokenBeforeItEnds() throws Exception {
        Uplink uplink = approved();
        server.reply(BEAT, 200, "{}");
        server.reply(
                "POST /gateways/gw-1/token", 200, "{\"accessToken\":\"jwt-2\",\"expiresAt\":\"2028-11-20T08:00:00Z\"}");
        clock.advance(Duration.ofDays(340));

        uplink.step();

        assertThat(server.last("POST /gateways/gw-1/token").authorization()).isEqualTo("DPoP jwt-1");
        assertThat(server.last(BEAT).authorization()).isEqualTo("DPoP jwt-2");
    }

    private Uplink approved() throws Exception {
        server.reply(ENROL, 202, PENDING);
        server.reply(STATE, 200, APPROVED);
        Uplink uplink = uplink(Optional.of("token-1"));
        uplink.step();
        uplink.step();
        return uplink;
    }

    private Uplink uplink(Optional<String> token) throws Exception {
        GatewayKey key = GatewayKey.in(data, clock);
        return new Uplink(
                new ControlPlane(server.address(), key),
                key,
                new DurableFile(data, "identity.json"),
                "gw-1",
                token,
                "1.0",
                json -> plans.add(new String(json, StandardCharsets.UTF_8)),
                () -> new Heartbeat(
                        "1.0",
                        GatewayHealth.HEALTHY,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        new Heartbeat.Stream("127.0.0.1:9092", true),
                        clock.instant()),
                notices,
                clock);
    }
}
