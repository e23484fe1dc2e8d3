package io.streamforge.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the user's side of the API; immutable, each {@code with…} makes another. */
record Api(URI root, List<String> headers) {

    static final JsonMapper JSON = JsonMapper.shared();
    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** An administrator's name and password in every test. */
    static final String ADMIN = "admin";

    static final String PASSWORD = "correct horse battery";

    static Api of(Server server) {
        return new Api(server.url, List.of());
    }

    /** Logged in as the administrator, who is created if this is a fresh server; each call has a session of its own. */
    static synchronized Api admin(Server server) {
        Api api = of(server);
        String body = "{\"username\":\"%s\",\"password\":\"%s\",\"delivery\":\"TOKEN\"}".formatted(ADMIN, PASSWORD);
        boolean exists = api.get("/api/v1/setup").ok().body().get("adminExists").asBoolean();
        Answer login = api.post("/api/v1/auth/" + (exists ? "login" : "first-admin"), body);
        return api.bearer(login.ok().body().get("token").asString());
    }

    /** Answers of the API; {@code body} is a missing node where there was none. */
    record Answer(int status, java.net.http.HttpHeaders headers, String text) {

        JsonNode body() {
            return JSON.readTree(text);
        }

        Answer ok() {
            if (status / 100 != 2) {
                throw new AssertionError("HTTP " + status + " " + text);
            }
            return this;
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** Last part of the problem's type. */
        String problem() {
            String type = body().get("type").asString();
            return type.substring(type.lastIndexOf('/') + 1);
        }
    }

    Api bearer(String token) {
        return with("Authorization", "Bearer " + token);
    }

    Api with(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new Api(root, List.copyOf(more));
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, @Nullable String body) {
        return send("POST", path, body);
    }

    Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    Answer send(String method, String path, @Nullable String body) {
        try {
            HttpResponse<String> response =
                    HTTP.send(request(method, path, body).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(40))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        return request;
    }
}
