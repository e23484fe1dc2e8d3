package io.streamforge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The control plane's public API as the demo uses it: what an administrator would click. */
final class ControlPlaneApi {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String root;
    private @Nullable String session;

    /** @param url of the control plane, without a path */
    ControlPlaneApi(String url) {
        this.root = url + "/api/v1";
    }

    /**
     * An answer.
     *
     * @param etag empty when there was none
     */
    record Answer(int status, JsonNode body, String etag) {

        boolean ok() {
            return status / 100 == 2;
        }

        /** What the control plane says went wrong. */
        String problem() {
            StringBuilder text = new StringBuilder("HTTP " + status);
            for (String field : new String[] {"title", "detail"}) {
                if (body.hasNonNull(field)) {
                    text.append(": ").append(body.get(field).asText());
                }
            }
            for (JsonNode error : body.path("errors")) {
                text.append(System.lineSeparator())
                        .append("  ")
                        .append(error.path("pointer").asText())
                        .append(' ')
                        .append(error.path("message").asText());
            }
            return text.toString();
        }
    }

    /** All later calls are made as this user. */
    void use(JsonNode login) {
        session = login.path("token").asText();
    }

    JsonNode get(String path) {
        return required("GET", path, call("GET", path, null, null));
    }

    Answer tryGet(String path) {
        return call("GET", path, null, null);
    }

    JsonNode post(String path, Map<String, ?> body) {
        return required("POST", path, tryPost(path, body));
    }

    JsonNode post(String path, Map<String, ?> body, String etag) {
        return required("POST", path, call("POST", path, body, etag));
    }

    Answer tryPost(String path, Map<String, ?> body) {
        return call("POST", path, body, null);
    }

    JsonNode put(String path, Object body, String etag) {
        return required("PUT", path, call("PUT", path, body, etag));
    }

    private static JsonNode required(String method, String path, Answer answer) {
        if (!answer.ok()) {
            throw new DemoException("The control plane refused %s %s. %s".formatted(method, path, answer.problem()));
        }
        return answer.body();
    }

    private Answer call(String method, String path, @Nullable Object body, @Nullable String ifMatch) {
        try {
            HttpRequest.BodyPublisher content = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .method(method, content);
            if (session != null) {
                request.header("Authorization", "Bearer " + session);
            }
            if (ifMatch != null) {
                request.header("If-Match", ifMatch);
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode parsed = response.body().length == 0 ? MissingNode.getInstance() : json.readTree(response.body());
            return new Answer(
                    response.statusCode(),
                    parsed,
                    response.headers().firstValue("ETag").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException("The control plane does not answer " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted");
        }
    }
}
