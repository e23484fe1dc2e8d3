package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What people do with an OPC UA server through control plane and gateway, over a signed and encrypted connection. */
class OpcUaIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static final String POINTS = """
            [{"name":"level","node":"nsu=urn:streamforge:peer;s=Level"},
             {"name":"running","node":"nsu=urn:streamforge:peer;s=Running"},
             {"name":"setpoint","node":"nsu=urn:streamforge:peer;s=ADouble","writable":true,"writeMin":0,"writeMax":80,"writeIf":"running","writeIfValue":"true"},
             {"name":"stubborn","node":"nsu=urn:streamforge:peer;s=Stubborn","writable":true},
             {"name":"start","node":"nsu=urn:streamforge:peer;s=Start","method":true,"arguments":"recipe, count 1..250","writable":true,"writeIf":"running","writeIfValue":"true"},
             {"name":"forbidden","node":"nsu=urn:streamforge:peer;s=Forbidden","method":true,"writable":true},
             {"name":"stop","node":"nsu=urn:streamforge:peer;s=Stop","method":true}]""";

    private static final NodeOpcuaServer DEVICE = NodeOpcuaServer.start(0, "{\"alarms\":true}");

    private static Stack stack;
    private static Part gateway;
    private static Postgres postgres;
    private static Console console;
    private static String gatewayId;

    /** Of the server's certificate, which an administrator has trusted. */
    private static String fingerprint;

    @BeforeAll
    static void deploy(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        stack = new Stack(directory);
        stack.broker();
        postgres = stack.postgres();
        stack.controlPlane();
        console = Console.firstAdmin(stack.controlPlaneUrl());
        gateway = stack.gatewayWithToken(console.enrollmentToken());
        await("the gateway to ask for admission")
                .atMost(LONG)
                .until(() -> console.get("/gateways").path("items").size() == 1);
        JsonNode pending = console.get("/gateways").path("items").get(0);
        gatewayId = pending.path("id").asText();
        console.post(
                path("/approve"),
                "{\"fingerprint\":\"%s\"}".formatted(pending.path("fingerprint").asText()));
        console.post("/adapters", """
                {"id":"tank","name":"Tank","connector":"opcua-source@1","asset":"tank-3","enabled":true,
                 "parameters":{"url":"%s","alarms":"i=2253","publishingIntervalMs":100},"points":%s}""".formatted(DEVICE.url(), POINTS));
        console.post("/sinks", """
                {"id":"plant","name":"Plant database","connector":"timescaledb-sink@1","topics":["events.clean","telemetry.clean"],
                 "parameters":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(postgres.port()));
        console.post(
                "/deployments",
                "{\"id\":\"line-1\",\"name\":\"Line 1\",\"gatewayId\":\"%s\",\"adapters\":[\"tank\"],\"sinks\":[\"plant\"]}"
                        .formatted(gatewayId));
        console.activate("line-1");
        await("the server's certificate").atMost(LONG).until(() -> console.send(
                        "GET", path("/certificates"), null, null)
                .body()
                .contains("\"trusted\":false"));
        fingerprint = console.get(path("/certificates"))
                .at("/certificates/0/fingerprint")
                .asText();
        console.post(path("/certificates/" + fingerprint + "/trust"), "");
        await("its values").atMost(LONG).until(() -> stored("level", "50") > 0);
    }

    @AfterAll
    static void end() throws Exception {
        stack.close();
        DEVICE.close();
    }

    @Test
    void anAlarmIsAnsweredThroughTheControlPlane() {
        DEVICE.set("Level", "90");
        await("the alarm")
                .atMost(LONG)
                .until(() -> alarm().path("state").asText().equals("UNACKNOWLEDGED"));
        answer("ACKNOWLEDGE");
        DEVICE.set("Level", "50");
        await("the return")
                .atMost(LONG)
                .until(() -> alarm().path("state").asText().equals("RETURNED_UNCONFIRMED"));
        answer("CONFIRM");
        await("the end").atMost(LONG).until(() -> alarm().isMissingNode());

        await("its events in the sink")
                .atMost(LONG)
                .until(() -> postgres.number(
                                "plant",
                                "SELECT count(*) FROM events WHERE new_state = '\"NORMAL\"' AND condition->>'comment' = 'admin: done'")
                        == 1);
        assertThat(postgres.number(
                        "plant",
                        "SELECT count(*) FROM events WHERE asset_id = 'tank-3' AND new_state = '\"UNACKNOWLEDGED\"'"))
                .isEqualTo(1);
        assertThat(audit("device-alarm.answered").toString())
                .contains("admin", "tank-3/2:Level/HighLevel", "ACKNOWLEDGE", "CONFIRM");
        assertThat(audit("certificate.trusted").toString()).contains("admin", fingerprint);
    }

    @Test
    void aSetPointIsWrittenReadBackAndAuditedUnlessAGuardForbidsIt() {
        DEVICE.set("Running", "false");
        refused(
                write("setpoint", "20"),
                409,
                "write-refused",
                "Point 'tank-3/setpoint' may be written only while 'running' is true, it is false. Nothing was written.");
        DEVICE.set("Running", "true");
        refused(
                write("setpoint", "81"),
                409,
                "write-refused",
                "Point 'tank-3/setpoint' must be at most 80, got 81. Nothing was written.");
        refused(write("level", "20"), 409, "not-writable", "is not writable");
        refused(
                write("stubborn", "7"),
                502,
                "write-failed",
                "Point 'tank-3/stubborn' was acknowledged, but is not what was written: wrote 7, read back 5.");

        JsonNode written = done(write("setpoint", "61.5"));
        assertThat(written.path("before").asDouble()).isZero();
        assertThat(written.path("readBack").asDouble()).isEqualTo(61.5);
        await("the written value, as the server told it").atMost(LONG).until(() -> stored("setpoint", "61.5") == 1);

        // An order that the gateway could not carry out in time is not carried out later.
        gateway.freeze();
        refused(write("setpoint", "70"), 504, "gateway-silent", "did not answer write-point within 15 s");
        gateway.thaw();
        await("what became of it")
                .atMost(LONG)
                .until(() -> audit("tag.write-failed").toString().contains("\"value\":70"));
        assertThat(done(write("setpoint", "62")).path("before").asDouble()).isEqualTo(61.5);

        assertThat(audit("tag.write").findValuesAsText("value")).containsExactly("62", "70", "61.5", "7", "81", "20");
        assertThat(audit("tag.written").get(1).toString())
                .contains("admin", "tank-3/setpoint", "\"before\":0", "\"readBack\":61.5");
        assertThat(errors("tag.write-failed"))
                .satisfiesExactly(
                        expired -> assertThat(expired).matches("The command expired at .*, before it could .*"),
                        stubborn -> assertThat(stubborn).endsWith("wrote 7, read back 5."),
                        range -> assertThat(range).contains("must be at most 80, got 81"),
                        interlock -> assertThat(interlock).contains("only while 'running' is true"));
    }

    @Test
    void aMethodIsCalledAndAuditedUnlessAGuardOrTheServerRefusesIt() {
        DEVICE.set("Running", "true");
        assertThat(console.get("/methods?adapter=tank").path("items").findValuesAsText("name"))
                .contains("forbidden", "start", "stop");
        JsonNode called = done(call("start", "{\"recipe\":\"A-17\",\"count\":3}"));
        assertThat(called.path("outputs").findValuesAsText("name")).containsExactly("Batch", "Steps[0]", "Steps[1]");
        assertThat(called.path("outputs").findValuesAsText("value")).containsExactly("17", "A-17", "3 times");
        refused(
                call("start", "{\"recipe\":\"A-17\",\"count\":251}"),
                409,
                "call-refused",
                "Method 'tank-3/start' cannot be called: argument 'count' must be at most 250, got 251. Nothing was called.");
        refused(
                call("start", "{\"recipe\":\"A-17\",\"count\":201}"),
                502,
                "call-failed",
                "0x80AB0000 Bad_InvalidArgument, argument 'Count' 0x803C0000 Bad_OutOfRange");
        refused(call("forbidden", "{}"), 502, "call-failed", "0x80AF0000 Bad_InvalidState");
        refused(call("stop", "{}"), 409, "not-callable", "does not say writable");
        DEVICE.set("Running", "false");
        refused(
                call("start", "{\"recipe\":\"A-17\",\"count\":3}"),
                409,
                "call-refused",
                "Method 'tank-3/start' may be called only while 'running' is true, it is false. Nothing was called.");

        assertThat(audit("method.call")).hasSize(5);
        assertThat(audit("method.called")).hasSize(1);
        assertThat(audit("method.called").toString())
                .contains("admin", "tank-3/start", "\"recipe\":\"A-17\"", "\"name\":\"Batch\"");
        assertThat(errors("method.call-failed"))
                .satisfiesExactly(
                        interlock -> assertThat(interlock).contains("only while 'running' is true"),
                        state -> assertThat(state).contains("Bad_InvalidState"),
                        server -> assertThat(server).contains("Bad_OutOfRange"),
                        range -> assertThat(range).contains("must be at most 250, got 251"));
    }

    private static String path(String rest) {
        return "/gateways/" + gatewayId + rest;
    }

    private static long stored(String parameter, String value) {
        return postgres.number(
                "plant",
                "SELECT count(*) FROM telemetry WHERE asset_id = 'tank-3' AND parameter = '%s' AND value = %s"
                        .formatted(parameter, value));
    }

    private static JsonNode alarm() {
        return console.get(path("/device-alarms")).at("/adapters/0/alarms/0");
    }

    private static void answer(String action) {
        JsonNode alarm = alarm();
        console.post(
                path("/device-alarms/answer"),
                "{\"adapterId\":\"tank\",\"assetId\":%s,\"eventType\":%s,\"conditionId\":%s,\"eventId\":%s,\"action\":\"%s\",\"comment\":\"done\"}"
                        .formatted(
                                alarm.path("assetId"),
                                alarm.path("eventType"),
                                alarm.at("/condition/conditionId"),
                                alarm.path("eventId"),
                                action));
    }

    private static HttpResponse<String> write(String point, String value) {
        return console.send(
                "POST",
                "/tags/write",
                "{\"gatewayId\":\"%s\",\"assetId\":\"tank-3\",\"parameter\":\"%s\",\"value\":%s}"
                        .formatted(gatewayId, point, value),
                null);
    }

    private static HttpResponse<String> call(String method, String arguments) {
        return console.send(
                "POST",
                "/methods/call",
                "{\"gatewayId\":\"%s\",\"assetId\":\"tank-3\",\"method\":\"%s\",\"arguments\":%s}"
                        .formatted(gatewayId, method, arguments),
                null);
    }

    private static JsonNode done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Plan.parse(answer.body());
    }

    private static void refused(HttpResponse<String> answer, int status, String problem, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(problem);
        assertThat(Plan.parse(answer.body()).path("detail").asText()).contains(detail);
    }

    /** The latest first. */
    private static JsonNode audit(String action) {
        return console.get("/audit?action=" + action).path("items");
    }

    private static List<String> errors(String action) {
        return audit(action).findValuesAsText("error");
    }
}
