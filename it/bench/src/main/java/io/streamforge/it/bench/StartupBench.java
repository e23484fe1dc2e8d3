package io.streamforge.it.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.backbone.BackboneTopics;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * {@code ./streamforge bench startup}: the gateway as it is shipped, with ten routes (five Modbus devices, validate, two aggregates, two sinks into
 * PostgreSQL). {@code start_s} is from the start of the process to the broker's time-stamp on its first reading, median of the rounds;
 * {@code rss_mb} is the resident set once all ten routes have run for 30 s.
 */
final class StartupBench {

    private static final String POINTS =
            "[{\"name\":\"value\",\"area\":\"input\",\"address\":30001,\"type\":\"int16\"}]";
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private StartupBench() {}

    /** {@code [--json] [--rounds N]}: starts counted, default 5, after one that fills the disk cache. */
    static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--rounds");
        int rounds = arguments.number("--rounds", 5);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int plantPort = FreePort.next();
        Path data = Files.createTempDirectory("streamforge-startup");
        try (BenchBroker broker = new BenchBroker();
                EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Child plant = Child.java(
                        List.of("-Xmx64m", "-XX:+UseSerialGC"),
                        BenchBroker.home().resolve("demo/target/dist/lib") + "/*",
                        "io.streamforge.demo.plant.Plant",
                        List.of("--port", Integer.toString(plantPort)))) {
            plant.await("READY tank");
            BackboneTopics.ensure(broker.bootstrap(), BackboneTopics.DEFAULT_PARTITIONS, LONGEST_START);
            Path plan = data.resolve("plan.json");
            Files.writeString(plan, plan(plantPort, postgres.getPort()));
            List<Double> starts = new ArrayList<>();
            double residentMb = 0;
            for (int round = 0; round <= rounds; round++) {
                int httpPort = FreePort.next();
                try (KafkaConsumer<byte[], byte[]> consumer = endOfRaw(broker)) {
                    long start = System.currentTimeMillis();
                    try (Child gateway = gateway(broker, data, plan, httpPort)) {
                        double seconds = (firstReading(consumer) - start) / 1000.0;
                        out.printf("start %d of %d: %.2f s%n", round, rounds, seconds);
                        if (round > 0) {
                            starts.add(seconds);
                        }
                        if (round == rounds) {
                            awaitTenRoutes(httpPort);
                            LockSupport.parkNanos(SETTLED.toNanos());
                            residentMb = gateway.residentBytes() / 1024.0 / 1024.0;
                        }
                    }
                }
            }
            double median = Measurements.median(starts);
            out.printf("median start %.2f s, resident %.0f MB with ten running routes%n", median, residentMb);
            ObjectNode line = new ObjectMapper()
                    .createObjectNode()
                    .put("bench", "startup")
                    .put("start_s", Math.round(median * 100) / 100.0)
                    .put("rss_mb", Math.round(residentMb))
                    .put("routes", 10)
                    .put("rounds", rounds)
                    .put("java", System.getProperty("java.version"));
            if (arguments.json()) {
                out.println(line);
            }
            new Limits(line).atMost("start_s", 5).atMost("rss_mb", 350).check();
        }
    }

    private static Child gateway(BenchBroker broker, Path data, Path plan, int httpPort) {
        return Child.java(
                List.of("@" + BenchBroker.home().resolve("routes/target/dist/gateway.jvmoptions")),
                BenchBroker.home().resolve("routes/target/dist/lib") + "/*",
                "io.streamforge.routes.Gateway",
                List.of(
                        "--end-with-stdin",
                        "--name",
                        "gw-bench",
                        "--data",
                        data.resolve("gateway").toString(),
                        "--plan",
                        plan.toString(),
                        "--bootstrap",
                        broker.bootstrap(),
                        "--registry",
                        broker.registry(),
                        "--http-port",
                        Integer.toString(httpPort)));
    }

    private static KafkaConsumer<byte[], byte[]> endOfRaw(BenchBroker broker) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor("telemetry.raw").stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    /** The broker's time on the first record that comes, milliseconds since the epoch. */
    private static long firstReading(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (System.nanoTime() < deadline) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
            if (!records.isEmpty()) {
                long first = Long.MAX_VALUE;
                for (var record : records) {
                    first = Math.min(first, record.timestamp());
                }
                return first;
            }
        }
        throw new IllegalStateException("No reading came within %d s.".formatted(LONGEST_START.toSeconds()));
    }

    private static void awaitTenRoutes(int httpPort) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/health"))
                .build();
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        String health = "";
        while (System.nanoTime() < deadline) {
            health = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            int running = 0;
            for (JsonNode route : new ObjectMapper().readTree(health).path("routes")) {
                running += route.path("state").asText().equals("RUNNING") ? 1 : 0;
            }
            if (running == 10) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        throw new IllegalStateException("Not all ten routes run: " + health);
    }

    private static String plan(int plantPort, int postgresPort) throws Exception {
        ObjectMapper json = new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
        ArrayNode routes = json.createArrayNode();
        for (int device = 1; device <= 5; device++) {
            route(routes, "adapter.device-" + device, "adapter", """
                    {"adapterId":"device-%1$d","adapterName":"Device %1$d","connector":"modbus-tcp-source","connectorVersion":"1","asset":"device-%1$d",
                     "deviceClock":"none","properties":{"host":"127.0.0.1","port":%2$d,"pollIntervalMs":1000},"points":%3$s}""".formatted(device, plantPort + device % 3, POINTS));
        }
        route(routes, "validate.telemetry", "validate", "{\"rules\":[]}");
        route(
                routes,
                "aggregate.1s",
                "aggregate",
                "{\"source\":\"telemetry.clean\",\"target\":\"telemetry.1s\",\"resolutionMs\":1000,\"allowedLatenessMs\":2000}");
        route(
                routes,
                "aggregate.1min",
                "aggregate",
                "{\"source\":\"telemetry.1s\",\"target\":\"telemetry.1min\",\"resolutionMs\":60000,\"allowedLatenessMs\":2000}");
        for (String topic : List.of("clean", "1s")) {
            route(routes, "sink." + topic, "sink", """
                    {"sinkId":"%1$s","connector":"timescaledb-sink","connectorVersion":"1","topics":["telemetry.%1$s"],
                     "properties":{"host":"127.0.0.1","port":%2$d,"database":"postgres","user":"postgres","password":"unused"}}""".formatted(topic, postgresPort));
        }
        byte[] canonical =
                json.writeValueAsString(json.treeToValue(routes, Object.class)).getBytes(StandardCharsets.UTF_8);
        ObjectNode plan = json.createObjectNode()
                .put("gateway", "gw-bench")
                .put("revision", 1)
                .put(
                        "hash",
                        "sha256:"
                                + HexFormat.of()
                                        .formatHex(MessageDigest.getInstance("SHA-256")
                                                .digest(canonical)))
                .put("minRuntime", "0.1");
        plan.set("routes", routes);
        plan.putArray("bundles");
        return json.writeValueAsString(plan);
    }

    private static void route(ArrayNode routes, String routeId, String template, String parameters) throws IOException {
        routes.addObject()
                .put("routeId", routeId)
                .put("template", template)
                .put("version", "1")
                .set("parameters", new ObjectMapper().readTree(parameters));
    }
}
