package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.controlplane.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Dead letters from a gateway's post to the decision and its outcome. */
class DeadLettersIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Server server = Server.shared();
    private final Api admin = Api.admin(server);
    private final TestGateway gateway = TestGateway.approved(
            server, admin, "gw-" + UUID.randomUUID().toString().substring(0, 8));
    private final String ours = "/api/v1/dlq?gateway=" + gateway.name;

    @Test
    void aPostedLetterIsListedOnceHoweverOftenItIsPosted() {
        post(reading(1, "RANGE", "250.0"));
        post(reading(1, "RANGE", "250.0"));

        JsonNode items = admin.get(ours).ok().body().get("items");
        assertThat(items.size()).isEqualTo(1);
        JsonNode letter = items.get(0);
        assertThat(letter.get("messageId").asString()).isEqualTo("telemetry.raw-0-1");
        assertThat(letter.get("state").asString()).isEqualTo("PENDING");
        assertThat(letter.get("assetId").asString()).isEqualTo("press-07");
        assertThat(letter.get("parameter").asString()).isEqualTo("temperature");
        assertThat(letter.get("value").asDouble()).isEqualTo(250.0);
        assertThat(letter.get("decision").isNull()).isTrue();
    }

    @Test
    void detailShowsTheRecordAndTheOriginalBytes() {
        post(reading(1, "RANGE", "250.0"));
        JsonNode detail = admin.get("/api/v1/dlq/" + id(0)).ok().body();

        assertThat(detail.at("/record/unit").asString()).isEqualTo("Cel");
        assertThat(detail.at("/payload/hex").asString()).isEqualTo("62 79 74 65 73 2d 31");
        assertThat(Base64.getDecoder().decode(detail.at("/payload/base64").asString()))
                .isEqualTo("bytes-1".getBytes(StandardCharsets.UTF_8));
        assertThat(names(detail.get("actions"))).containsExactly("APPROVE", "EDIT", "REPROCESS", "DISCARD");
    }

    @Test
    void filtersPagesAndCounts() {
        post(reading(1, "RANGE", "250.0"), reading(2, "RANGE", "251.0"), reading(3, "TYPE", "\"hot\""), undecodable(4));

        JsonNode counts =
                admin.get("/api/v1/dlq/counts?gateway=" + gateway.name).ok().body();
        assertThat(counts.get("total").asInt()).isEqualTo(4);
        assertThat(counts.get("open").asInt()).isEqualTo(4);
        assertThat(counts.get("approvable").asInt()).isEqualTo(3);
        assertThat(counts.at("/reasons/0/reasonCode").asString()).isEqualTo("RANGE");
        assertThat(counts.at("/reasons/0/count").asInt()).isEqualTo(2);

        assertThat(admin.get(ours + "&reason=RANGE").ok().body().get("items").size())
                .isEqualTo(2);
        assertThat(admin.get(ours + "&asset=PRESS").ok().body().get("items").size())
                .isEqualTo(4);
        assertThat(admin.get(ours + "&topic=dlq.sink").ok().body().get("items").size())
                .isZero();
        assertThat(admin.get(ours + "&state=DISCARDED").ok().body().get("items").size())
                .isZero();
        assertThat(admin.get(ours + "&from=2026-11-20T08:00:03Z")
                        .ok()
                        .body()
                        .get("items")
                        .size())
                .isEqualTo(2);
        assertThat(admin.get(ours + "&stage=validate.telemetry&to=2026-11-20T08:00:02Z")
                        .ok()
                        .body()
                        .get("items")
                        .size())
                .isEqualTo(1);

        JsonNode first = admin.get(ours + "&limit=3").ok().body();
        assertThat(first.at("/items/0/messageId").asString()).isEqualTo("telemetry.raw-0-4");
        JsonNode second = admin.get(
                        ours + "&limit=3&cursor=" + first.get("nextCursor").asString())
                .ok()
                .body();
        assertThat(second.get("items").size()).isEqualTo(1);
        assertThat(second.at("/items/0/messageId").asString()).isEqualTo("telemetry.raw-0-1");
        assertThat(second.get("nextCursor").isNull()).isTrue();
        assertThat(admin.get(ours + "&state=GONE").status()).isEqualTo(400);
    }

    @Test
    void aDecisionGoesToTheGatewayUntilItIsTakenAndEndsWithItsOutcome() {
        post(reading(1, "RANGE", "250.0"));
        String id = id(0);
        JsonNode waiting = admin.post("/api/v1/dlq/" + id + "/approve", "{\"value\":24.5}")
                .ok()
                .body();
        assertThat(waiting.get("state").asString()).isEqualTo("PENDING");
        assertThat(waiting.at("/decision/progress").asString()).isEqualTo("WAITING");
        assertThat(waiting.at("/decision/action").asString()).isEqualTo("EDIT");
        assertThat(waiting.at("/decision/by").asString()).isEqualTo(Api.ADMIN);

        try (EventReader channel = openChannel()) {
            JsonNode failed = command(channel, 1);
            answer(failed, "{\"status\":\"FAILED\",\"error\":\"The stream does not answer.\"}");
            JsonNode command = command(channel, 2);
            assertThat(command.at("/arguments/action").asString()).isEqualTo("EDIT");
            assertThat(command.at("/arguments/value").asDouble()).isEqualTo(24.5);
            assertThat(command.at("/arguments/by").asString()).isEqualTo(Api.ADMIN);
            assertThat(command.at("/arguments/letters/0/topic").asString()).isEqualTo("dlq.telemetry");
            assertThat(command.at("/arguments/letters/0/messageId").asString()).isEqualTo("telemetry.raw-0-1");
            answer(command, "{\"status\":\"OK\",\"result\":{\"accepted\":1}}");
            await().atMost(LIMIT).until(() -> progress(id).equals("TAKEN"));

            outcome(waiting.at("/decision/id").asString(), 1, "REPROCESSED", null);
            outcome(waiting.at("/decision/id").asString(), 1, "REPROCESS_FAILED", "a late repetition");
        }
        JsonNode done = admin.get("/api/v1/dlq/" + id).ok().body();
        assertThat(done.at("/letter/state").asString()).isEqualTo("REPROCESSED");
        assertThat(done.at("/letter/decision/progress").asString()).isEqualTo("DONE");
        assertThat(done.get("actions").size()).isZero();
        Answer again = admin.post("/api/v1/dlq/" + id + "/discard", null);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.problem()).isEqualTo("decided");
        assertThat(again.body().get("detail").asString()).contains(Api.ADMIN);
        JsonNode entry =
                admin.get("/api/v1/audit?action=dead-letter.edit").ok().body().at("/items/0");
        assertThat(entry.get("object").asString()).isEqualTo(id);
        assertThat(entry.at("/detail/value").asDouble()).isEqualTo(24.5);
        assertThat(entry.at("/detail/messageId").asString()).isEqualTo("telemetry.raw-0-1");
    }

    @Test
    void aFailedDecisionCanBeFollowedByAnother() {
        post(reading(1, "RANGE", "250.0"));
        String id = id(0);
        String decision = admin.post("/api/v1/dlq/" + id + "/reprocess", null)
                .ok()
                .body()
                .at("/decision/id")
                .asString();
        outcome(decision, 1, "REPROCESS_FAILED", "No route of template 'validate' runs on this gateway.");

        JsonNode failed = admin.get("/api/v1/dlq/" + id).ok().body();
        assertThat(failed.at("/letter/state").asString()).isEqualTo("REPROCESS_FAILED");
        assertThat(failed.at("/letter/stateReason").asString()).startsWith("No route");
        JsonNode again = admin.post("/api/v1/dlq/" + id + "/discard", null).ok().body();
        assertThat(again.get("state").asString()).isEqualTo("PENDING");
        assertThat(again.get("stateReason").isNull()).isTrue();
    }

    @Test
    void aLetterThatIsRefusedAgainTakesTheOldOnesPlace() {
        post(reading(1, "RANGE", "250.0"));
        String before = id(0);
        String decision = admin.post("/api/v1/dlq/" + before + "/reprocess", null)
                .ok()
                .body()
                .at("/decision/id")
                .asString();
        outcome(decision, 1, "REPROCESSED", null);
        post(letter(9, "telemetry.reprocess", "RANGE", "bytes-1", record("250.0"), "dlq.telemetry"));

        JsonNode old = admin.get("/api/v1/dlq/" + before).ok().body();
        String after = old.get("followedBy").asString();
        assertThat(old.at("/letter/state").asString()).isEqualTo("REPROCESS_FAILED");
        assertThat(old.at("/letter/stateReason").asString()).startsWith("It was refused again");
        assertThat(old.get("actions").size()).isZero();
        JsonNode fresh = admin.get("/api/v1/dlq/" + after).ok().body();
        assertThat(fresh.at("/letter/attempts").asInt()).isEqualTo(2);
        assertThat(fresh.at("/letter/state").asString()).isEqualTo("PENDING");
        assertThat(fresh.get("follows").asString()).isEqualTo(before);
    }

    @Test
    void bulkConcernsWhatWasCountedAndCanBeDecided() {
        post(reading(1, "RANGE", "250.0"), reading(2, "RANGE", "251.0"), undecodable(3));
        String asOf = admin.get("/api/v1/dlq/counts?gateway=" + gateway.name)
                .ok()
                .body()
                .get("asOf")
                .asString();
        await().until(() -> Instant.now().isAfter(Instant.parse(asOf)));
        post(reading(4, "RANGE", "252.0"));
        admin.post("/api/v1/dlq/" + id(3) + "/discard", null).ok();

        JsonNode taken = bulk("APPROVE", asOf);
        assertThat(taken.get("count").asInt()).isEqualTo(1);
        JsonNode rest = bulk("REPROCESS", asOf);
        assertThat(rest.get("count").asInt()).isEqualTo(1);
        JsonNode none = bulk("REPROCESS", asOf);
        assertThat(none.get("count").asInt()).isZero();
        assertThat(none.get("decisionId").isNull()).isTrue();

        JsonNode entry = admin.get("/api/v1/audit?action=dead-letter.approve")
                .ok()
                .body()
                .at("/items/0");
        assertThat(entry.get("object").asString()).isEqualTo("bulk");
        assertThat(entry.at("/detail/count").asInt()).isEqualTo(1);
        assertThat(entry.at("/detail/filter/gateway").asString()).isEqualTo(gateway.name);
        assertThat(admin.post("/api/v1/dlq/bulk", bulkBody("EDIT", asOf)).status())
                .isEqualTo(400);
    }

    @Test
    void whatCannotBeApprovedSaysWhy() {
        post(
                undecodable(1),
                letter(2, "telemetry.clean", "REFUSED", "bytes-2", record("24.1"), "dlq.sink"),
                reading(3, "REQUIRED", "null"),
                reading(4, "RANGE", "250.0"));

        assertThat(refused(id(3), null)).contains("cannot be read");
        assertThat(refused(id(2), null)).contains("refused by a sink");
        assertThat(refused(id(1), null)).contains("has no value to approve");
        Answer wrong = admin.post("/api/v1/dlq/" + id(0) + "/approve", "{\"value\":\"hot\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().at("/errors/0/pointer").asString()).isEqualTo("/value");
        assertThat(admin.post("/api/v1/dlq/" + id(1) + "/approve", "{\"value\":24.1}")
                        .status())
                .isEqualTo(202);
        assertThat(admin.get("/api/v1/dlq/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void decisionsWaitForAGatewayThatIsAwayAndSurviveARestart() {
        Server first = Server.start();
        TestGateway away;
        try (first) {
            Api boss = Api.admin(first);
            away = TestGateway.approved(first, boss, "gw-away");
            away.post("uplink/dead-letters", "{\"records\":[%s]}".formatted(reading(1, "RANGE", "250.0")))
                    .ok();
            String id = boss.get("/api/v1/dlq").ok().body().at("/items/0/id").asString();
            boss.post("/api/v1/dlq/" + id + "/discard", null).ok();
        }
        try (Server second = first.again()) {
            TestGateway back = away.at(second);
            String path = back.path("commands");
            try (EventReader channel = new EventReader(back.proved("GET", path, back.token()), path)) {
                assertThat(command(channel, 1).at("/arguments/action").asString())
                        .isEqualTo("DISCARD");
            }
        }
    }

    @Test
    void aGatewayWithTooManyUndecidedLettersIsAskedToKeepTheRest() {
        try (Server own = Server.start("--streamforge.dead-letters.pending-limit=2")) {
            Api boss = Api.admin(own);
            TestGateway busy = TestGateway.approved(own, boss, "gw-busy");
            String body = "{\"records\":[%s]}";
            busy.post(
                            "uplink/dead-letters",
                            body.formatted(reading(1, "RANGE", "1.0") + "," + reading(2, "RANGE", "2.0")))
                    .ok();

            Answer full = busy.post("uplink/dead-letters", body.formatted(reading(3, "RANGE", "3.0")));
            assertThat(full.status()).isEqualTo(429);
            assertThat(full.problem()).isEqualTo("dead-letters-full");
            assertThat(full.header("Retry-After")).isEqualTo("10");
            JsonNode counts = boss.get("/api/v1/dlq/counts").ok().body();
            assertThat(names(counts.get("fullGateways"))).containsExactly("gw-busy");

            JsonNode letter = boss.get("/api/v1/dlq").ok().body().at("/items/0");
            String decision = boss.post("/api/v1/dlq/" + letter.get("id").asString() + "/discard", null)
                    .ok()
                    .body()
                    .at("/decision/id")
                    .asString();
            busy.post("uplink/decision-outcomes", outcomeBody(decision, 2, "DISCARDED", null))
                    .ok();
            busy.post("uplink/dead-letters", body.formatted(reading(3, "RANGE", "3.0")))
                    .ok();
        }
    }

    @Test
    void decidedLettersAreKeptForTheirRetentionAndUndecidedOnesLonger() {
        Server first = Server.start();
        TestGateway old;
        try (first) {
            Api boss = Api.admin(first);
            old = TestGateway.approved(first, boss, "gw-old");
            old.post(
                            "uplink/dead-letters",
                            "{\"records\":[%s]}"
                                    .formatted(reading(1, "RANGE", "1.0") + "," + reading(2, "RANGE", "2.0")))
                    .ok();
            JsonNode letter = boss.get("/api/v1/dlq").ok().body().at("/items/0");
            String decision = boss.post("/api/v1/dlq/" + letter.get("id").asString() + "/discard", null)
                    .ok()
                    .body()
                    .at("/decision/id")
                    .asString();
            old.post("uplink/decision-outcomes", outcomeBody(decision, 2, "DISCARDED", null))
                    .ok();
        }
        try (Server second = first.again("--streamforge.dead-letters.retention=1ms")) {
            Api boss = Api.admin(second);
            await().atMost(LIMIT)
                    .until(() ->
                            boss.get("/api/v1/dlq").ok().body().get("items").size() == 1);
            assertThat(boss.get("/api/v1/dlq")
                            .ok()
                            .body()
                            .at("/items/0/messageId")
                            .asString())
                    .isEqualTo("telemetry.raw-0-1");
        }
    }

    private String refused(String id, @Nullable String body) {
        Answer refused = admin.post("/api/v1/dlq/" + id + "/approve", body);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("not-approvable");
        return refused.body().get("detail").asString();
    }

    private JsonNode bulk(String action, String asOf) {
        return admin.post("/api/v1/dlq/bulk", bulkBody(action, asOf)).ok().body();
    }

    private String bulkBody(String action, String asOf) {
        return "{\"action\":\"%s\",\"filter\":{\"gateway\":\"%s\"},\"asOf\":\"%s\"}"
                .formatted(action, gateway.name, asOf);
    }

    private String id(int index) {
        return admin.get(ours).ok().body().get("items").get(index).get("id").asString();
    }

    private String progress(String id) {
        return admin.get("/api/v1/dlq/" + id)
                .ok()
                .body()
                .at("/letter/decision/progress")
                .asString();
    }

    private EventReader openChannel() {
        String path = gateway.path("commands");
        return new EventReader(gateway.proved("GET", path, gateway.token()), path);
    }

    /** The n-th decision that arrives. */
    private static JsonNode command(EventReader channel, int n) {
        await().atMost(LIMIT).until(() -> decisions(channel).size() >= n);
        return decisions(channel).get(n - 1);
    }

    private static List<JsonNode> decisions(EventReader channel) {
        return channel.named("command").stream()
                .filter(command -> command.get("type").asString().equals("dlq-decision"))
                .toList();
    }

    private void answer(JsonNode command, String body) {
        gateway.post("commands/" + command.get("id").asString() + "/answer", body)
                .ok();
    }

    private void outcome(String decision, long offset, String state, @Nullable String reason) {
        gateway.post("uplink/decision-outcomes", outcomeBody(decision, offset, state, reason))
                .ok();
    }

    private static String outcomeBody(String decision, long offset, String state, @Nullable String reason) {
        return """
                {"records":[{"topic":"dlq.outcomes","partition":0,"offset":0,"key":"k","value":{"decision_id":"%s",
                 "letter":{"topic":"dlq.telemetry","partition":0,"offset":%d,"message_id":"m"},"state":"%s","reason":%s,
                 "at":"2026-11-20T08:01:00Z"}}]}""".formatted(decision, offset, state, reason == null ? "null" : "\"" + reason + "\"");
    }

    private void post(String... letters) {
        gateway.post("uplink/dead-letters", "{\"records\":[%s]}".formatted(String.join(",", letters)))
                .ok();
    }

    private static String reading(int offset, String code, String value) {
        return letter(offset, "telemetry.raw", code, "bytes-" + offset, record(value), "dlq.telemetry");
    }

    private static String undecodable(int offset) {
        return letter(offset, "telemetry.raw", "BAD_FRAME", "bytes-" + offset, "null", "dlq.telemetry");
    }

    private static String record(String value) {
        return """
                {"value":%s,"quality":"GOOD","asset_id":"press-07","parameter":"temperature","unit":"Cel"}""".formatted(value);
    }

    private static String letter(int offset, String source, String code, String payload, String record, String topic) {
        return """
                {"topic":"%s","partition":0,"offset":%d,"key":"press-07","value":{"message_id":"%s-0-%d","source_topic":"%s",
                 "partition":0,"offset":%d,"stage":"validate.telemetry","reason_code":"%s","reason":"temperature must be at most 100",
                 "failed_at":"2026-11-20T08:00:0%dZ","schema_id":1,"payload":"%s","payload_bytes":%d,"attempts":1,
                 "metadata":{"gateway_id":"g"},"record":%s}}""".formatted(
                        topic,
                        offset,
                        source,
                        offset,
                        source,
                        offset,
                        code,
                        offset,
                        Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)),
                        payload.length(),
                        record);
    }

    private static List<String> names(JsonNode texts) {
        List<String> names = new ArrayList<>();
        texts.forEach(text -> names.add(text.asString()));
        return names;
    }
}
