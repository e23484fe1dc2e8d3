package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.controlplane.Api.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a draft to the plan a gateway pulls, and back. */
class DeploymentIT {

    private final Server server = Server.shared();
    private final Api admin = Api.admin(server);
    private final String id = "t" + UUID.randomUUID().toString().substring(0, 8);

    private TestGateway ready() {
        TestGateway gateway = TestGateway.approved(server, admin, "gw-" + id);
        admin.post("/api/v1/adapters", Bodies.adapter("press-" + id, "192.168.10.21", 0.1))
                .ok();
        admin.post("/api/v1/sinks", Bodies.sink("db-" + id)).ok();
        admin.post("/api/v1/rules", Bodies.rules("rules-" + id)).ok();
        admin.post("/api/v1/deployments", deployment()).ok();
        return gateway;
    }

    private String deployment() {
        return Bodies.deployment(id, "gw-" + id, "press-" + id, "db-" + id, "rules-" + id);
    }

    private Answer activate() {
        String etag = admin.get("/api/v1/deployments/" + id).ok().header("ETag");
        return admin.with("If-Match", etag).post("/api/v1/deployments/" + id + "/activate", null);
    }

    private void editAdapter(double scale) {
        String path = "/api/v1/adapters/press-" + id;
        String etag = admin.get(path).ok().header("ETag");
        admin.with("If-Match", etag)
                .put(path, Bodies.adapter("press-" + id, "192.168.10.21", scale))
                .ok();
    }

    @Test
    void draftBecomesAPlanThatTheGatewayPullsOnceByItsEtag() {
        TestGateway gateway = ready();
        assertThat(gateway.get("plan").problem()).isEqualTo("plan-missing");
        JsonNode preflight = admin.post("/api/v1/deployments/" + id + "/preflight", null)
                .ok()
                .body();
        assertThat(preflight.get("problems").toString()).isEqualTo("[]");
        JsonNode revision = activate().ok().body();
        assertThat(revision.get("number").asInt()).isEqualTo(1);
        assertThat(revision.get("active").asBoolean()).isTrue();

        Answer plan = gateway.get("plan").ok();
        assertThat(plan.body().get("hash").asString())
                .isEqualTo(revision.get("hash").asString());
        List<String> routes = new ArrayList<>();
        plan.body()
                .get("routes")
                .forEach(route -> routes.add(route.get("routeId").asString()));
        assertThat(routes)
                .containsExactly(
                        "adapter.press-" + id,
                        "validate.telemetry",
                        "events.plant",
                        "aggregate.1s",
                        "aggregate.1min",
                        "sink.db-" + id,
                        "ledger.gateway");
        assertThat(plan.text()).contains("{\"$secret\":\"plant-db.password\"}");

        String path = gateway.path("plan");
        Answer again = gateway.proved("GET", path, gateway.token())
                .with("If-None-Match", plan.header("ETag"))
                .get(path);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
    }

    @Test
    void editsReachNothingThatRunsUntilTheyAreActivated() {
        TestGateway gateway = ready();
        activate().ok();
        Answer before = gateway.get("plan").ok();
        editAdapter(0.5);
        assertThat(gateway.get("plan").ok().text()).isEqualTo(before.text());

        JsonNode changes =
                admin.get("/api/v1/deployments/" + id + "/diff").ok().body().get("changes");
        JsonNode adapter = changes.get(0);
        assertThat(adapter.get("routeId").asString()).isEqualTo("adapter.press-" + id);
        assertThat(adapter.get("kind").asString()).isEqualTo("changed");
        assertThat(adapter.at("/fields/0/pointer").asString()).isEqualTo("/points/0/scale");
        assertThat(adapter.at("/fields/0/before").asDouble()).isEqualTo(0.1);
        assertThat(adapter.at("/fields/0/after").asDouble()).isEqualTo(0.5);
        for (int i = 1; i < changes.size(); i++) {
            assertThat(changes.get(i).get("kind").asString()).isEqualTo("unchanged");
        }

        activate().ok();
        assertThat(gateway.get("plan").ok().body().get("revision").asInt()).isEqualTo(2);
    }

    @Test
    void rollBackRunsTheOldRevisionUnderItsOldNumber() {
        TestGateway gateway = ready();
        String first = activate().ok().body().get("hash").asString();
        editAdapter(0.5);
        activate().ok();
        JsonNode back = admin.post("/api/v1/deployments/" + id + "/revisions/1/activate", null)
                .ok()
                .body();
        assertThat(back.get("hash").asString()).isEqualTo(first);
        JsonNode plan = gateway.get("plan").ok().body();
        assertThat(plan.get("revision").asInt()).isEqualTo(1);
        assertThat(plan.get("hash").asString()).isEqualTo(first);
        JsonNode revisions = admin.get("/api/v1/deployments/" + id + "/revisions")
                .ok()
                .body()
                .get("items");
        assertThat(revisions.size()).isEqualTo(2);
        assertThat(revisions.at("/1/active").asBoolean()).isTrue();
        assertThat(revisions.at("/0/active").asBoolean()).isFalse();
    }

