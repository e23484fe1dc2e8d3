package io.streamforge.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private volatile boolean ready = true;
    private volatile boolean working = true;
    private final HealthServer.Source source = new HealthServer.Source() {
        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public boolean working() {
            return working;
        }

        @Override
        public byte[] health() {
            return "{\"health\":\"X\"}".getBytes(UTF_8);
        }

        @Override
        public String metrics() {
            return "streamforge_stream_up 1.0\n";
        }
    };
    private final HealthServer server = new HealthServer("127.0.0.1", 0);

    HealthServerTest() throws Exception {
        server.serve(source);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void livenessIsTheProcessAloneAndReadinessIsNot() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(200);

        ready = false;
        working = false;

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("{\"health\":\"X\"}");
    }

    @Test
    void answersMetricsAsText() throws Exception {
        HttpResponse<String> metrics = get("/metrics");

        assertThat(metrics.body()).isEqualTo("streamforge_stream_up 1.0\n");
        assertThat(metrics.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void readsOnlyAndOnlyWhatThereIs() throws Exception {
        assertThat(get("/health/other").statusCode()).isEqualTo(404);
        assertThat(get("/").body()).contains("/health/live", "/metrics");
        HttpRequest post = HttpRequest.newBuilder(address("/health"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void saysWhichPortIsTaken() {
        assertThatThrownBy(() -> new HealthServer("127.0.0.1", server.port()))
                .hasMessageContaining(
                        "Port %d of 127.0.0.1 cannot be used for health and metrics".formatted(server.port()))
                .hasMessageContaining("--http-port");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
