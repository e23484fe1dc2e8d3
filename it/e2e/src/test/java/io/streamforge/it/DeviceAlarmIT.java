package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** From the certificate of an OPC UA server that nobody trusts yet to its alarm, acknowledged and confirmed through the API. */
class DeviceAlarmIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void aServerIsTrustedAndItsAlarmAnsweredThroughTheControlPlane(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                NodeOpcuaServer device = NodeOpcuaServer.start(0, "{\"alarms\":true}")) {
            stack.broker();
            Postgres postgres = stack.postgres();
            stack.controlPlane();
            Console console = Console.firstAdmin(stack.controlPlaneUrl());
            stack.gatewayWithToken(console.enrollmentToken());
            await("the gateway to ask for admission")
                    .atMost(LONG)
                    .until(() -> console.get("/gateways").path("items").size() == 1);
            JsonNode pending = console.get("/gateways").path("items").get(0);
            String gateway = "/gateways/" + pending.path("id").asText();
            console.post(
                    gateway + "/approve",
                    "{\"fingerprint\":\"%s\"}"
                            .formatted(pending.path("fingerprint").asText()));
            console.post("/adapters", """
                    {"id":"tank","name":"Tank","connector":"opcua-source@1","asset":"tank-3","enabled":true,
                     "parameters":{"url":"%s","alarms":"i=2253","publishingIntervalMs":100},
                     "points":[{"name":"level","node":"nsu=urn:streamforge:peer;s=Level"}]}""".formatted(device.url()));
            console.post("/sinks", """
                    {"id":"plant","name":"Plant database","connector":"timescaledb-sink@1","topics":["events.clean"],
                     "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(postgres.port()));
            console.post(
                    "/deployments",
                    "{\"id\":\"line-1\",\"name\":\"Line 1\",\"gatewayId\":\"%s\",\"adapters\":[\"tank\"],\"sinks\":[\"plant\"]}"
                            .formatted(pending.path("id").asText()));
            console.activate("line-1");

            await("the server's certificate").atMost(LONG).until(() -> console.send(
                            "GET", gateway + "/certificates", null, null)
                    .body()
                    .contains("\"trusted\":false"));
            String fingerprint = console.get(gateway + "/certificates")
                    .path("certificates")
                    .get(0)
                    .path("fingerprint")
                    .asText();
            console.post(gateway + "/certificates/" + fingerprint + "/trust", "");
            device.set("Level", "90");
            await("the alarm")
                    .atMost(LONG)
                    .until(() -> alarm(console, gateway).path("state").asText().equals("UNACKNOWLEDGED"));
            console.post(gateway + "/device-alarms/answer", answer(alarm(console, gateway), "ACKNOWLEDGE"));
            device.set("Level", "50");
            await("the return")
                    .atMost(LONG)
                    .until(() -> alarm(console, gateway).path("state").asText().equals("RETURNED_UNCONFIRMED"));
            console.post(gateway + "/device-alarms/answer", answer(alarm(console, gateway), "CONFIRM"));
            await("the end").atMost(LONG).until(() -> alarm(console, gateway).isMissingNode());

            await("its events in the sink")
                    .atMost(LONG)
                    .until(() -> postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM events WHERE new_state = '\"NORMAL\"' AND condition->>'comment' = 'admin: done'")
                            == 1);
            assertThat(
                            postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM events WHERE asset_id = 'tank-3' AND new_state = '\"UNACKNOWLEDGED\"'"))
                    .isEqualTo(1);
            assertThat(console.get("/audit?action=device-alarm.answered")
                            .path("items")
                            .toString())
                    .contains("admin", "tank-3/2:Level/HighLevel", "ACKNOWLEDGE", "CONFIRM");
            assertThat(console.get("/audit?action=certificate.trusted")
                            .path("items")
                            .toString())
                    .contains("admin", fingerprint);
        }
    }

    private static JsonNode alarm(Console console, String gateway) {
        return console.get(gateway + "/device-alarms").at("/adapters/0/alarms/0");
    }

    private static String answer(JsonNode alarm, String action) {
        return "{\"adapterId\":\"tank\",\"assetId\":%s,\"eventType\":%s,\"conditionId\":%s,\"eventId\":%s,\"action\":\"%s\",\"comment\":\"done\"}"
                .formatted(
                        alarm.path("assetId"),
                        alarm.path("eventType"),
                        alarm.at("/condition/conditionId"),
                        alarm.path("eventId"),
                        action);
    }
}
