package io.streamforge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The gateway with its shipped templates against a real stream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String VALIDATE = """
            {"routeId":"validate.telemetry","template":"validate","version":"1","parameters":{"rules":[{"parameter":"temperature","range":{"max":%d}}]}}""";
    private static final String AGGREGATE = """
            {"routeId":"aggregate.1s","template":"aggregate","version":"1","parameters":
             {"source":"telemetry.clean","target":"telemetry.1s","resolutionMs":1000,"allowedLatenessMs":%d}}""";
    private static final String ADAPTER = """
            {"routeId":"adapter.press-07","template":"adapter","version":"1","parameters":
             {"adapterId":"press-07","adapterName":"Press 7","connector":"modbus-tcp-source","connectorVersion":"1","asset":"press-07",
              "properties":{"host":"127.0.0.1","port":9,"pollIntervalMs":%d},
              "points":[{"name":"temperature","area":"holding","address":40001,"type":"int16"}]}}""";

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Path folder;
    private final EmbeddedBroker broker;

    GatewayIT(@TempDir Path folder) {
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("broker"), 0, 0, 0);
    }

    @AfterEach
    void stopGateways() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    @Test
    void runsItsPlanAndCarriesReadingsToTheWindows() throws Exception {
        Path plan = plan("p1", 1, VALIDATE.formatted(100), AGGREGATE.formatted(0), ADAPTER.formatted(500));
        Gateway gateway = gateway("gw-a", plan);

        await().atMost(LIMIT).until(() -> status(gateway, "/health/ready") == 200);
        awaitState(gateway, "validate.telemetry", "RUNNING");
        awaitState(gateway, "aggregate.1s", "RUNNING");
        awaitState(gateway, "adapter.press-07", "DEGRADED");
        assertThat(route(gateway, "adapter.press-07").path("detail").asText()).contains("127.0.0.1:9");
        assertThat(health(gateway).path("health").asText()).isEqualTo("DEGRADED");
        assertThat(status(gateway, "/health")).isEqualTo(200);

        send(20);

        // 20 to 100 °C pass with the adapter's gap marker, the rest goes to the dead letters with its failure.
        await().atMost(LIMIT).untilAsserted(() -> {
            String metrics = get(gateway, "/metrics");
            assertThat(metric(metrics, "streamforge_records_in_total", "validate.telemetry"))
                    .isGreaterThanOrEqualTo(21);
            assertThat(metric(metrics, "streamforge_records_out_total", "validate.telemetry"))
                    .isGreaterThanOrEqualTo(10);
            assertThat(metric(metrics, "streamforge_dead_letters_total", "validate.telemetry"))
                    .isGreaterThanOrEqualTo(12);
            assertThat(metric(metrics, "streamforge_records_in_total", "aggregate.1s"))
                    .isGreaterThanOrEqualTo(10);
            assertThat(metric(metrics, "streamforge_records_out_total", "aggregate.1s"))
                    .isPositive();
            assertThat(metric(metrics, "streamforge_polls_failed_total", "adapter.press-07"))
                    .isPositive();
            assertThat(metric(metrics, "streamforge_lag_records", "validate.telemetry"))
                    .isZero();
            assertThat(metrics).contains("jvm_memory_used_bytes{");
        });
    }

    @Test
    void aChangeLeavesTheOtherRoutesGroupsAlone() throws Exception {
        Path plan = plan("p2", 1, VALIDATE.formatted(100), AGGREGATE.formatted(0));
        Gateway gateway = gateway("gw-b", plan);
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/plan/runningRevision").asLong() == 1);
        double rebalances = rebalances("gw-b", "validate.telemetry");
        assertThat(rebalances).isPositive();

        plan("p2", 2, VALIDATE.formatted(100), AGGREGATE.formatted(50), ADAPTER.formatted(500));
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/plan/runningRevision").asLong() == 2);

        awaitState(gateway, "aggregate.1s", "RUNNING");
        assertThat(rebalances("gw-b", "validate.telemetry")).isEqualTo(rebalances);
        assertThat(route(gateway, "validate.telemetry").path("restarts").asLong())
                .isZero();
    }

    @Test
    void goesBackFromAPlanThatCannotStartAndSaysWhy() throws Exception {
        Path plan = plan("p3", 1, VALIDATE.formatted(100), ADAPTER.formatted(500));
        Gateway gateway = gateway("gw-c", plan);
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/plan/runningRevision").asLong() == 1);

        plan("p3", 2, VALIDATE.formatted(100).replace("\"max\":100", "\"max\":-5,\"min\":5"), ADAPTER.formatted(700));
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/notices/plan").asText().startsWith("Revision 2"));

        JsonNode health = health(gateway);
        assertThat(health.at("/plan/runningRevision").asLong()).isEqualTo(1);
        assertThat(health.at("/plan/desiredRevision").asLong()).isEqualTo(2);
        assertThat(health.at("/plan/rejected/revision").asLong()).isEqualTo(2);
        assertThat(health.at("/plan/rejected/reason").asText()).startsWith("Route 'validate.telemetry' cannot start: ");
        assertThat(health.at("/notices/plan").asText()).startsWith("Revision 2 was rejected, revision 1 runs on: ");
        awaitState(gateway, "validate.telemetry", "RUNNING");
        awaitState(gateway, "adapter.press-07", "DEGRADED");

        Files.writeString(
                plan,
                "{\"revision\":3,\"routes\":[{\"routeId\":\"x.1\",\"template\":\"nothing\",\"version\":\"1\",\"parameters\":{}}]}");
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/plan/desiredRevision").asLong() == 3);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(health(gateway)
                                        .at("/plan/rejected/reason")
                                        .asText())
                                .isEqualTo(
                                        "Route 'x.1': Unknown template 'nothing@1'. Known: adapter@1, aggregate@1, events@1, ledger@1, sink@1, validate@1."));
    }

    @Test
    void runsTheCachedPlanWithoutItsControlPlane() throws Exception {
        Gateway first = gateway("gw-d", plan("p4", 5, VALIDATE.formatted(100), AGGREGATE.formatted(0)));
        await().atMost(LIMIT)
                .until(() -> health(first).at("/plan/runningRevision").asLong() == 5
                        && Files.exists(folder.resolve("gw-d").resolve("plan.json")));
        stopGateways();

        Gateway offline = start(
                "--data", folder.resolve("gw-d").toString(),
                "--bootstrap", broker.bootstrapServers(),
                "--registry", broker.registryUrl(),
                "--name", "gw-d",
                "--http-port", "0",
                "--control-plane", "http://127.0.0.1:9",
                "--token", "t");

        awaitState(offline, "validate.telemetry", "RUNNING");
        awaitState(offline, "aggregate.1s", "RUNNING");
        await().atMost(LIMIT)
                .until(() -> health(offline).at("/plan/runningRevision").asLong() == 5);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        health(offline).at("/controlPlane/state").asText())
                .isEqualTo("unreachable"));
        assertThat(health(offline).at("/notices/controlPlane").asText()).endsWith("The gateway runs on without it.");
        assertThat(health(offline).path("health").asText()).isEqualTo("HEALTHY");
        assertThat(status(offline, "/health/ready")).isEqualTo(200);
    }

    @Test
    void waitsForItsStreamAndItsRegistry() throws Exception {
        int kafka = FreePort.next();
        int registry = FreePort.next();
        Path plan = plan("p5", 1, VALIDATE.formatted(100));
        Gateway gateway = start(
                "--data",
                folder.resolve("gw-e").toString(),
                "--bootstrap",
                "127.0.0.1:" + kafka,
                "--registry",
                "http://127.0.0.1:" + registry,
                "--name",
                "gw-e",
                "--http-port",
                "0",
                "--plan",
                plan.toString());

        await().atMost(LIMIT).until(() -> health(gateway)
                .at("/notices/stream")
                .asText()
                .contains("waits for it and starts its routes then"));
        assertThat(status(gateway, "/health/live")).isEqualTo(200);
        assertThat(status(gateway, "/health/ready")).isEqualTo(503);
        assertThat(health(gateway).path("health").asText()).isEqualTo("UNHEALTHY");

        open.add(EmbeddedBroker.start(folder.resolve("late"), kafka, 0, FreePort.next()));
        await().atMost(LIMIT)
                .until(() -> health(gateway).at("/notices/registry").asText().contains("waits for the registry"));
        assertThat(health(gateway).path("routes")).isEmpty();
        open.remove(open.size() - 1).close();

        open.add(EmbeddedBroker.start(folder.resolve("late"), kafka, 0, registry));
        awaitState(gateway, "validate.telemetry", "RUNNING");
        assertThat(health(gateway).path("notices")).isEmpty();
    }

    private Gateway gateway(String name, Path plan) throws Exception {
        return start(
                "--data", folder.resolve(name).toString(),
                "--bootstrap", broker.bootstrapServers(),
                "--registry", broker.registryUrl(),
                "--name", name,
                "--http-port", "0",
                "--plan", plan.toString());
    }

    private Gateway start(String... arguments) throws Exception {
        Gateway gateway = new Gateway(GatewayOptions.parse(List.of(arguments), Map.of()), Map.of());
        open.add(gateway);
        return gateway;
    }

    private Path plan(String name, long revision, String... routes) throws Exception {
        Path file = folder.resolve(name + ".json");
        Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, "{\"revision\":%d,\"routes\":[%s]}".formatted(revision, String.join(",", routes)));
        return Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private void send(int readings) {
        ConfluentSchemaRegistry registry = new ConfluentSchemaRegistry(
                List.of(URI.create(broker.registryUrl())), folder.resolve("test-schemas.json"));
        ReadingCodec codec = new ReadingCodec(registry.idFor("telemetry.raw", Schemas.READING));
        Instant now = Instant.now();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < readings; i++) {
                Sample sample = new Sample(
                        null,
                        "temperature",
                        new Value.Real(20 + i * 10),
                        "Cel",
                        Classification.TELEMETRY,
                        Quality.GOOD,
                        null,
                        null,
                        now.plusMillis(i * 100L));
                byte[] value = codec.encode(sample, "oven-1", new Origin("t", "oven-1", "test@1", 1, 1), i);
                producer.send(new ProducerRecord<>("telemetry.raw", "oven-1".getBytes(StandardCharsets.UTF_8), value));
            }
        }
    }

    private static double metric(String metrics, String name, String route) {
        String start = "%s{route=\"%s\"} ".formatted(name, route);
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElse(-1);
    }

    /** How often the consumer of a route has rejoined its group, by Kafka's own count in this JVM. */
    private static double rebalances(String gateway, String route) throws Exception {
        var beans = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> names =
                beans.queryNames(new ObjectName("kafka.consumer:type=consumer-coordinator-metrics,client-id=*"), null);
        for (ObjectName name : names) {
            String client = name.getKeyProperty("client-id");
            if (client.contains(gateway) && client.contains(route)) {
                return ((Number) beans.getAttribute(name, "rebalance-total")).doubleValue();
            }
        }
        throw new AssertionError("No consumer of %s among %s".formatted(route, names));
    }

    private void awaitState(Gateway gateway, String routeId, String state) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        route(gateway, routeId).path("state").asText())
                .isEqualTo(state));
    }

    private JsonNode route(Gateway gateway, String routeId) throws Exception {
        for (JsonNode route : health(gateway).path("routes")) {
            if (route.path("routeId").asText().equals(routeId)) {
                return route;
            }
        }
        return json.missingNode();
    }

    private JsonNode health(Gateway gateway) throws Exception {
        return json.readTree(get(gateway, "/health"));
    }

    private String get(Gateway gateway, String path) throws Exception {
        return http.send(request(gateway, path), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int status(Gateway gateway, String path) throws Exception {
        return http.send(request(gateway, path), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest request(Gateway gateway, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
                .build();
    }
}
