package io.streamforge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The clicks between an empty control plane and a running plant, each only where it was not done before. */
final class Bootstrap {

    private static final String ADMIN = "admin";

    private final ControlPlaneApi api;
    private final DataFolder folder;
    private final Secrets secrets;

    Bootstrap(ControlPlaneApi api, DataFolder folder, Secrets secrets) {
        this.api = api;
        this.folder = folder;
        this.secrets = secrets;
    }

    /** The demo's gateway, with the fingerprint that it and the control plane agree on. */
    record Approved(String gatewayId, String fingerprint) {}

    /** Whether the control plane took the password the demo made up; an operator may have changed it since. */
    boolean logIn() {
        Map<String, String> credentials = Map.of("username", ADMIN, "password", secrets.admin(), "delivery", "TOKEN");
        if (!api.get("/setup").path("adminExists").asBoolean()) {
            api.use(api.post("/auth/first-admin", credentials));
            return true;
        }
        ControlPlaneApi.Answer answer = api.tryPost("/auth/login", credentials);
        if (answer.ok()) {
            api.use(answer.body());
        }
        return answer.ok();
    }

    void namePlant() {
        ControlPlaneApi.Answer plant = api.tryGet("/plant");
        if (!plant.body().hasNonNull("name")) {
            Map<String, String> naming = Map.of(
                    "name", "Demo plant", "timeZone", ZoneId.systemDefault().getId());
            api.put("/plant", naming, plant.etag());
        }
    }

    /** What the gateway needs to enrol; empty when it has. */
    Optional<String> enrolmentToken() {
        if (Files.isDirectory(folder.of("gateway"))
                && gateways().stream()
                        .anyMatch(gateway -> gateway.path("status").asText().equals("APPROVED"))) {
            return Optional.empty();
        }
        Map<String, Object> request = Map.of("name", "demo", "uses", 1, "expiresInMinutes", 60);
        return Optional.of(
                api.post("/enrollments/tokens", request).path("token").asText());
    }

    /**
     * Approves the gateway that asks, if it is ours: the fingerprint the control plane was given must be the one the gateway wrote to
     * its log, which is what an administrator compares by eye.
     *
     * @return empty while ours is not among those that ask
     */
    Optional<Approved> approve(Path gatewayLog) {
        for (JsonNode gateway : gateways()) {
            Approved candidate = new Approved(
                    gateway.path("id").asText(), gateway.path("fingerprint").asText());
            switch (gateway.path("status").asText()) {
                case "APPROVED" -> {
                    return Optional.of(candidate);
                }
                case "PENDING" -> {
                    if (text(gatewayLog).contains(candidate.fingerprint())) {
                        api.post(
                                "/gateways/" + candidate.gatewayId() + "/approve",
                                Map.of("fingerprint", candidate.fingerprint()));
                        return Optional.of(candidate);
                    }
                }
                default -> {
                    // revoked: not ours any more
                }
            }
        }
        return Optional.empty();
    }

    /** Loads the plant once; afterwards only follows a change of this demo's ports. */
    void loadPlant(String gatewayId, Path description) {
        if (api.get("/deployments").path("items").isEmpty()) {
            api.post("/demo-plant", Map.of("gatewayId", gatewayId));
            return;
        }
        JsonNode plant = json(description);
        String deployment = plant.path("deployment").path("id").asText();
        boolean changed = false;
        for (JsonNode adapter : plant.path("adapters")) {
            changed |= followPort("/adapters/", adapter);
        }
        for (JsonNode sink : plant.path("sinks")) {
            changed |= followPort("/sinks/", sink);
        }
        ControlPlaneApi.Answer draft = api.tryGet("/deployments/" + deployment);
        if (changed && draft.ok()) {
            api.post("/deployments/" + deployment + "/activate", Map.of(), draft.etag());
        }
    }

    private boolean followPort(String collection, JsonNode wanted) {
        String path = collection + wanted.path("id").asText();
        ControlPlaneApi.Answer current = api.tryGet(path);
        JsonNode port = wanted.at("/parameters/port");
        if (!current.ok() || current.body().at("/parameters/port").equals(port)) {
            return false;
        }
        ObjectNode update = current.body().deepCopy();
        ((ObjectNode) update.get("parameters")).set("port", port);
        update.remove(List.of("version", "updatedAt", "updatedBy"));
        api.put(path, update, current.etag());
        return true;
    }

    /** What the gateway runs, once it runs what it should. */
    Optional<String> running(String gatewayId) {
        JsonNode gateway = api.get("/gateways/" + gatewayId);
        if (gateway.hasNonNull("rejected")) {
            throw new DemoException("The gateway rejected its plan: "
                    + gateway.path("rejected").path("reason").asText());
        }
        JsonNode running = gateway.path("runningRevision");
        return running.isNumber() && running.equals(gateway.path("desiredRevision"))
                ? Optional.of("revision %d, %d routes"
                        .formatted(running.asInt(), gateway.path("routes").size()))
                : Optional.empty();
    }

    /** Those with the demo gateway's name; anybody may take that name. */
    private List<JsonNode> gateways() {
        List<JsonNode> named = new ArrayList<>();
        for (JsonNode gateway : api.get("/gateways").path("items")) {
            if (gateway.path("name").asText().equals(DemoRun.GATEWAY)) {
                named.add(gateway);
            }
        }
        return named;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
