package io.streamforge.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the console does, without a browser: an administrator's session with the control plane's API. */
final class Console {

    static final String PASSWORD = "correct horse battery staple";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String api;
    private String token = "";

    private Console(String controlPlane) {
        this.api = controlPlane + "/api/v1";
    }

    /** The first administrator's session; only on a control plane that has none yet. */
    static Console firstAdmin(String controlPlane) {
        return session(controlPlane, "/auth/first-admin");
    }

    static Console login(String controlPlane) {
        return session(controlPlane, "/auth/login");
    }

    private static Console session(String controlPlane, String path) {
        Console console = new Console(controlPlane);
        console.token = console.post(
                        path, "{\"username\":\"admin\",\"password\":\"%s\",\"delivery\":\"TOKEN\"}".formatted(PASSWORD))
                .path("token")
                .asText();
        return console;
    }

    JsonNode get(String path) {
        return expect2xx(send("GET", path, null, null));
    }

    JsonNode post(String path, String body) {
        return expect2xx(send("POST", path, body, null));
    }

    /** Replaces an object in the version that stands there now. */
    JsonNode put(String path, String body) {
        String version =
                send("GET", path, null, null).headers().firstValue("ETag").orElseThrow();
        return expect2xx(send("PUT", path, body, version));
    }

    /** Activates the draft in the version that stands there now. */
    void activate(String deploymentId) {
        String version = send("GET", "/deployments/" + deploymentId, null, null)
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        expect2xx(send("POST", "/deployments/" + deploymentId + "/activate", "", version));
    }

    /** Makes a one-use enrolment token. */
    String enrollmentToken() {
        return post("/enrollments/tokens", "{\"name\":\"test\",\"uses\":1,\"expiresInMinutes\":60}")
                .path("token")
                .asText();
    }

    JsonNode gateway(String id) {
        return get("/gateways/" + id);
    }

    /** The state of one route as the gateway last reported it, empty if it reports no such route. */
    JsonNode route(String gatewayId, String routeId) {
        for (JsonNode route : gateway(gatewayId).path("routes")) {
            if (route.path("routeId").asText().equals(routeId)) {
                return route;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    HttpResponse<String> send(String method, String path, @Nullable String body, @Nullable String ifMatch) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode expect2xx(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError("%s %s answered %d: %s"
                    .formatted(response.request().method(), response.uri(), response.statusCode(), response.body()));
        }
        return response.body().isEmpty()
                ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
                : Plan.parse(response.body());
    }
}
