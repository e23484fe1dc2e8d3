package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.controlplane.Api.Answer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What travels between console and gateway by server-sent events, through the control plane. */
class CommandChannelIT {

    private final Server server = Server.shared();
    private final Api admin = Api.admin(server);
    private final TestGateway gateway = TestGateway.approved(
            server, admin, "gw-" + UUID.randomUUID().toString().substring(0, 8));

    private EventReader openChannel() {
        String path = gateway.path("commands");
        EventReader channel = new EventReader(gateway.proved("GET", path, gateway.token()), path);
        eventually(() -> assertThat(channel.events).isNotEmpty());
        return channel;
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
    }

    private static JsonNode command(EventReader channel, String type) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> channel.named("command").stream()
                                .filter(c -> c.get("type").asString().equals(type))
                                .reduce((first, last) -> last),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private void answer(JsonNode command, String body) {
        Answer answered = gateway.post("commands/" + command.get("id").asString() + "/answer", body);
        assertThat(answered.status()).isEqualTo(204);
    }

    private String history() {
        return "/api/v1/tags/history?gateway=%s&asset=press-07&parameter=temperature&from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z&maxPoints=100"
                .formatted(gateway.name);
    }

    @Test
    void historyIsWhatTheGatewayAnswers() {
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> admin.get(history()));
            JsonNode command = command(channel, "read-history");
            assertThat(command.at("/arguments/assetId").asString()).isEqualTo("press-07");
            assertThat(command.at("/arguments/from").asString()).isEqualTo("2026-11-20T10:00:00Z");
            assertThat(command.at("/arguments/maxPoints").asInt()).isEqualTo(100);
            answer(command, """
                    {"status":"OK","error":null,"result":{"unit":"Cel","points":[
                     {"time":"2026-11-20T10:00:00Z","value":24.1,"min":null,"max":null,"quality":"GOOD"}]}}""");
            JsonNode history = asked.join().ok().body();
            assertThat(history.get("unit").asString()).isEqualTo("Cel");
            assertThat(history.at("/points/0/value").asDouble()).isEqualTo(24.1);
        }
    }

    @Test
    void failedHistoryIsAProblemThatSaysWhy() {
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> admin.get(history()));
            answer(command(channel, "read-history"), "{\"status\":\"FAILED\",\"error\":\"The stream is down.\"}");
            assertThat(asked.join().status()).isEqualTo(502);
            assertThat(asked.join().body().get("detail").asString()).contains("The stream is down.");
        }
    }

    @Test
    void askingAGatewayThatIsAwayIsAProblemAtOnce() {
        Answer refused = admin.get(history());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("gateway-offline");
    }

    @Test
    void connectionTestCarriesTheUnsavedAdapter() {
        try (EventReader channel = openChannel()) {
            String body = "{\"gatewayId\":\"%s\",\"adapter\":%s}"
                    .formatted(gateway.name, Bodies.adapter("unsaved", "192.168.10.99", 0.1));
            CompletableFuture<Answer> asked =
                    CompletableFuture.supplyAsync(() -> admin.post("/api/v1/adapters/test", body));
            JsonNode command = command(channel, "test-connection");
            assertThat(command.at("/arguments/connector").asString()).isEqualTo("modbus-tcp-source");
            assertThat(command.at("/arguments/properties/host").asString()).isEqualTo("192.168.10.99");
            assertThat(command.at("/arguments/points").size()).isEqualTo(2);
            answer(command, "{\"status\":\"FAILED\",\"error\":\"No route to 192.168.10.99.\"}");
            assertThat(asked.join().ok().body().get("status").asString()).isEqualTo("FAILED");
            assertThat(admin.get("/api/v1/adapters/unsaved").status()).isEqualTo(404);
        }
    }

    @Test
    void browsingAsksTheGatewayAndOnlyWhereTheConnectorCan() {
        String body =
                "{\"gatewayId\":\"%s\",\"connector\":\"%s@1\",\"parameters\":%s,\"below\":\"nsu=urn:x;s=Press\",\"from\":200,\"limit\":100}";
        String opcua = body.formatted(gateway.name, "opcua-source", "{\"url\":\"opc.tcp://192.168.10.30:4840\"}");
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked =
                    CompletableFuture.supplyAsync(() -> admin.post("/api/v1/adapters/browse", opcua));
            JsonNode command = command(channel, "browse");
            assertThat(command.at("/arguments/connector").asString()).isEqualTo("opcua-source");
            assertThat(command.at("/arguments/below").asString()).isEqualTo("nsu=urn:x;s=Press");
            assertThat(command.at("/arguments/from").asInt()).isEqualTo(200);
            answer(command, """
                    {"status":"OK","error":null,"result":{"more":false,"nodes":[
                     {"id":"nsu=urn:x;s=T","name":"T","branch":true,"detail":"Double","point":{"name":"T","node":"nsu=urn:x;s=T"}}]}}""");
            assertThat(asked.join().ok().body().at("/result/nodes/0/name").asString())
                    .isEqualTo("T");
        }
        Answer refused = admin.post(
                "/api/v1/adapters/browse", body.formatted(gateway.name, "modbus-tcp-source", "{\"host\":\"h\"}"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("not-browsable");
        Answer wrong = admin.post(
                "/api/v1/adapters/browse", body.formatted(gateway.name, "opcua-source", "{\"url\":\"http://h\"}"));
        assertThat(wrong.body().at("/errors/0/pointer").asString()).isEqualTo("/parameters/url");
    }

    @Test
    void commandSentWhileTheChannelWasBrokenArrivesAfterwards() {
        String id = gateway.name.substring(3);
        admin.post("/api/v1/adapters", Bodies.adapter("a-" + id, "h", 1)).ok();
        admin.post("/api/v1/sinks", Bodies.sink("s-" + id)).ok();
        admin.post("/api/v1/rules", Bodies.rules("r-" + id)).ok();
        admin.post("/api/v1/deployments", Bodies.deployment(id, gateway.name, "a-" + id, "s-" + id, "r-" + id))
                .ok();
        admin.with("If-Match", "\"1\"")
                .post("/api/v1/deployments/" + id + "/activate", null)
                .ok();
        try (EventReader channel = openChannel()) {
            JsonNode command = command(channel, "plan-changed");
            answer(command, "{\"status\":\"OK\"}");
            answer(command, "{\"status\":\"FAILED\"}");
        }
        try (EventReader again = openChannel()) {
            assertThat(again.named("command"))
                    .as("answered commands do not come again")
                    .isEmpty();
        }
    }

    @Test
    void revokedGatewayLosesItsChannel() {
        try (EventReader channel = openChannel()) {
            admin.post("/api/v1/gateways/" + gateway.name + "/revoke", null).ok();
            eventually(() -> assertThat(channel.ended()).isTrue());
        }
    }

    @Test
    void liveValuesReachWhoeverWatchesThem() {
        String live = "/api/v1/tags/live?gateway=" + gateway.name;
        try (EventReader first = new EventReader(admin, live + "&tag=press-07/temperature&tag=press-07/force")) {
            eventually(() -> assertThat(first.named("state"))
                    .extracting(JsonNode::toString)
                    .containsExactly("{\"state\":\"GATEWAY_OFFLINE\"}"));
            try (EventReader channel = openChannel()) {
                eventually(() -> assertThat(first.named("state"))
                        .extracting(JsonNode::toString)
                        .endsWith("{\"state\":\"LIVE\"}"));
                JsonNode watch = command(channel, "watch-tags");
                assertThat(watch.at("/arguments/tags").size()).isEqualTo(2);
                assertThat(watch.at("/arguments/ttlMs").asLong()).isGreaterThan(10_000);
                String values = """
                        {"watchId":"%s","values":[
                         {"assetId":"press-07","parameter":"temperature","value":24.1,"unit":"Cel","quality":"GOOD",
                          "reason":null,"deviceTime":null,"gatewayTime":"2026-11-20T12:00:00Z"},
                         {"assetId":"other","parameter":"x","value":1,"unit":null,"quality":"GOOD",
                          "reason":null,"deviceTime":null,"gatewayTime":"2026-11-20T12:00:00Z"}]}""".formatted(watch.at("/arguments/watchId").asString());
                assertThat(gateway.post("tags", values).status()).isEqualTo(204);
                eventually(() -> assertThat(first.named("values")).hasSize(1));
                assertThat(first.named("values").get(0).size())
                        .as("only what was asked for")
                        .isEqualTo(1);
                assertThat(first.named("values").get(0).at("/0/value").asDouble())
                        .isEqualTo(24.1);
                try (EventReader second = new EventReader(admin, live + "&tag=press-07/temperature")) {
                    eventually(() -> assertThat(second.named("values"))
                            .as("a second watcher sees the latest value at once")
                            .hasSize(1));
                }
            }
            eventually(() -> assertThat(first.named("state"))
                    .extracting(JsonNode::toString)
                    .endsWith("{\"state\":\"GATEWAY_OFFLINE\"}"));
        }
        assertThat(admin.get(live + "&tag=nonsense").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/tags/live?gateway=absent&tag=a/b").status())
                .isEqualTo(404);
    }

    @Test
    void aReplayIsAskedOfTheGatewayAndItsProgressComesWithTheHeartbeat() {
        gateway.post("heartbeat", """
                {"version":"0.1.0","health":"HEALTHY","routes":[{"routeId":"validate.telemetry","template":"validate",
                 "state":"RUNNING","since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":0,"outPerS":0}],
                 "replays":[{"id":"r-1","routeId":"validate.telemetry","into":"telemetry.clean.replay","state":"RUNNING",
                  "ratePerS":5000,"done":1200,"total":5000,"startedAt":"2026-11-20T12:00:00Z"}],
                 "stream":{"brokers":"b:1","up":true},"at":"2026-11-20T12:00:00Z"}""").ok();
        String replays = "/api/v1/gateways/" + gateway.name + "/replays";
        assertThat(admin.post(replays, "{\"routeId\":\"validate.telemetry\",\"from\":\"yesterday\"}")
                        .status())
                .isEqualTo(400);
        assertThat(admin.post(replays, "{\"routeId\":\"sink.x\",\"from\":\"0\"}")
                        .problem())
                .isEqualTo("route-unknown");
        assertThat(admin.post(replays + "/r-9/cancel", null).problem()).isEqualTo("replay-unknown");
        assertThat(admin.get("/api/v1/gateways/" + gateway.name)
                        .ok()
                        .body()
                        .at("/replays/0/done")
                        .asInt())
                .isEqualTo(1200);
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> admin.post(replays, """
                    {"id":"r-2","routeId":"validate.telemetry","from":"2026-11-20T00:00Z","into":"telemetry.clean.replay"}"""));
            JsonNode command = command(channel, "replay");
            assertThat(command.at("/arguments/replayId").asString()).isEqualTo("r-2");
            assertThat(command.at("/arguments/from").asString()).isEqualTo("2026-11-20T00:00Z");
            assertThat(command.at("/arguments/to").isNull()).isTrue();
            assertThat(command.at("/arguments/ratePerS").asInt()).isEqualTo(5000);
            answer(command, "{\"status\":\"OK\",\"result\":{\"id\":\"r-2\"}}");
            assertThat(asked.join().ok().body().at("/result/id").asString()).isEqualTo("r-2");

            CompletableFuture<Answer> cancelled =
                    CompletableFuture.supplyAsync(() -> admin.post(replays + "/r-1/cancel", null));
            answer(command(channel, "cancel-replay"), "{\"status\":\"OK\"}");
            cancelled.join().ok();
        }
        assertThat(admin.get("/api/v1/audit?action=replay.start").ok().body().toString())
                .contains(gateway.name + "/r-2");
    }

    @Test
    void aWriteIsForWritableTagsAndKeptWithWhoAskedAndWhatCameOfIt() {
        activateWithSetpoint();
        JsonNode tags =
                admin.get("/api/v1/tags?gateway=" + gateway.name).ok().body().get("items");
        assertThat(tags.toString())
                .contains(
                        "\"parameter\":\"setpoint\",\"unit\":\"Cel\",\"adapterId\":\"w-" + id()
                                + "\",\"writeRule\":{\"min\":5,\"max\":30,\"intervalMs\":5000,\"onlyIf\":\"running\",\"onlyIfValue\":\"true\"}")
                .contains(
                        "\"parameter\":\"running\",\"unit\":null,\"adapterId\":\"w-" + id() + "\",\"writeRule\":null");
        assertThat(admin.post("/api/v1/tags/write", write("running", "true")).problem())
                .isEqualTo("not-writable");
        assertThat(admin.post("/api/v1/tags/write", write("speed", "1")).problem())
                .isEqualTo("tag-unknown");
        assertThat(admin.post("/api/v1/tags/write", write("setpoint", "[1]")).text())
                .contains("/value");
        assertThat(admin.post("/api/v1/tags/write", write("setpoint", "24.1")).problem())
                .isEqualTo("gateway-offline");
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked =
                    CompletableFuture.supplyAsync(() -> admin.post("/api/v1/tags/write", write("setpoint", "24.1")));
            JsonNode command = command(channel, "write-point");
            assertThat(command.at("/arguments/adapterId").asString()).isEqualTo("w-" + id());
            assertThat(command.at("/arguments/assetId").asString()).isEqualTo("press-w");
            assertThat(command.at("/arguments/value").asDouble()).isEqualTo(24.1);
            assertThat(command.at("/arguments/by").asString()).isEqualTo("admin");
            answer(command, """
                    {"status":"OK","error":null,"result":{"before":20.0,"written":24.1,"readBack":24.1,"quality":"GOOD",
                     "at":"2026-11-21T08:00:00Z","error":null}}""");
            assertThat(asked.join().ok().body().get("readBack").asDouble()).isEqualTo(24.1);
            String audit = audit("tag.written");
            assertThat(audit)
                    .contains(command.at("/arguments/writeId").asString(), "\"before\":20", "\"readBack\":24.1")
                    .contains("\"actor\":\"admin\"");
            assertThat(audit("tag.write"))
                    .contains(command.at("/arguments/writeId").asString());
        }
    }

    @Test
    void aRefusedWriteAndOneThatTheDeviceDidNotTakeAreDifferentProblems() {
        activateWithSetpoint();
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> refused =
                    CompletableFuture.supplyAsync(() -> admin.post("/api/v1/tags/write", write("setpoint", "99")));
            JsonNode first = command(channel, "write-point");
            answer(first, "{\"status\":\"FAILED\",\"error\":\"Point 'press-w/setpoint' must be at most 30, got 99.\"}");
            assertThat(refused.join().status()).isEqualTo(409);
            assertThat(refused.join().problem()).isEqualTo("write-refused");
            assertThat(refused.join().text()).contains("must be at most 30, got 99");

            CompletableFuture<Answer> failed =
                    CompletableFuture.supplyAsync(() -> admin.post("/api/v1/tags/write", write("setpoint", "25")));
            eventually(() -> assertThat(command(channel, "write-point")).isNotEqualTo(first));
            answer(command(channel, "write-point"), """
                    {"status":"FAILED","error":"Point 'press-w/setpoint' was not acknowledged: timeout.","result":
                     {"before":20,"written":25,"readBack":20,"quality":"GOOD","at":"2026-11-21T08:00:00Z"}}""");
            assertThat(failed.join().status()).isEqualTo(502);
            assertThat(failed.join().problem()).isEqualTo("write-failed");
        }
        assertThat(audit("tag.write-failed")).contains("must be at most 30", "was not acknowledged", "\"readBack\":20");
    }

    @Test
    void aDevicesAlarmIsAnsweredWhereItIsKeptAndTheAuditSaysByWhom() {
        String path = "/api/v1/gateways/" + gateway.name + "/device-alarms";
        assertThat(admin.get(path).problem()).isEqualTo("gateway-offline");
        String answer = """
                {"adapterId":"tank","assetId":"tank-3","eventType":"Level/High","conditionId":"ns=2;i=7","eventId":"%s","action":"ACKNOWLEDGE","comment":"seen"}""";
        assertThat(admin.post(path + "/answer", answer.formatted("9F")).text()).contains("/eventId");
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> listed = CompletableFuture.supplyAsync(() -> admin.get(path));
            answer(command(channel, "list-alarms"), """
                    {"status":"OK","result":{"adapters":[{"adapterId":"tank","error":null,"alarms":[
                     {"assetId":"tank-3","eventType":"Level/High","state":"UNACKNOWLEDGED","eventId":"9f01","since":"2026-11-21T08:00:00Z",
                      "condition":{"conditionId":"ns=2;i=7","branchId":null,"severity":800,"message":"too high","active":true,"acked":false,
                                   "confirmed":null,"retain":true,"comment":null,"user":null}}]}]}}""");
            JsonNode alarm = listed.join().ok().body().at("/adapters/0/alarms/0");
            assertThat(alarm.get("state").asString()).isEqualTo("UNACKNOWLEDGED");
            assertThat(alarm.at("/condition/severity").asInt()).isEqualTo(800);

            CompletableFuture<Answer> given =
                    CompletableFuture.supplyAsync(() -> admin.post(path + "/answer", answer.formatted("9f01")));
            JsonNode first = command(channel, "answer-alarm");
            assertThat(first.at("/arguments/by").asString()).isEqualTo("admin");
            assertThat(first.at("/arguments/comment").asString()).isEqualTo("seen");
            answer(first, "{\"status\":\"OK\"}");
            assertThat(given.join().status()).isEqualTo(204);

            CompletableFuture<Answer> refused =
                    CompletableFuture.supplyAsync(() -> admin.post(path + "/answer", answer.formatted("9f00")));
            eventually(() -> assertThat(command(channel, "answer-alarm")).isNotEqualTo(first));
            answer(
                    command(channel, "answer-alarm"),
                    "{\"status\":\"FAILED\",\"error\":\"The alarm has changed since it was shown.\"}");
            assertThat(refused.join().problem()).isEqualTo("alarm-answer-refused");
        }
        assertThat(audit("device-alarm.acknowledge")).contains("\"comment\":\"seen\"", "\"actor\":\"admin\"");
        assertThat(audit("device-alarm.answered")).contains(gateway.name + "/tank-3/Level/High");
        assertThat(audit("device-alarm.refused")).contains("has changed since");
    }

    @Test
    void aCertificateIsTrustedByAnAdminThroughTheGateway() {
        String path = "/api/v1/gateways/" + gateway.name + "/certificates";
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> listed = CompletableFuture.supplyAsync(() -> admin.get(path));
            answer(command(channel, "list-certificates"), """
                    {"status":"OK","result":{"certificates":[{"protocol":"OPC UA","fingerprint":"AB01","subject":"CN=press","issuer":"CN=press",
                     "uri":"urn:press","validFrom":"2026-01-01T00:00:00Z","validTo":"2027-01-01T00:00:00Z","trusted":false}]}}""");
            assertThat(listed.join().ok().body().at("/certificates/0/subject").asString())
                    .isEqualTo("CN=press");

            CompletableFuture<Answer> trusted =
                    CompletableFuture.supplyAsync(() -> admin.post(path + "/AB01/trust", null));
            JsonNode first = command(channel, "decide-certificate");
            assertThat(first.at("/arguments/trust").asBoolean()).isTrue();
            answer(first, "{\"status\":\"OK\"}");
            assertThat(trusted.join().status()).isEqualTo(204);

            CompletableFuture<Answer> removed = CompletableFuture.supplyAsync(() -> admin.delete(path + "/AB01"));
            eventually(() -> assertThat(command(channel, "decide-certificate")).isNotEqualTo(first));
            answer(
                    command(channel, "decide-certificate"),
                    "{\"status\":\"FAILED\",\"error\":\"There is no certificate.\"}");
            assertThat(removed.join().problem()).isEqualTo("certificate-refused");
        }
        assertThat(audit("certificate.trusted")).contains(gateway.name + "/AB01");
        assertThat(audit("certificate.failed")).contains("There is no certificate.");
    }

    @Test
    void aMethodIsCalledByTheGatewayAndAuditedWithWhatItGaveBack() {
        activateWithMethod();
        JsonNode methods =
                admin.get("/api/v1/methods?adapter=m-" + id()).ok().body().get("items");
        assertThat(methods).hasSize(2);
        assertThat(methods.get(0).toString())
                .contains(
                        "\"name\":\"start\"",
                        "{\"name\":\"recipe\",\"several\":false,\"min\":null,\"max\":null},{\"name\":\"count\",\"several\":false,\"min\":1,\"max\":100},",
                        "{\"name\":\"steps\",\"several\":true,\"min\":null,\"max\":null}",
                        "\"intervalMs\":5000");
        assertThat(admin.get("/api/v1/tags?gateway=" + gateway.name).ok().text())
                .contains("running")
                .doesNotContain("start");
        assertThat(admin.post("/api/v1/methods/call", call("stop", "{}")).problem())
                .isEqualTo("not-callable");
        assertThat(admin.post("/api/v1/methods/call", call("running", "{}")).problem())
                .isEqualTo("method-unknown");
        assertThat(admin.post("/api/v1/methods/call", call("start", "{\"count\":[{}]}"))
                        .text())
                .contains("/arguments/count");
        try (EventReader channel = openChannel()) {
            CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> admin.post(
                    "/api/v1/methods/call", call("start", "{\"recipe\":\"A-17\",\"count\":3,\"steps\":[1,2.5]}")));
            JsonNode first = command(channel, "call-method");
            assertThat(first.at("/arguments/adapterId").asString()).isEqualTo("m-" + id());
            assertThat(first.at("/arguments/method").asString()).isEqualTo("start");
            assertThat(first.at("/arguments/arguments/count").asInt()).isEqualTo(3);
            assertThat(first.at("/arguments/arguments/steps").toString()).isEqualTo("[1,2.5]");
            assertThat(first.at("/arguments/by").asString()).isEqualTo("admin");
            answer(first, """
                    {"status":"OK","error":null,"result":{"outputs":[{"name":"Batch","value":17}],"at":"2026-11-21T08:00:00Z","error":null}}""");
            assertThat(asked.join().ok().body().at("/outputs/0/value").asInt()).isEqualTo(17);
            assertThat(audit("method.called"))
                    .contains(first.at("/arguments/callId").asString(), "\"recipe\":\"A-17\"", "\"Batch\"");
            assertThat(audit("method.call")).contains("\"actor\":\"admin\"");

            CompletableFuture<Answer> failed = CompletableFuture.supplyAsync(
                    () -> admin.post("/api/v1/methods/call", call("start", "{\"recipe\":\"A\",\"count\":3}")));
            eventually(() -> assertThat(command(channel, "call-method")).isNotEqualTo(first));
            answer(
                    command(channel, "call-method"),
                    "{\"status\":\"FAILED\",\"error\":\"timeout\",\"result\":{\"outputs\":[],\"at\":\"2026-11-21T08:00:00Z\"}}");
            assertThat(failed.join().problem()).isEqualTo("call-failed");
        }
        assertThat(audit("method.call-failed")).contains("timeout");
    }

    private void activateWithMethod() {
        admin.post("/api/v1/adapters", """
                        {"id":"m-%s","name":"Callable","connector":"opcua-source@1","asset":"press-m","parameters":{"url":"opc.tcp://127.0.0.1:4840"},
                         "points":[{"name":"start","node":"ns=1;s=Start","method":true,"arguments":"recipe, count 1..100, steps[]","writable":true,"writeIntervalMs":5000},
                                   {"name":"stop","node":"ns=1;s=Stop","method":true},
                                   {"name":"running","node":"ns=1;s=Running"}]}""".formatted(id())).ok();
        admin.post(
                        "/api/v1/deployments",
                        "{\"id\":\"%s\",\"name\":\"D\",\"gatewayId\":\"%s\",\"adapters\":[\"m-%s\"],\"sinks\":[]}"
                                .formatted(id(), gateway.name, id()))
                .ok();
        admin.with("If-Match", "\"1\"")
                .post("/api/v1/deployments/" + id() + "/activate", null)
                .ok();
    }

    private String call(String method, String arguments) {
        return "{\"gatewayId\":\"%s\",\"assetId\":\"press-m\",\"method\":\"%s\",\"arguments\":%s}"
                .formatted(gateway.name, method, arguments);
    }

    private String id() {
        return gateway.name.substring(3);
    }

    private void activateWithSetpoint() {
        admin.post("/api/v1/adapters", """
                        {"id":"w-%s","name":"Writable","connector":"modbus-tcp-source@1","asset":"press-w","parameters":{"host":"127.0.0.1"},
                         "points":[{"name":"setpoint","address":40001,"scale":0.1,"unit":"Cel","writable":true,"writeMin":5,"writeMax":30,
                                    "writeIntervalMs":5000,"writeIf":"running","writeIfValue":"true"},
                                   {"name":"running","area":"coil","address":1,"type":"bool"}]}""".formatted(id())).ok();
        admin.post(
                        "/api/v1/deployments",
                        "{\"id\":\"%s\",\"name\":\"D\",\"gatewayId\":\"%s\",\"adapters\":[\"w-%s\"],\"sinks\":[]}"
                                .formatted(id(), gateway.name, id()))
                .ok();
        admin.with("If-Match", "\"1\"")
                .post("/api/v1/deployments/" + id() + "/activate", null)
                .ok();
    }

    private String write(String parameter, String value) {
        return "{\"gatewayId\":\"%s\",\"assetId\":\"press-w\",\"parameter\":\"%s\",\"value\":%s}"
                .formatted(gateway.name, parameter, value);
    }

    /** Of this gateway's tags. */
    private String audit(String action) {
        return admin.get("/api/v1/audit?action=" + action)
                .ok()
                .body()
                .get("items")
                .valueStream()
                .filter(entry -> entry.get("object").asString().startsWith(gateway.name + "/"))
                .map(JsonNode::toString)
                .collect(java.util.stream.Collectors.joining());
    }

    @Test
    void whatAnAdapterCountsIsToldWhereItRuns() {
        admin.post("/api/v1/adapters", Bodies.adapter("press-r", "h", 1)).ok();
        String runs = "/api/v1/adapters/press-r/runs";
        assertThat(admin.get(runs).ok().body().at("/items")).isEmpty();
        gateway.post("heartbeat", """
                {"version":"0.1.0","health":"DEGRADED","routes":[{"routeId":"validate.telemetry","template":"validate",
                 "state":"RUNNING","since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":0,"outPerS":0},
                 {"routeId":"adapter.press-r","template":"adapter","state":"DEGRADED","detail":"1 of 3 points are BAD",
                  "since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":2,"outPerS":2,
                  "source":{"polls":10,"failedPolls":2,"skippedPolls":1,"undelivered":0,"errors":{"timeout":2},
                   "goodPoints":16,"badPoints":14,"requests":{"perS":1.5,"ceiling":5,"p50Ms":2,"p99Ms":20}}}],
                 "stream":{"brokers":"b:1","up":true},"at":"2026-11-20T12:00:00Z"}""").ok();
        JsonNode run = admin.get(runs).ok().body().at("/items/0");
        assertThat(run.at("/gatewayId").asString()).isEqualTo(gateway.name);
        assertThat(run.at("/health").asString()).isEqualTo("DEGRADED");
        assertThat(run.at("/route/source/errors/timeout").asInt()).isEqualTo(2);
        assertThat(run.at("/route/source/requests/perS").asDouble()).isEqualTo(1.5);
        assertThat(run.at("/route/source/requests/ceiling").asInt()).isEqualTo(5);
        assertThat(admin.get("/api/v1/adapters/absent/runs").status()).isEqualTo(404);
        assertThat(gateway.post("heartbeat", """
                {"version":"0.1.0","health":"HEALTHY","routes":[{"routeId":"adapter.press-r","template":"adapter",
                  "state":"RUNNING","since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":2,"outPerS":2,
                  "source":{"polls":-1,"failedPolls":2,"skippedPolls":1,"undelivered":0,"errors":{},"goodPoints":0,
                   "badPoints":0}}],"stream":{"brokers":"b:1","up":true},"at":"2026-11-20T12:00:00Z"}""").status()).isEqualTo(400);
    }

    @Test
    void silenceOfAGatewayIsAProblemAfterAWhile() {
        String heartbeat = """
                {"version":"0.1.0","health":"HEALTHY","routes":[{"routeId":"adapter.x","template":"adapter",
                 "state":"RUNNING","since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":0,"outPerS":0}],
                 "stream":{"brokers":"b:1","up":true},"at":"2026-11-20T12:00:00Z"}""";
        gateway.post("heartbeat", heartbeat).ok();
        String restart = "/api/v1/gateways/" + gateway.name + "/routes/";
        assertThat(admin.post(restart + "adapter.y/restart", null).problem()).isEqualTo("route-unknown");
        try (EventReader channel = openChannel()) {
            Answer silent = admin.post(restart + "adapter.x/restart", null);
            assertThat(command(channel, "restart-route")
                            .at("/arguments/routeId")
                            .asString())
                    .isEqualTo("adapter.x");
            assertThat(silent.status()).isEqualTo(504);
            assertThat(silent.problem()).isEqualTo("gateway-silent");
        }
    }
}
