package io.streamforge.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.SourcePositions;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped connectors of what speaks JSON or files, in the shipped adapter template: every option reaches its component as it was written. */
class SourceKameletsIT {

    private static final String ROUTE = "adapter.press-07";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<Batch> taken = new CopyOnWriteArrayList<>();
    private final List<String> released = new CopyOnWriteArrayList<>();
    private final Properties properties = new Properties();
    private final SchemaRegistry registry = new SchemaRegistry() {
        @Override
        public int idFor(String topic, Schema schema) {
            return 11;
        }

        @Override
        public Schema byId(int id) {
            return Schemas.READING;
        }
    };

    private final SourcePositions positions = new SourcePositions() {
        @Override
        public @Nullable String last(String source) {
            return null;
        }

        @Override
        public void release(String source) {
            released.add(source);
        }
    };

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("schemas", registry);
        context.getRegistry().bind("positions", positions);
        context.getRegistry().bind(ROUTE + ".origin", new Origin("gw-1", "press-07", "source@1", 7, 3));
        properties.setProperty("points", ROUTE + ".points");
        context.getComponent("kamelet", KameletComponent.class)
                .setRouteProperties(Map.of(ROUTE + ".connector", properties));
        context.addComponent("backbone", new MockComponent());
        context.getEndpoint("backbone:telemetry.raw", MockEndpoint.class)
                .whenAnyExchangeReceived(
                        exchange -> taken.add(exchange.getMessage().getBody(Batch.class)));
        context.start();
        Path file = Path.of("src/main/resources/route-templates/adapter/adapter.camel.yaml");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString("adapter.camel.yaml", Files.readString(file)));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aPolledServiceIsAskedWithItsWholeUrlItsHeadersAndItsSecret() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add("%s %s %s"
                    .formatted(
                            exchange.getRequestURI(),
                            exchange.getRequestHeaders().getFirst("X-Api-Key"),
                            exchange.getRequestHeaders().getFirst("X-More")));
            answer(exchange, "{\"v\":[{\"n\":\"speed\",\"x\":7}]}");
        });
        server.start();
        try {
            context.getRegistry().bind(ROUTE + ".secret", "k&y");
            properties.setProperty(
                    "url",
                    "http://127.0.0.1:%d/a%%20b?from=1&to=x+y%%3D"
                            .formatted(server.getAddress().getPort()));
            properties.setProperty("headers", "X-More: a&b=c");
            properties.setProperty("secretHeader", "X-Api-Key");
            properties.setProperty("secret", "#bean:" + ROUTE + ".secret");
            properties.setProperty("pollIntervalMs", "100");
            run("http-poll-source", "[{\"name\":\"{$.n}\",\"items\":\"$.v\",\"path\":\"$.x\"}]");
            await().until(() -> readings().size() >= 2);
        } finally {
            server.stop(0);
        }
        assertThat(asked).contains("/a%20b?from=1&to=x+y%3D k&y a&b=c");
        assertThat(readings().get(0).parameter()).isEqualTo("speed");
        assertThat(readings().get(0).value()).isEqualTo(new Value.Whole(7));
    }

    @Test
    void aTokenIsAskedForWithTheGrantAsItWasWritten() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            asked.add("%s %s %s"
                    .formatted(
                            exchange.getRequestURI(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            answer(exchange, "{\"access_token\":\"t0k&n\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
        });
        server.createContext("/api", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, "{\"x\":7}");
        });
        server.start();
        try {
            String base = "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
            context.getRegistry().bind(ROUTE + ".clientSecret", "k&y");
            properties.setProperty("url", base + "/api");
            properties.setProperty("tokenUrl", base + "/token?p=a&q=b+c");
            properties.setProperty("clientId", "gw&1");
            properties.setProperty("clientSecret", "#bean:" + ROUTE + ".clientSecret");
            properties.setProperty("scope", "api://x/.default a&b");
            properties.setProperty("pollIntervalMs", "100");
            run("http-poll-source", "[{\"name\":\"x\",\"path\":\"$.x\"}]");
            await().until(() -> readings().size() >= 2);
        } finally {
            server.stop(0);
        }
        assertThat(asked)
                .startsWith(
                        "/token?p=a&q=b+c Basic "
                                + Base64.getEncoder().encodeToString("gw%261:k%26y".getBytes(StandardCharsets.UTF_8))
                                + " grant_type=client_credentials&scope=api%3A%2F%2Fx%2F.default+a%26b",
                        "Bearer t0k&n",
                        "Bearer t0k&n");
        assertThat(context.getEndpoints()).extracting(Endpoint::getEndpointUri).noneMatch(uri -> uri.contains("k&y"));
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aDropFoldersFilesAreTaken(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.csv"), "at;count\n1763632800;1\n1763632801;2\n");
        properties.setProperty("folder", folder.toString());
        properties.setProperty("pollIntervalMs", "100");
        properties.setProperty("settleMs", "0");
        properties.setProperty("delimiter", "semicolon");
        properties.setProperty("epochUnit", "s");
        properties.setProperty("rowsPerExchange", "1");
        run("file-source", "[{\"name\":\"count\",\"path\":\"$.count\",\"time\":\"$.at\"}]");
        await().until(() -> Files.exists(folder.resolve("a.csv.done")));
        assertThat(readings()).extracting(Reading::value).containsExactly(new Value.Whole(1), new Value.Whole(2));
        assertThat(readings().get(1).deviceTime()).hasToString("2025-11-20T10:00:01Z");
        assertThat(taken).hasSize(2);
        context.stop();
        assertThat(released).contains(ROUTE + ".connector");
    }

    @Test
    void aSimulatedDeviceIsRead(@TempDir Path folder) throws Exception {
        Path replay = Files.writeString(folder.resolve("press 07.csv"), "t\n20.5\n");
        properties.setProperty("replayFile", replay.toString());
        properties.setProperty("pollIntervalMs", "50");
        properties.setProperty("seed", "9");
        run("simulator-source", "[{\"name\":\"t\",\"shape\":\"replay\",\"unit\":\"Cel\"}]");
        await().until(() -> readings().size() >= 2);
        assertThat(readings().get(1).value()).isEqualTo(new Value.Real(20.5));
        assertThat(readings().get(1).deviceTime()).isNotNull();
    }

    private void run(String connector, String points) throws Exception {
        context.getRegistry().bind(ROUTE + ".points", new ObjectMapper().readTree(points));
        context.addRouteFromTemplate(
                ROUTE,
                "adapter@1",
                Map.of(
                        "routeId", ROUTE,
                        "adapterId", "press-07",
                        "adapterName", "Press 7",
                        "connector", connector,
                        "connectorVersion", "1",
                        "asset", "press-07",
                        "deviceClock", "device"));
    }

    private List<Reading> readings() {
        Decoder decoder = new Decoder(registry);
        return taken.stream()
                .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(i -> decoder.reading(batch.value(i))))
                .toList();
    }
}
