package io.streamforge.routes.uplink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The control plane's HTTP API as a gateway uses it; every request carries a proof of the gateway's key. */
final class ControlPlane {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Reads and writes the API's JSON. */
    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new InstantModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private final URI base;
    private final GatewayKey key;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    /** @param base the control plane's address without a path */
    ControlPlane(URI base, GatewayKey key) {
        this.base = base;
        this.key = key;
    }

    /** A plan and its ETag. */
    record TaggedPlan(byte[] json, String etag) {}

    /** Asks to become known. */
    JsonNode enrol(Object request) throws Problem, InterruptedException {
        return json(send("POST", "/enrollments", null, body(request)));
    }

    /** How far the enrolment is. */
    JsonNode enrolment(String gatewayId) throws Problem, InterruptedException {
        return json(send("GET", "/enrollments/" + gatewayId, null, null));
    }

    /** A new token for the one that ends. */
    JsonNode renew(Identity identity) throws Problem, InterruptedException {
        return json(send("POST", path(identity, "token"), identity.accessToken(), new byte[0]));
    }

    /** The plan, unless it is still the one of that ETag or none was activated. */
    Optional<TaggedPlan> plan(Identity identity, @Nullable String etag) throws Problem, InterruptedException {
        HttpRequest.Builder request = request("GET", path(identity, "plan"), identity.accessToken(), null);
        if (etag != null) {
            request.header("If-None-Match", etag);
        }
        HttpResponse<byte[]> response = exchange(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() == 304 || response.statusCode() == 404) {
            return Optional.empty();
        }
        check(response, response.body());
        return Optional.of(new TaggedPlan(
                response.body(), response.headers().firstValue("ETag").orElse("")));
    }

    /** Says how the gateway does. */
    JsonNode heartbeat(Identity identity, Object heartbeat) throws Problem, InterruptedException {
        return json(send("POST", path(identity, "heartbeat"), identity.accessToken(), body(heartbeat)));
    }

    /** Answers a command. */
    void answer(Identity identity, String commandId, Object answer) throws Problem, InterruptedException {
        send("POST", path(identity, "commands/" + commandId + "/answer"), identity.accessToken(), body(answer));
    }

    /** Posts the latest values of watched tags. */
    void tags(Identity identity, Object values) throws Problem, InterruptedException {
        send("POST", path(identity, "tags"), identity.accessToken(), body(values));
    }

    /** Hands on records of the stream; their kind is the last part of the path. */
    void uplink(Identity identity, String name, byte[] records) throws Problem, InterruptedException {
        send("POST", path(identity, "uplink/" + name), identity.accessToken(), records);
    }

    /** Opens the stream of commands; the caller closes it. */
    InputStream commands(Identity identity) throws Problem, InterruptedException {
        HttpRequest request = request("GET", path(identity, "commands"), identity.accessToken(), null)
                .setHeader("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream answer = response.body()) {
                check(response, answer.readAllBytes());
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return response.body();
    }

    private static String path(Identity identity, String rest) {
        return "/gateways/" + identity.gatewayId() + "/" + rest;
    }

    private byte[] send(String method, String path, @Nullable String token, byte @Nullable [] body)
            throws Problem, InterruptedException {
        HttpResponse<byte[]> response =
                exchange(request(method, path, token, body).build(), BodyHandlers.ofByteArray());
        check(response, response.body());
        return response.body();
    }

    private HttpRequest.Builder request(String method, String path, @Nullable String token, byte @Nullable [] body) {
        URI target = URI.create(base + "/api/v1" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .setHeader("Accept", "application/json, application/problem+json")
                .header("DPoP", key.proof(method, target, token));
        if (token != null) {
            request.header("Authorization", "DPoP " + token);
        }
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        return request.header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws Problem, InterruptedException {
        CompletableFuture<HttpResponse<T>> response = http.sendAsync(request, handler);
        try {
            return response.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(new TimeoutException("no answer in %d s".formatted(ANSWER_LIMIT.toSeconds())));
        } finally {
            response.cancel(true);
        }
    }

    private Problem unreachable(Throwable e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new Problem.Unreachable("The control plane at %s does not answer (%s).".formatted(base, why), e);
    }

    private static void check(HttpResponse<?> response, byte[] answer) throws Problem {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return;
        }
        JsonNode problem = problem(answer);
        String detail = problem.path("detail").asText(problem.path("title").asText(""));
        throw new Problem.Refused(
                status,
                problem.path("type").asText(""),
                "The control plane answered %d to %s %s%s"
                        .formatted(
                                status,
                                response.request().method(),
                                response.request().uri().getPath(),
                                detail.isEmpty() ? "." : ": " + detail));
    }

    private static JsonNode problem(byte[] answer) {
        try {
            return JSON.readTree(new String(answer, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode json(byte[] answer) throws Problem {
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new Problem.Refused(200, "", "The control plane's answer is not JSON: " + e.getMessage());
        }
    }

    private static byte[] body(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
