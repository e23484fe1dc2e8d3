package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.model.Aggregate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A stage into a side topic and a sink into its own system, once more, beside the live path: through control plane, command line and kill -9. */
class ReplayIT {

    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String SIDE = "telemetry.clean.replay";
    private static final int RATE = 2000;

    @Test
    void aStageAndASinkAreRunOnceMoreWithoutDisturbingTheLivePath(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory)) {
            stack.broker();
            Postgres postgres = stack.postgres();
            stack.controlPlane();
            Console console = Console.firstAdmin(stack.controlPlaneUrl());
            Part gateway = stack.gatewayWithToken(console.enrollmentToken());
            String gatewayId = admitted(console);
            deploy(console, gatewayId, postgres.port());
            Writer writer = stack.with(new Writer(stack.bootstrap(), stack.registry(), directory))
                    .start();
            await("some load, validated")
                    .atMost(LONG)
                    .until(() -> stack.stream().records("telemetry.clean").size() > 5000);
            String replays = "/gateways/" + gatewayId + "/replays";
            windowsOnceMore(stack, console, replays, gatewayId);
            int during = writer.count();
            await("the load going on").atMost(LONG).until(() -> writer.count() > during);
            Set<String> acknowledged = writer.finish();
            await("everything in the sink").atMost(LONG).until(() -> rows(postgres) == acknowledged.size());
            List<String> live = bytes(stack, "telemetry.clean");
            await("the same windows in the replay").atMost(LONG).untilAsserted(() -> assertSameWindows(stack));

            // Refused with a reason: a stage has to be told where to, and not onto the live path.
            assertThat(refusal(console, replays, "{\"routeId\":\"validate.telemetry\",\"from\":\"0\"}"))
                    .contains("name a side topic for its results");
            assertThat(refusal(
                            console,
                            replays,
                            "{\"routeId\":\"validate.telemetry\",\"from\":\"0\",\"into\":\"telemetry.clean\"}"))
                    .contains("belongs to the live path");

            // Killed in the middle, it goes on where it was; asked for twice, it runs once.
            int ratePerS = Math.max(1000, acknowledged.size() / 40);
            String slow = """
                    {"id":"slow","routeId":"validate.telemetry","from":"0","into":"%s","ratePerS":%d}""".formatted(SIDE, ratePerS);
            console.post(replays, slow);
            await("the replay to be under way")
                    .atMost(LONG)
                    .until(() -> replay(console, gatewayId, "slow").path("done").asLong() > 1000);
            gateway.kill();
            gateway.start();
            Stack.awaitReady(stack.gatewayUrl());
            ended(console, gatewayId, "slow", "DONE");
            assertThat(console.post(replays, slow).at("/result/state").asText()).isEqualTo("DONE");
            assertThat(bytes(stack, SIDE)).isEqualTo(live);
            assertThat(bytes(stack, "telemetry.clean")).as("the live path").isEqualTo(live);
            await("the replay's route to be gone").atMost(LONG).until(() -> console.route(gatewayId, "replay.slow")
                    .isMissingNode());

            // Cancelled, it ends at once.
            console.post(replays, """
                    {"id":"long","routeId":"validate.telemetry","from":"0","into":"telemetry.other","ratePerS":1}""");
            await("the long replay in the heartbeat").atMost(LONG).until(() -> !replay(console, gatewayId, "long")
                    .isMissingNode());
            console.post(replays + "/long/cancel", "");
            ended(console, gatewayId, "long", "CANCELLED");

            // A sink writes again what is missing, and nothing twice.
            postgres.execute("plant", "DELETE FROM telemetry WHERE asset_id = 'asset-3'");
            assertThat(rows(postgres)).isLessThan(acknowledged.size());
            Part command = stack.part(
                    "replay",
                    Part.java(
                            List.of("-Xmx96m"),
                            "demo",
                            "io.streamforge.demo.Demo",
                            List.of(
                                    "replay",
                                    "--control-plane",
                                    stack.controlPlaneUrl(),
                                    "--route",
                                    "sink.plant",
                                    "--from",
                                    "2026-01-01T00:00Z",
                                    "--rate",
                                    "20000")),
                    Map.of("STREAMFORGE_PASSWORD", Console.PASSWORD));
            await("the command's last line").atMost(LONG).until(() -> command.log()
                    .contains("DONE"));
            assertThat(rows(postgres)).isEqualTo(acknowledged.size());
            assertThat(postgres.number("plant", "SELECT count(DISTINCT (asset_id, sequence)) FROM telemetry"))
                    .isEqualTo(acknowledged.size());
            assertThat(console.get("/audit?action=replay.start").path("items")).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    /** Beside the live load, no faster than ordered; and a window of an hour without waiting for its end. */
    private static void windowsOnceMore(Stack stack, Console console, String replays, String gatewayId) {
        console.post(replays, """
                {"id":"seconds","routeId":"aggregate.1s","from":"0","into":"telemetry.1s.replay","ratePerS":%d}""".formatted(RATE));
        console.post(replays, """
                {"id":"hours","routeId":"aggregate.1hour","from":"0","into":"telemetry.1hour.replay","ratePerS":20000}""");
        ended(console, gatewayId, "seconds", "DONE");
        ended(console, gatewayId, "hours", "DONE");

        long read = contributions(stack.stream().windows("telemetry.1s.replay"));
        JsonNode seconds = replay(console, gatewayId, "seconds");
        Duration took = Duration.between(
                Instant.parse(seconds.path("startedAt").asText()),
                Instant.parse(seconds.path("endedAt").asText()));
        assertThat(read).isGreaterThan(4000);
        // The first poll, a fifth of a second's records, does not wait.
        assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis((read - RATE / 5) * 1000 / RATE));
        assertThat(stack.stream().windows("telemetry.1hour.replay").values().stream()
                        .map(Aggregate::assetId)
                        .distinct())
                .as("assets with a window of an hour that is not over")
                .hasSize(24);
    }

    /** All but the last of each asset, which the replay has only the beginning of. */
    private static void assertSameWindows(Stack stack) {
        Map<String, Aggregate> replayed = stack.stream().windows("telemetry.1s.replay");
        Map<String, Aggregate> latest = new HashMap<>();
        replayed.values().forEach(window -> latest.put(window.assetId(), window));
        replayed.values().removeAll(latest.values());
        assertThat(replayed).isNotEmpty();
        assertThat(stack.stream().windows("telemetry.1s")).containsAllEntriesOf(replayed);
    }

    private static long contributions(Map<String, Aggregate> windows) {
        return windows.values().stream()
                .mapToLong(window -> window.quality().good())
                .sum();
    }

    private static long rows(Postgres postgres) {
        return postgres.number("plant", "SELECT count(*) FROM telemetry WHERE asset_id LIKE 'asset-%'");
    }

    /** The load's records as they stand in the topic, by partition. */
    private static List<String> bytes(Stack stack, String topic) {
        return stack.stream().records(topic).stream()
                .map(record -> record.partition() + " " + HexFormat.of().formatHex(record.value()))
                .sorted()
                .toList();
    }

    private static String refusal(Console console, String replays, String order) {
        JsonNode answer = console.post(replays, order);
        assertThat(answer.path("status").asText()).isEqualTo("FAILED");
        return answer.path("error").asText();
    }

    private static JsonNode replay(Console console, String gatewayId, String id) {
        for (JsonNode replay : console.gateway(gatewayId).path("replays")) {
            if (replay.path("id").asText().equals(id)) {
                return replay;
            }
        }
        return MissingNode.getInstance();
    }

    private static void ended(Console console, String gatewayId, String id, String how) {
        await("replay %s to be %s".formatted(id, how))
                .atMost(LONG)
                .until(() ->
                        replay(console, gatewayId, id).path("state").asText().equals(how));
    }

    private static String admitted(Console console) {
        await("the gateway to ask for admission")
                .atMost(LONG)
                .until(() -> console.get("/gateways").path("items").size() == 1);
        JsonNode pending = console.get("/gateways").path("items").get(0);
        String id = pending.path("id").asText();
        console.post(
                "/gateways/" + id + "/approve",
                "{\"fingerprint\":\"%s\"}".formatted(pending.path("fingerprint").asText()));
        return id;
    }

    private static void deploy(Console console, String gatewayId, int postgresPort) {
        console.post("/sinks", """
                {"id":"plant","name":"Plant database","connector":"timescaledb-sink@1","topics":["telemetry.clean"],
                 "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(postgresPort));
        console.post("/rules", """
                {"id":"default","name":"Default","validation":[{"asset":"*","parameter":"count","range":{"min":0,"max":1000000000}}],
                 "aggregates":[{"resolutionMs":1000},{"resolutionMs":3600000}]}""");
        console.post("/deployments", """
                {"id":"line-1","name":"Line 1","gatewayId":"%s","adapters":[],"sinks":["plant"],"ruleSet":"default","delivery":"exactly-once"}""".formatted(gatewayId));
        console.activate("line-1");
        await("the plan to run")
                .atMost(LONG)
                .until(() -> console.gateway(gatewayId).path("runningRevision").asInt() == 1);
    }
}
