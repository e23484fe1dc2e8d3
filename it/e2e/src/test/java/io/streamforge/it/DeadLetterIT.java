package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.model.Event;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the rules refuse, from the register to the operator's decision and the row that comes of it, with kills in between. */
class DeadLetterIT {

    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String APPROVED_ROWS =
            "SELECT count(*) FROM telemetry WHERE value = %s AND quality = 'SUSPECT' AND quality_reason LIKE '%s%%'";

    @Test
    void everyDecisionIsCarriedOutOnceWhateverIsKilled(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.holding(0, 0x00F1);
            stack.broker();
            Postgres postgres = stack.postgres();
            Part controlPlane = stack.controlPlane();
            Console console = Console.firstAdmin(stack.controlPlaneUrl());
            Part gateway = stack.gatewayWithToken(console.enrollmentToken());
            admit(console);
            deploy(console, device.port(), postgres.port(), 100);
            await("rows in the sink")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry WHERE value = 24.1") > 0);

            // 2500 in the register is 250 °C: out of range until the register is in order again.
            device.holding(0, 2500);
            await("dead letters in the control plane")
                    .atMost(LONG)
                    .until(() -> letters(console, "PENDING").size() >= 8);
            device.holding(0, 0x00F1);
            long rows = postgres.number("plant", "SELECT count(*) FROM telemetry WHERE value = 24.1");
            await("good values again")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry WHERE value = 24.1") > rows);
            awaitGoodBehindHot(stack);
            await("the last dead letter")
                    .atMost(LONG)
                    .until(() -> letters(console, "PENDING").size()
                            == stack.stream().records("dlq.telemetry").size());
            JsonNode letter = letters(console, "PENDING").get(0);
            assertThat(letter.path("reasonCode").asText()).isEqualTo("RANGE");
            assertThat(letter.path("assetId").asText()).isEqualTo("press-07");
            assertThat(letter.path("value").asDouble()).isEqualTo(250.0);
            assertThat(letter.path("sourceTopic").asText()).isEqualTo("telemetry.raw");
            JsonNode detail = console.get("/dlq/" + letter.path("id").asText());
            assertThat(detail.at("/record/unit").asText()).isEqualTo("Cel");
            assertThat(detail.at("/payload/hex").asText()).startsWith("00 ");

            // One is approved, one edited, one discarded.
            List<String> ids = ids(letters(console, "PENDING"));
            console.post("/dlq/" + ids.get(0) + "/approve", "");
            console.post("/dlq/" + ids.get(1) + "/approve", "{\"value\":25.5}");
            console.post("/dlq/" + ids.get(2) + "/discard", "");
            await("the approved row")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", APPROVED_ROWS.formatted("250", "approved by admin")) == 1);
            await("the edited row")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "plant", APPROVED_ROWS.formatted("25.5", "approved by admin, edited: it was 250.0"))
                            == 1);
            awaitState(console, ids.get(0), "REPROCESSED");
            awaitState(console, ids.get(1), "REPROCESSED");
            awaitState(console, ids.get(2), "DISCARDED");

            // Decided while the gateway is dead; then the control plane is killed, too.
            gateway.kill();
            console.post("/dlq/" + ids.get(3) + "/approve", "");
            assertThat(console.get("/dlq/" + ids.get(3))
                            .at("/letter/decision/progress")
                            .asText())
                    .isEqualTo("WAITING");
            controlPlane.kill();
            controlPlane.start();
            Stack.awaitReady(stack.controlPlaneUrl());
            Console again = Console.login(stack.controlPlaneUrl());
            gateway.start();
            awaitState(again, ids.get(3), "REPROCESSED");

            // The gateway dies before its answer arrives: its commands come again, to a process that knows nothing of
            // them.
            gateway.kill();
            postgres.execute(
                    "streamforge",
                    "UPDATE command SET answered_at = NULL, answer = NULL, expires_at = now() + interval '1 hour' WHERE type = 'DLQ_DECISION'");
            gateway.start();
            await("the repeated commands to be answered")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "streamforge",
                                    "SELECT count(*) FROM command WHERE type = 'DLQ_DECISION' AND answered_at IS NULL")
                            == 0);

            // What is still undecided is sent to the rules again: refused again first, then with other rules.
            String asOf = again.get("/dlq/counts").path("asOf").asText();
            assertThat(again.post("/dlq/bulk", bulk("REPROCESS", asOf))
                            .path("count")
                            .asInt())
                    .isEqualTo(ids.size() - 4);
            await("letters that were refused again")
                    .atMost(LONG)
                    .until(() -> letters(again, "REPROCESS_FAILED").size() == ids.size() - 4);
            String failed = letters(again, "REPROCESS_FAILED").get(0).path("id").asText();
            JsonNode fresh = again.get(
                    "/dlq/" + again.get("/dlq/" + failed).path("followedBy").asText());
            assertThat(fresh.at("/letter/attempts").asInt()).isEqualTo(2);
            assertThat(fresh.at("/letter/sourceTopic").asText()).isEqualTo("telemetry.reprocess");
            assertThat(fresh.at("/letter/state").asText()).isEqualTo("PENDING");

            again.put("/rules/default", rules(1000));
            again.activate("line-1");
            await("the new rules to run")
                    .atMost(LONG)
                    .until(() -> again.gateway("gw-1").path("runningRevision").asInt() == 2);
            await("the repeated letters to be open")
                    .atMost(LONG)
                    .until(() -> letters(again, "PENDING").size() == ids.size() - 4);
            String then = again.get("/dlq/counts").path("asOf").asText();
            assertThat(again.post("/dlq/bulk", bulk("REPROCESS", then))
                            .path("count")
                            .asInt())
                    .isEqualTo(ids.size() - 4);
            await("the rows that pass now")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM telemetry WHERE value = 250 AND quality_reason IS NULL")
                            == ids.size() - 4);
            await("nothing to decide").atMost(LONG).until(() -> letters(again, "PENDING")
                    .isEmpty());

            // Each passed once, and who decided is on record.
            Map<Long, Long> passed = stack.stream().readings("telemetry.clean").stream()
                    .filter(reading -> reading.value() instanceof Value.Real real && real.value() > 25)
                    .collect(Collectors.groupingBy(Reading::sequence, Collectors.counting()));
            assertThat(passed).hasSize(ids.size() - 1);
            assertThat(passed.values()).containsOnly(1L);
            assertThat(actions(again))
                    .contains(
                            "dead-letter.approve", "dead-letter.edit", "dead-letter.discard", "dead-letter.reprocess");
        }
    }

    @Test
    void whatTheSinkRefusedIsDeliveredAgainAndEventsAreDecidedAbout(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.holding(0, 0x00F1);
            stack.broker();
            Postgres postgres = stack.postgres();
            stack.controlPlane();
            Console console = Console.firstAdmin(stack.controlPlaneUrl());
            stack.gatewayWithToken(console.enrollmentToken());
            admit(console);
            deploy(console, device.port(), postgres.port(), 1000);
            await("rows in the sink")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry WHERE value = 24.1") > 0);
            postgres.execute("plant", "ALTER TABLE telemetry ADD CONSTRAINT no_heat CHECK (value < 100)");

            device.holding(0, 2500);
            await("a reading the table does not take").atMost(LONG).until(() -> hot(stack) > 0);
            device.holding(0, 0x00F1);
            awaitGoodBehindHot(stack);
            await("every refused record in the control plane")
                    .atMost(LONG)
                    .until(() -> letters(console, "PENDING").size() == hot(stack));
            JsonNode letter = letters(console, "PENDING").get(0);
            assertThat(letter.path("topic").asText()).isEqualTo("dlq.sink");
            assertThat(letter.path("stage").asText()).isEqualTo("sink.plant");
            assertThat(letter.path("reason").asText()).contains("no_heat");
            assertThat(console.send("POST", "/dlq/" + letter.path("id").asText() + "/approve", null, null)
                            .statusCode())
                    .isEqualTo(409);

            postgres.execute("plant", "ALTER TABLE telemetry DROP CONSTRAINT no_heat");
            String asOf = console.get("/dlq/counts").path("asOf").asText();
            console.post(
                    "/dlq/bulk",
                    "{\"action\":\"REPROCESS\",\"filter\":{\"topic\":\"dlq.sink\"},\"asOf\":\"%s\"}".formatted(asOf));
            await("the refused rows")
                    .atMost(LONG)
                    .until(() ->
                            postgres.number("plant", "SELECT count(*) FROM telemetry WHERE value = 250") == hot(stack));
            await("their letters to be done")
                    .atMost(LONG)
                    .until(() -> letters(console, "REPROCESSED").size() == hot(stack));
            decideAboutEvents(stack, console, postgres);
        }
    }

    /** No adapter writes such events: they come of somebody else's writer, or of bytes that were damaged. */
    private static void decideAboutEvents(Stack stack, Console console, Postgres postgres) {
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        Instant far = Instant.parse("2300-01-01T00:00:00Z");
        Stream stream = stack.stream();
        stream.write(
                "events.raw",
                "door-1",
                List.of(
                        stream.encoded(event("one", new Value.Text("open"), far, now)),
                        stream.encoded(event("two", null, null, now)),
                        stream.encoded(event("", new Value.Flag(true), null, now)),
                        stream.encoded(event("four", new Value.Whole(4), far, now)),
                        stream.encoded(event("five", new Value.Whole(5), far, now)),
                        stream.encoded(event("six", new Value.Real(6.5), null, now)),
                        new byte[] {1, 2, 3}));
        await("six events to be refused")
                .atMost(LONG)
                .until(() -> events(console, "PENDING").size() == 6);
        JsonNode one = only(console, "INVALID_TIME", "open");
        assertThat(one.path("sourceTopic").asText()).isEqualTo("events.raw");
        assertThat(one.path("stage").asText()).isEqualTo("events.plant");
        assertThat(one.path("assetId").asText()).isEqualTo("door-1");
        assertThat(one.path("parameter").asText()).isEqualTo("position");

        // Approved, edited, discarded, and sent to the stage again: bytes that cannot be read are refused again.
        console.post("/dlq/" + id(one) + "/approve", "");
        JsonNode two = only(console, "MISSING_FIELD", "");
        assertThat(console.send("POST", "/dlq/" + id(two) + "/approve", null, null)
                        .statusCode())
                .as("nothing to approve")
                .isEqualTo(409);
        console.post("/dlq/" + id(two) + "/approve", "{\"value\":\"closed\"}");
        console.post("/dlq/" + id(only(console, "INVALID_TIME", "4")) + "/discard", "");
        JsonNode unread = only(console, "BAD_FRAME", "");
        assertThat(console.send("POST", "/dlq/" + id(unread) + "/approve", null, null)
                        .statusCode())
                .as("nothing to read")
                .isEqualTo(409);
        console.post("/dlq/" + id(unread) + "/reprocess", "");
        awaitState(console, id(unread), "REPROCESS_FAILED");
        JsonNode again = console.get(
                "/dlq/" + console.get("/dlq/" + id(unread)).path("followedBy").asText());
        assertThat(again.at("/letter/sourceTopic").asText()).isEqualTo("events.reprocess");
        assertThat(again.at("/letter/attempts").asInt()).isEqualTo(2);

        // Many at once: what is left of a reason is approved, what is left at all discarded.
        bulkEvents(console, "APPROVE", "INVALID_TIME", 1);
        JsonNode nameless = only(console, "MISSING_FIELD", "true");
        console.post("/dlq/" + id(nameless) + "/approve", "");
        awaitState(console, id(nameless), "REPROCESSED");
        bulkEvents(console, "DISCARD", "BAD_FRAME", 1);

        await("the events that pass")
                .atMost(LONG)
                .until(() -> postgres.number("plant", "SELECT count(*) FROM events WHERE asset_id = 'door-1'") == 5);
        for (String row : List.of(
                "event_id = 'one' AND new_state = '\"open\"' AND quality = 'SUSPECT' AND device_time = '2300-01-01Z' AND quality_reason = 'approved by admin'",
                "event_id = 'two' AND new_state = '\"closed\"' AND quality = 'SUSPECT' AND quality_reason = 'approved by admin, edited: it had no value'",
                "event_id = '%s' AND new_state = 'true'"
                        .formatted(nameless.path("messageId").asText()),
                "event_id = 'five' AND new_state = '5' AND quality = 'SUSPECT'",
                "event_id = 'six' AND new_state = '6.5' AND quality = 'GOOD' AND quality_reason IS NULL")) {
            assertThat(postgres.number("plant", "SELECT count(*) FROM events WHERE " + row))
                    .as(row)
                    .isEqualTo(1);
        }
        await("nothing to decide").atMost(LONG).until(() -> events(console, "PENDING")
                .isEmpty());
        assertThat(stream.records("events.clean")).hasSize(5);
    }

    private static Event event(String id, @Nullable Value state, @Nullable Instant deviceTime, Instant gatewayTime) {
        return new Event(
                id,
                "door-1",
                "position",
                null,
                state,
                deviceTime,
                gatewayTime,
                deviceTime == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                Quality.GOOD,
                new Origin("gw-1", "foreign", "foreign@1", 1, 1));
    }

    private static JsonNode events(Console console, String state) {
        return console.get("/dlq?topic=dlq.events&state=" + state).path("items");
    }

    /** The undecided letter of an event by its reason and its state. */
    private static JsonNode only(Console console, String reason, String state) {
        List<JsonNode> found = new ArrayList<>();
        events(console, "PENDING").forEach(letter -> {
            if (letter.path("reasonCode").asText().equals(reason)
                    && (state.isEmpty()
                            ? !letter.hasNonNull("value")
                            : letter.path("value").asText().equals(state))) {
                found.add(letter);
            }
        });
        assertThat(found).as(reason + " " + state).hasSize(1);
        return found.get(0);
    }

    private static String id(JsonNode letter) {
        return letter.path("id").asText();
    }

    private static void bulkEvents(Console console, String action, String reason, int count) {
        String asOf = console.get("/dlq/counts").path("asOf").asText();
        assertThat(console.post(
                                "/dlq/bulk",
                                "{\"action\":\"%s\",\"filter\":{\"topic\":\"dlq.events\",\"reason\":\"%s\",\"state\":\"PENDING\"},\"asOf\":\"%s\"}"
                                        .formatted(action, reason, asOf))
                        .path("count")
                        .asInt())
                .isEqualTo(count);
    }

    private static long hot(Stack stack) {
        return sequences(stack, "telemetry.clean", 250).count();
    }

    /** The rules have judged all that was read before the register was in order again. */
    private static void awaitGoodBehindHot(Stack stack) {
        await("a good value behind the last hot one")
                .atMost(LONG)
                .until(() -> sequences(stack, "telemetry.clean", 24.1).max().orElse(-1)
                        > sequences(stack, "telemetry.raw", 250).max().orElseThrow());
    }

    /** The sequence numbers of the readings with that value. */
    private static LongStream sequences(Stack stack, String topic, double value) {
        return stack.stream().readings(topic).stream()
                .filter(reading -> reading.value() instanceof Value.Real real && real.value() == value)
                .mapToLong(Reading::sequence);
    }

    private static void admit(Console console) {
        await("the gateway to ask for admission")
                .atMost(LONG)
                .until(() -> console.get("/gateways").path("items").size() == 1);
        JsonNode pending = console.get("/gateways").path("items").get(0);
        console.post(
                "/gateways/gw-1/approve",
                "{\"fingerprint\":\"%s\"}".formatted(pending.path("fingerprint").asText()));
    }

    private static void deploy(Console console, int devicePort, int postgresPort, int max) {
        console.post("/adapters", """
                {"id":"press-07","name":"Press 7","connector":"modbus-tcp-source@1","asset":"press-07","enabled":true,
                 "parameters":{"host":"127.0.0.1","port":%d,"pollIntervalMs":500,"timeoutMs":30000},
                 "points":[{"name":"temperature","area":"holding","address":40001,"type":"int16","scale":0.1,"unit":"Cel"}]}""".formatted(devicePort));
        console.post("/sinks", """
                {"id":"plant","name":"Plant database","connector":"timescaledb-sink@1","topics":["telemetry.clean","events.clean"],
                 "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(postgresPort));
        console.post("/rules", rules(max));
        console.post(
                "/deployments",
                "{\"id\":\"line-1\",\"name\":\"Line 1\",\"gatewayId\":\"gw-1\",\"adapters\":[\"press-07\"],\"sinks\":[\"plant\"],\"ruleSet\":\"default\"}");
        console.activate("line-1");
    }

    private static String rules(int max) {
        return """
                {"id":"default","name":"Default","validation":[{"asset":"*","parameter":"temperature","range":{"min":0,"max":%d}}],
                 "aggregates":[{"resolutionMs":1000}]}""".formatted(max);
    }

    private static String bulk(String action, String asOf) {
        return "{\"action\":\"%s\",\"filter\":{\"gateway\":\"gw-1\",\"reason\":\"RANGE\",\"state\":\"PENDING\"},\"asOf\":\"%s\"}"
                .formatted(action, asOf);
    }

    private static JsonNode letters(Console console, String state) {
        return console.get("/dlq?gateway=gw-1&limit=1000&state=" + state).path("items");
    }

    private static List<String> ids(JsonNode letters) {
        List<String> ids = new ArrayList<>();
        letters.forEach(letter -> ids.add(letter.path("id").asText()));
        return ids;
    }

    private static void awaitState(Console console, String id, String state) {
        await("letter " + id + " to be " + state)
                .atMost(LONG)
                .until(() ->
                        console.get("/dlq/" + id).at("/letter/state").asText().equals(state));
    }

    private static List<String> actions(Console console) {
        List<String> actions = new ArrayList<>();
        console.get("/audit?limit=100")
                .path("items")
                .forEach(entry -> actions.add(entry.path("action").asText()));
        return actions;
    }
}