    @Test
    void revisionsAreImmutableInTheDatabaseToo() throws SQLException {
        ready();
        activate().ok();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("update revision set hash = 'x'"))
                    .hasMessageContaining("immutable");
            assertThatThrownBy(() -> statement.executeUpdate("delete from revision"))
                    .hasMessageContaining("immutable");
        }
    }

    @Test
    void heartbeatIsToldOfAnotherPlanUntilItRunsOrWasRejected() {
        TestGateway gateway = ready();
        String hash = activate().ok().body().get("hash").asString();
        assertThat(planChanged(gateway, "null", "null")).isTrue();
        assertThat(planChanged(gateway, "{\"hash\":\"%s\",\"revision\":1,\"reason\":\"no\"}".formatted(hash), "null"))
                .isFalse();
        assertThat(planChanged(gateway, "null", "\"" + hash + "\"")).isFalse();
    }

    private static boolean planChanged(TestGateway gateway, String rejected, String planHash) {
        String body = """
                {"version":"0.1.0","health":"HEALTHY","planHash":%s,"runningRevision":%s,"desiredRevision":1,
                 "rejected":%s,"routes":[{"routeId":"adapter.x","template":"adapter","state":"RUNNING","detail":null,
                 "since":"2026-11-20T12:00:00Z","restarts":0,"inPerS":2.5,"outPerS":2.5,"deadPerS":0,"lag":null}],
                 "stream":{"brokers":"b:1","up":true},"at":"2026-11-20T12:00:00Z"}""".formatted(planHash, planHash.equals("null") ? "null" : "1", rejected);
        return gateway.post("heartbeat", body).ok().body().get("planChanged").asBoolean();
    }

    @Test
    void overviewShowsWhatTheHeartbeatSaid() {
        TestGateway gateway = ready();
        planChanged(gateway, "null", "null");
        JsonNode flow = admin.get("/api/v1/overview")
                .ok()
                .body()
                .get("gateways")
                .valueStream()
                .filter(row -> row.get("id").asString().equals(gateway.name))
                .findFirst()
                .orElseThrow();
        assertThat(flow.get("inPerS").asDouble()).isEqualTo(2.5);
        assertThat(flow.get("health").asString()).isEqualTo("HEALTHY");
    }

    @Test
    void preflightSaysEverythingAtOnceAndActivationRefuses() {
        ready();
        admin.post("/api/v1/gateways/gw-" + id + "/revoke", null).ok();
        admin.post(
                        "/api/v1/adapters",
                        Bodies.adapter("press-" + id, "h", 1)
                                .replace("press-" + id + "\",\"name", "twin-" + id + "\",\"name"))
                .ok();
        String path = "/api/v1/deployments/" + id;
        String etag = admin.get(path).ok().header("ETag");
        admin.with("If-Match", etag)
                .put(path, deployment().replace("[\"press-" + id + "\"]", "[\"press-" + id + "\",\"twin-" + id + "\"]"))
                .ok();
        JsonNode preflight = admin.post(path + "/preflight", null).ok().body();
        assertThat(preflight.get("ok").asBoolean()).isFalse();
        assertThat(preflight.get("problems").toString())
                .contains("is REVOKED: approve it first")
                .contains("Tag 'press-%s/temperature' is read by adapter 'press-%s' and by adapter 'twin-%s'"
                        .formatted(id, id, id));
        Answer refused = activate();
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("preflight-failed");
        assertThat(refused.body().get("errors").size()).isGreaterThan(2);
    }

    @Test
    void writesNeedTheVersionThatWasSeen() {
        ready();
        String path = "/api/v1/adapters/press-" + id;
        String body = Bodies.adapter("press-" + id, "h", 1);
        Answer missing = admin.put(path, body);
        assertThat(missing.status()).isEqualTo(428);
        assertThat(missing.problem()).isEqualTo("version-missing");
        admin.with("If-Match", "\"1\"").put(path, body).ok();
        Answer stale = admin.with("If-Match", "\"1\"").put(path, body);
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body().get("detail").asString()).contains("is at version 2, and If-Match says 1");
        assertThat(admin.with("If-Match", "3").put(path, body).status()).isEqualTo(400);
        Answer used = admin.with("If-Match", "\"2\"").delete(path);
        assertThat(used.status()).isEqualTo(409);
        assertThat(used.body().get("detail").asString()).contains("is part of deployment " + id);
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        Answer wrong = admin.post("/api/v1/adapters", """
                {"id":"bad-%s","name":"Bad","connector":"modbus-tcp-source@1","asset":"a",
                 "parameters":{"pollIntervalMs":10,"speed":3},
                 "points":[{"name":"x","address":"forty"},{"name":"x","address":1}]}""".formatted(id));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.header("Content-Type")).startsWith("application/problem+json");
        assertThat(wrong.body().get("requestId").asString()).isEqualTo(wrong.header("X-Request-Id"));
        assertThat(wrong.body().get("instance").asString()).isEqualTo("/api/v1/adapters");
        List<String> pointers = new ArrayList<>();
        wrong.body()
                .get("errors")
                .forEach(error -> pointers.add(error.get("pointer").asString()));
        assertThat(pointers)
                .containsExactlyInAnyOrder(
                        "/parameters/host",
                        "/parameters/pollIntervalMs",
                        "/parameters/speed",
                        "/points/0/address",
                        "/points/1/name");
        assertThat(wrong.text()).contains("pollIntervalMs must be at least 50, got 10.");

        JsonNode checked = admin.post("/api/v1/adapters/validate", "{\"id\":\"Bad Id\",\"points\":[]}")
                .ok()
                .body();
        assertThat(checked.get("valid").asBoolean()).isFalse();
        assertThat(checked.get("errors").toString()).contains("/id", "/name", "/connector", "/asset", "/parameters");

        Answer unknown = admin.post(
                "/api/v1/adapters",
                Bodies.adapter("u-" + id, "h", 1).replace("modbus-tcp-source@1", "modbus-tpc-source@1"));
        assertThat(unknown.text())
                .contains("Unknown source connector 'modbus-tpc-source@1'. Known: ")
                .contains("modbus-tcp-source@1");
        assertThat(admin.post("/api/v1/adapters", "{\"identifier\":1}").text()).contains("/identifier");
        assertThat(admin.post("/api/v1/adapters", "{").problem()).isEqualTo("unreadable");
    }

    @Test
    void passwordInTheClearIsRefused() {
        Answer refused = admin.post(
                "/api/v1/sinks",
                Bodies.sink("clear-" + id).replace("{\"$secret\":\"plant-db.password\"}", "\"hunter2\""));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/errors/0/pointer").asString()).isEqualTo("/parameters/password");
        assertThat(refused.text()).doesNotContain("hunter2");
    }

    @Test
    void listsGoOnWhereTheyStopped() {
        for (String name : List.of("a", "b", "c")) {
            admin.post("/api/v1/rules", Bodies.rules("page-" + id + "-" + name)).ok();
        }
        JsonNode first = admin.get("/api/v1/rules?limit=2&q=page-" + id).ok().body();
        assertThat(first.get("items").size()).isEqualTo(2);
        JsonNode rest = admin.get("/api/v1/rules?limit=2&q=page-" + id + "&cursor="
                        + first.get("nextCursor").asString())
                .ok()
                .body();
        assertThat(rest.at("/items/0/id").asString()).isEqualTo("page-" + id + "-c");
        assertThat(rest.get("nextCursor").isNull()).isTrue();
        assertThat(admin.get("/api/v1/rules?cursor=nonsense!").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/rules?limit=0").status()).isEqualTo(400);
    }

    @Test
    void tagsAreThoseOfTheActiveRevision() {
        ready();
        assertThat(tags().size()).isZero();
        activate().ok();
        assertThat(tags().toString())
                .contains("\"assetId\":\"press-%s\"".formatted(id), "\"unit\":\"Cel\"", "other-press-" + id);
    }

    private JsonNode tags() {
        return admin.get("/api/v1/tags?gateway=gw-" + id).ok().body().get("items");
    }

    @Test
    void demoPlantLoadsOnceAndAgainWithoutChange(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("plant.json");
        Files.writeString(file, """
                {"adapters":[%s],"sinks":[%s],"rules":%s,
                 "deployment":{"id":"demo","name":"Demo","adapters":["boiler"],"sinks":["db"],"ruleSet":"demo-rules"}}""".formatted(
                        Bodies.adapter("boiler", "127.0.0.1", 1), Bodies.sink("db"), Bodies.rules("demo-rules")));
        try (Server fresh = Server.start("--streamforge.demo.plant=" + file)) {
            Api api = Api.admin(fresh);
            TestGateway gateway = TestGateway.approved(fresh, api, "gw-1");
            assertThat(api.get("/api/v1/setup")
                            .ok()
                            .body()
                            .get("demoPlantAvailable")
                            .asBoolean())
                    .isTrue();
            String body = "{\"gatewayId\":\"gw-1\"}";
            JsonNode loaded = api.post("/api/v1/demo-plant", body).ok().body();
            assertThat(loaded.get("revision").asInt()).isEqualTo(1);
            assertThat(api.post("/api/v1/demo-plant", body).ok().body()).isEqualTo(loaded);
            assertThat(gateway.get("plan").ok().body().get("revision").asInt()).isEqualTo(1);
        }
        assertThat(admin.post("/api/v1/demo-plant", "{\"gatewayId\":\"gw-1\"}").problem())
                .isEqualTo("demo-plant-missing");
    }
}
