package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.modbus.peers.PymodbusServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Control plane and gateway together: what activation changes, what it must not touch, and what happens when either is away. */
class DeploymentIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String POINTS = """
            [{"name":"temperature","area":"holding","address":40001,"type":"int16","scale":0.1,"unit":"Cel"},
             {"name":"setpoint","address":"4x00002","scale":0.1,"unit":"Cel","writable":true,"writeMax":30,"writeIf":"temperature","writeIfValue":"24.1"}]""";

    @Test
    void activationIsWhatChangesAGatewayAndItRunsOnWithoutTheControlPlane(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.holding(0, 0x00F1, 200);
            stack.broker();
            Postgres postgres = stack.postgres();
            Part controlPlane = stack.controlPlane();
            Console console = Console.firstAdmin(stack.controlPlaneUrl());

            Part gateway = stack.gatewayWithToken(console.enrollmentToken());
            await("the gateway to ask for admission")
                    .atMost(LONG)
                    .until(() -> console.get("/gateways").path("items").size() == 1);
            JsonNode pending = console.get("/gateways").path("items").get(0);
            assertThat(pending.path("status").asText()).isEqualTo("PENDING");
            String gatewayId = pending.path("id").asText();
            assertThat(console.send(
                                    "POST",
                                    "/gateways/" + gatewayId + "/approve",
                                    "{\"fingerprint\":\"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff\"}",
                                    null)
                            .statusCode())
                    .as("approval with a fingerprint that is not the gateway's")
                    .isBetween(400, 499);
            console.post(
                    "/gateways/" + gatewayId + "/approve",
                    "{\"fingerprint\":\"%s\"}"
                            .formatted(pending.path("fingerprint").asText()));

            console.post("/adapters", adapter("press-07", device.port(), 1000));
            console.post("/adapters", adapter("press-08", device.port(), 1000));
            console.post("/sinks", """
                    {"id":"plant","name":"Plant database","connector":"timescaledb-sink@1","topics":["telemetry.clean","telemetry.1s"],
                     "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(postgres.port()));
            console.post("/rules", """
                    {"id":"default","name":"Default","validation":[{"asset":"*","parameter":"temperature","range":{"min":0,"max":100}}],
                     "aggregates":[{"resolutionMs":1000}]}""");
            console.post("/deployments", deployment(gatewayId, "[\"press-07\",\"press-08\"]"));
            console.activate("line-1");
            runs(console, gatewayId, 1);
            await("rows in the sink")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM telemetry WHERE value = 24.1 AND asset_id = 'press-07'")
                            > 2);

            // A value goes back to the device, is read back, and is kept with who asked.
            JsonNode written = console.post("/tags/write", write(gatewayId, 25));
            assertThat(written.path("before").asDouble()).isEqualTo(20.0);
            assertThat(written.path("readBack").asDouble()).isEqualTo(25.0);
            await("the written value, polled")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM telemetry WHERE value = 25 AND parameter = 'setpoint' AND asset_id = 'press-07'")
                            > 0);
            HttpResponse<String> tooHot = console.send("POST", "/tags/write", write(gatewayId, 31), null);
            assertThat(tooHot.statusCode()).isEqualTo(409);
            assertThat(tooHot.body()).contains("Point 'press-07/setpoint' must be at most 30, got 31.");
            assertThat(console.get("/audit?action=tag.written")
                            .path("items")
                            .get(0)
                            .toString())
                    .contains("admin", "press-07/setpoint", "\"before\":20", "\"readBack\":25");

            // An edit changes nothing until a revision is activated.
            String before = stack.gatewayUrl() + "/health";
            String untouched = since(console, gatewayId, "adapter.press-08");
            String edited = since(console, gatewayId, "adapter.press-07");
            String stage = since(console, gatewayId, "validate.telemetry");
            console.put("/adapters/press-07", adapter("press-07", device.port(), 500));
            assertThat(console.get("/deployments/line-1/diff?against=running").toString())
                    .contains("adapter.press-07")
                    .contains("pollIntervalMs");
            long heartbeats = beats(console, gatewayId);
            await("two more heartbeats").atMost(LONG).until(() -> beats(console, gatewayId) > heartbeats);
            assertThat(console.gateway(gatewayId).path("runningRevision").asInt())
                    .isEqualTo(1);
            assertThat(since(console, gatewayId, "adapter.press-07")).isEqualTo(edited);
            assertThat(Stack.get(before)).contains("adapter.press-07");

            // Activating it replaces that route only.
            console.activate("line-1");
            runs(console, gatewayId, 2);
            assertThat(since(console, gatewayId, "adapter.press-07")).isNotEqualTo(edited);
            assertThat(since(console, gatewayId, "adapter.press-08")).isEqualTo(untouched);
            assertThat(since(console, gatewayId, "validate.telemetry")).isEqualTo(stage);

            // A device that cannot be reached degrades its route; the plan stays.
            console.post("/adapters", adapter("press-09", FreePort.next(), 1000));
            console.put("/deployments/line-1", deployment(gatewayId, "[\"press-07\",\"press-08\",\"press-09\"]"));
            console.activate("line-1");
            runs(console, gatewayId, 3);
            await("the unreachable device's route").atMost(LONG).until(() -> console.route(
                            gatewayId, "adapter.press-09")
                    .path("state")
                    .asText()
                    .equals("DEGRADED"));
            assertThat(console.gateway(gatewayId).path("rejected").isNull()).isTrue();

            // Roll back by activating an older revision.
            console.post("/deployments/line-1/revisions/2/activate", "");
            runs(console, gatewayId, 2);
            assertThat(console.route(gatewayId, "adapter.press-09").isMissingNode())
                    .isTrue();
            assertThat(since(console, gatewayId, "validate.telemetry")).isEqualTo(stage);

            // A revision that cannot start: the gateway goes back, says why, and does not try it again.
            console.post("/sinks", """
                    {"id":"other","name":"Other","connector":"timescaledb-sink@1","topics":["telemetry.clean"],
                     "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"not-there"}}}""".formatted(postgres.port()));
            console.put(
                    "/deployments/line-1",
                    deployment(gatewayId, "[\"press-07\",\"press-08\"]", "[\"plant\",\"other\"]"));
            console.activate("line-1");
            await("the rejection")
                    .atMost(LONG)
                    .until(() -> console.gateway(gatewayId)
                                    .path("rejected")
                                    .path("revision")
                                    .asInt()
                            == 4);
            assertThat(console.gateway(gatewayId)
                            .path("rejected")
                            .path("reason")
                            .asText())
                    .contains("sink.other")
                    .contains("not-there");
            assertThat(console.gateway(gatewayId).path("runningRevision").asInt())
                    .isEqualTo(2);
            assertThat(since(console, gatewayId, "validate.telemetry")).isEqualTo(stage);
            assertThat(gateway.log().lines().filter(line -> line.contains("Revision 4 was rejected")))
                    .as("tries of the rejected revision")
                    .hasSize(1);
            console.post("/deployments/line-1/revisions/2/activate", "");
            await("the rejection to be history")
                    .atMost(LONG)
                    .until(() -> console.gateway(gatewayId).path("rejected").isNull());

            // Without the control plane the gateway goes on, and starts again.
            controlPlane.kill();
            gateway.kill();
            gateway.start();
            Stack.awaitReady(stack.gatewayUrl());
            long rows = postgres.number("plant", "SELECT count(*) FROM telemetry");
            await("rows without a control plane")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") > rows + 5);
            controlPlane.start();
            Stack.awaitReady(stack.controlPlaneUrl());
            Console again = Console.login(stack.controlPlaneUrl());
            await("the gateway to be back in the console")
                    .atMost(LONG)
                    .until(() ->
                            again.gateway(gatewayId).path("health").asText().equals("HEALTHY"));
        }
    }

    private static void runs(Console console, String gatewayId, int revision) {
        await("revision " + revision + " to run")
                .atMost(LONG)
                .until(() -> console.gateway(gatewayId).path("runningRevision").asInt() == revision);
    }

    private static long beats(Console console, String gatewayId) {
        return java.time.Instant.parse(
                        console.gateway(gatewayId).path("lastHeartbeatAt").asText())
                .toEpochMilli();
    }

    private static String since(Console console, String gatewayId, String routeId) {
        await(routeId + " to run")
                .atMost(LONG)
                .until(() ->
                        console.route(gatewayId, routeId).path("state").asText().equals("RUNNING"));
        return console.route(gatewayId, routeId).path("since").asText();
    }

    private static String write(String gatewayId, int value) {
        return "{\"gatewayId\":\"%s\",\"assetId\":\"press-07\",\"parameter\":\"setpoint\",\"value\":%d}"
                .formatted(gatewayId, value);
    }

    private static String adapter(String id, int port, int pollIntervalMs) {
        return """
                {"id":"%1$s","name":"%1$s","connector":"modbus-tcp-source@1","asset":"%1$s","enabled":true,
                 "parameters":{"host":"127.0.0.1","port":%2$d,"pollIntervalMs":%3$d,"timeoutMs":30000},"points":%4$s}""".formatted(id, port, pollIntervalMs, POINTS);
    }

    private static String deployment(String gatewayId, String adapters) {
        return deployment(gatewayId, adapters, "[\"plant\"]");
    }

    private static String deployment(String gatewayId, String adapters, String sinks) {
        return """
            {"id":"line-1","name":"Line 1","gatewayId":"%s","adapters":%s,"sinks":%s,"ruleSet":"default"}""".formatted(gatewayId, adapters, sinks);
    }
}
