package io.streamforge.routes.uplink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers the gateway's calls with what a test says, for the client's own behaviour; the real control plane is met in it/. */
final class FakeControlPlane implements AutoCloseable {

    record Request(String call, String body, String authorization, String proof, String ifNoneMatch) {}

    record Reply(int status, String body, String etag) {
        Reply(int status, String body) {
            this(status, body, "");
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakeControlPlane() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** {@code "GET /gateways/gw-1/plan"} is answered so from now on. */
    void reply(String call, int status, String body) {
        replies.put(call, new Reply(status, body));
    }

    List<String> calls() {
        return requests.stream().map(Request::call).toList();
    }

    Request last(String call) {
        return requests.stream()
                .filter(request -> request.call().equals(call))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            String call = exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().getPath().substring("/api/v1".length());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(
                    call,
                    body,
                    header(exchange, "Authorization"),
                    header(exchange, "DPoP"),
                    header(exchange, "If-None-Match")));
            Reply reply = replies.getOrDefault(call, new Reply(404, "{\"title\":\"Not found\"}"));
            if (!reply.etag().isEmpty()) {
                exchange.getResponseHeaders().set("ETag", reply.etag());
            }
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
