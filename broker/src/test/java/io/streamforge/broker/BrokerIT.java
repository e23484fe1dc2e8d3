package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as a child process. */
class BrokerIT {

    private static final Pattern READY =
            Pattern.compile("READY broker=(127\\.0\\.0\\.1:\\d+) registry=(http://127\\.0\\.0\\.1:\\d+)");
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final String SCHEMA =
            "{\"schema\":\"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"%s\\\",\\\"size\\\":1}\"}";

    /** A started process and what it said about itself. */
    private record Child(Process process, String bootstrapServers, String registryUrl) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final List<Process> processes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void keepsRecordsAndSchemaIdsWhenKilled() throws Exception {
        Child first = start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", first.bootstrapServers))) {
            TestTopic.create(admin, PARTITION.topic());
        }
        assertThat(register(first, "a", "A")).isEqualTo("{\"id\":1}");
        assertThat(register(first, "b", "B")).isEqualTo("{\"id\":2}");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", first.bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 1_000; i++) {
                producer.send(new ProducerRecord<>(PARTITION.topic(), String.valueOf(i)));
            }
            producer.flush();
        }

        first.process.destroyForcibly().waitFor();
        Child second = start();

        assertThat(read(second, 1_000))
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(String::valueOf).toList());
        assertThat(register(second, "c", "B")).isEqualTo("{\"id\":2}");
        assertThat(register(second, "c2", "C")).isEqualTo("{\"id\":3}");
    }

    @Test
    void endsWhenItsStandardInputCloses() throws Exception {
        Child child = start();
        child.process.getOutputStream().close();
        assertThat(child.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.process.exitValue()).isZero();
    }

    @Test
    void detachedOutlivesItsStandardInputAndEndsOnSigterm() throws Exception {
        Child child = start("--detached");
        child.process.getOutputStream().close();
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> status(child, "/health/ready") == 200);
        child.process.destroy();
        assertThat(child.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysWhichPortIsTakenAndWhichOptionChangesIt() throws Exception {
        Child running = start();
        String port = running.bootstrapServers.substring("127.0.0.1:".length());
        Process second = launch(ProcessBuilder.Redirect.PIPE, data.resolve("other"), "--port", port);
        String errors = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(errors)
                .isEqualTo(
                        "Port %s (--port) is already in use. Stop what listens there or choose another with --port.\n"
                                .formatted(port));
    }

    @Test
    void explainsItsUsageWhenMistyped() throws Exception {
        Process process = launch(ProcessBuilder.Redirect.PIPE, data, "--prot", "1");
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(errors).startsWith("Unknown option '--prot'.").contains("Usage: broker --data DIR");
    }

    private Child start(String... options) throws IOException {
        Process process = launch(ProcessBuilder.Redirect.INHERIT, data, options);
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        assertThat(ready.matches()).as(line).isTrue();
        return new Child(process, ready.group(1), ready.group(2));
    }

    private Process launch(ProcessBuilder.Redirect errors, Path directory, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                "target/dist/lib/*",
                "io.streamforge.broker.Broker",
                "--controller-port",
                "0",
                "--registry-port",
                "0",
                "--data",
                directory.toString()));
        if (!List.of(options).contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        processes.add(process);
        return process;
    }

    private String register(Child child, String subject, String name) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(child.registryUrl + "/subjects/" + subject + "/versions"))
                                .POST(BodyPublishers.ofString(SCHEMA.formatted(name)))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private int status(Child child, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(child.registryUrl + path))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static List<String> read(Child child, int expected) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", child.bootstrapServers),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= expected;
            });
            return values;
        }
    }
}
