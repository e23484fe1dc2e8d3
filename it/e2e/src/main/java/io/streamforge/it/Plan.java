package io.streamforge.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A route plan written by hand, as the control plane would compile it (contracts: route plan). */
final class Plan {

    static final ObjectMapper JSON = new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private final int revision;
    private final ArrayNode routes = JSON.createArrayNode();

    Plan(int revision) {
        this.revision = revision;
    }

    /** A device that is not to fall silent: a late answer is waited for. */
    Plan modbus(String id, int port, int pollIntervalMs, String points) {
        return modbus(id, port, pollIntervalMs, 30_000, points);
    }

    Plan modbus(String id, int port, int pollIntervalMs, int timeoutMs, String points) {
        return route("adapter." + id, "adapter", """
                {"adapterId":"%1$s","adapterName":"%1$s","connector":"modbus-tcp-source","connectorVersion":"1","asset":"%1$s","deviceClock":"none",
                 "properties":{"host":"127.0.0.1","port":%2$d,"unitId":1,"pollIntervalMs":%3$d,"timeoutMs":%4$d,"reconnectMaxDelayMs":1000},
                 "points":%5$s}""".formatted(id, port, pollIntervalMs, timeoutMs, points));
    }

    /** Takes what is posted to {@code /readings} with {@link Stack#PUSH_KEY}. */
    Plan http(String id, int port, int acknowledgeTimeoutMs) {
        return route("adapter." + id, "adapter", """
                {"adapterId":"%1$s","adapterName":"%1$s","connector":"http-source","connectorVersion":"1","asset":"%1$s","deviceClock":"device",
                 "properties":{"port":%2$d,"path":"/readings","apiKey":{"$secret":"push.key"},"epochUnit":"us","acknowledgeTimeoutMs":%3$d}}""".formatted(id, port, acknowledgeTimeoutMs));
    }

    /** As the user {@code plant} with the password {@link Stack#PUSH_KEY}. */
    Plan mqtt(String id, int port, String points) {
        return route("adapter." + id, "adapter", """
                {"adapterId":"%1$s","adapterName":"%1$s","connector":"mqtt-source","connectorVersion":"1","asset":"%1$s","deviceClock":"none",
                 "properties":{"host":"127.0.0.1","port":%2$d,"user":"plant","password":{"$secret":"push.key"},"reconnectMaxDelayMs":1000},
                 "points":%3$s}""".formatted(id, port, points));
    }

    Plan validate(String rules) {
        return route("validate.telemetry", "validate", "{\"rules\":%s}".formatted(rules));
    }

    Plan events() {
        return route("events.plant", "events", "{}");
    }

    Plan aggregate(String name, String source, long resolutionMs) {
        return route("aggregate." + name, "aggregate", """
                {"source":"%s","target":"telemetry.%s","resolutionMs":%d,"allowedLatenessMs":2000}""".formatted(source, name, resolutionMs));
    }

    Plan postgresSink(String id, int port, String topics) {
        return route("sink." + id, "sink", """
                {"sinkId":"%s","connector":"timescaledb-sink","connectorVersion":"1","topics":%s,
                 "properties":{"host":"127.0.0.1","port":%d,"database":"plant","user":"postgres","password":{"$secret":"plant-db.password"}}}""".formatted(id, topics, port));
    }

    Plan ledger() {
        return route("ledger.gateway", "ledger", "{\"intervalMs\":1000}");
    }

    Plan route(String routeId, String template, String parameters) {
        ObjectNode route = routes.addObject();
        route.put("routeId", routeId).put("template", template).put("version", "1");
        route.set("parameters", parse(parameters));
        return this;
    }

    String json() {
        ObjectNode plan = JSON.createObjectNode();
        plan.put("gateway", "gw-1")
                .put("revision", revision)
                .put("hash", hash())
                .put("minRuntime", "0.1");
        plan.set("routes", routes);
        plan.putArray("bundles");
        return plan.toPrettyString();
    }

    private String hash() {
        try {
            byte[] canonical = JSON.writeValueAsString(JSON.treeToValue(routes, Object.class))
                    .getBytes(StandardCharsets.UTF_8);
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
