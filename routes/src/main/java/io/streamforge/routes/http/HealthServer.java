package io.streamforge.routes.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers {@code /health/live}, {@code /health/ready}, {@code /health} and {@code /metrics}; reads only, on the loopback unless asked otherwise. */
public final class HealthServer implements AutoCloseable {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** What the answers are made of. */
    public interface Source {

        /** Whether the gateway can do its work now. */
        boolean ready();

        /** Whether the gateway does its work now, if need be with a part of it failing. */
        boolean working();

        /** The health document as JSON. */
        byte[] health();

        /** All metrics in Prometheus' text format. */
        String metrics();
    }

    private record Reply(int status, String type, byte[] body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2, work -> new Thread(work, "http"));

    /**
     * Takes the address; nobody is answered yet.
     *
     * @param port 0 for any free one
     * @throws IOException if the address cannot be used; says which, and why
     */
    public HealthServer(String host, int port) throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 16);
        } catch (BindException e) {
            throw new IOException(
                    "Port %d of %s cannot be used for health and metrics (%s). Choose another with --http-port."
                            .formatted(port, host, e.getMessage()),
                    e);
        }
    }

    /** Begins to answer. */
    public void serve(Source source) {
        answer(
                "/",
                () -> new Reply(
                        404, JSON, json("{\"paths\":[\"/health\",\"/health/live\",\"/health/ready\",\"/metrics\"]}")));
        answer("/health", () -> new Reply(source.working() ? 200 : 503, JSON, source.health()));
        answer("/health/live", () -> new Reply(200, JSON, json("{\"status\":\"UP\"}")));
        answer(
                "/health/ready",
                () -> source.ready()
                        ? new Reply(200, JSON, json("{\"status\":\"READY\"}"))
                        : new Reply(503, JSON, source.health()));
        answer("/metrics", () -> new Reply(200, TEXT, source.metrics().getBytes(StandardCharsets.UTF_8)));
        server.setExecutor(threads);
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(String path, Supplier<Reply> supplier) {
        server.createContext(path, exchange -> {
            try (exchange) {
                boolean other =
                        !path.equals("/") && !exchange.getRequestURI().getPath().equals(path);
                boolean reads = exchange.getRequestMethod().equals("GET")
                        || exchange.getRequestMethod().equals("HEAD");
                send(
                        exchange,
                        other
                                ? new Reply(404, JSON, json("{}"))
                                : reads ? supplier.get() : new Reply(405, JSON, json("{}")));
            }
        });
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), head ? -1 : reply.body().length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.body());
            }
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
