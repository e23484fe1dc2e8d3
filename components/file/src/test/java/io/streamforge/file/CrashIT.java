package io.streamforge.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import blue.strategic.parquet.ParquetWriter;
import io.streamforge.backbone.BackboneTopics;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Decoder;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies at whatever it is doing, again and again, until all files are taken into a real stream. */
class CrashIT {

    private static final String TOPIC = "telemetry.raw";
    private static final List<String> ENDINGS = List.of("csv", "json", "jsonl", "parquet");
    private static final int FILES = 2 * ENDINGS.size();
    private static final int ROWS = 100;
    private static final int NEVER = Integer.MAX_VALUE;

    private static final String DOCUMENT = "{\"file\":\"%s\",\"at\":\"%s\",\"count\":%d}";

    private record Row(String file, String at, int count) {}

    private final Path directory;
    private final Path folder;
    private final EmbeddedBroker broker;
    private final KafkaConsumer<byte[], byte[]> reader;
    private int epoch;

    CrashIT(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.folder = Files.createDirectory(directory.resolve("in"));
        this.broker = EmbeddedBroker.start(directory.resolve("broker"), 0, 0, 0);
        this.reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @BeforeEach
    void makeTheTopics() {
        BackboneTopics.ensure(broker.bootstrapServers(), 3, Duration.ofSeconds(60));
        reader.assign(partitions());
    }

    @AfterEach
    void stop() {
        reader.close();
        broker.close();
    }

    @Test
    void everyRowIsInTheStreamOnce() throws Exception {
        for (int file = 0; file < FILES; file++) {
            write(file, ENDINGS.get(file % ENDINGS.size()));
        }
        // It dies between the stream's answer and its own note of it: twice in the first file, once in each of the
        // next, so in a file of each kind.
        int[] exchanges = {1, 11, 12, 12, 12};
        int[] done = {0, 0, 1, 2, 3};
        for (int death = 0; death < exchanges.length; death++) {
            long before = committed();
            Process gateway = start(exchanges[death]);
            assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.exitValue()).isEqualTo(137);
            assertThat(committed()).isGreaterThan(before);
            assertThat(done()).isEqualTo(done[death]);
        }
        Random random = new Random(5);
        for (int kill = 0; kill < 3; kill++) {
            long enough = committed() + 1 + random.nextInt(40);
            Process gateway = start(NEVER);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> committed() >= enough);
            gateway.destroyForcibly();
            gateway.waitFor(10, TimeUnit.SECONDS);
        }
        Process gateway = start(NEVER);
        await().atMost(Duration.ofSeconds(60)).until(() -> done() == FILES);
        gateway.destroyForcibly();

        List<String> expected = IntStream.range(0, FILES)
                .boxed()
                .flatMap(file ->
                        IntStream.range(0, ROWS).mapToObj(row -> "f%d %s".formatted(file, new Value.Whole(row))))
                .sorted()
                .toList();
        assertThat(rows()).isEqualTo(expected);
    }

    private void write(int file, String ending) throws IOException {
        Path path = folder.resolve("f%d.%s".formatted(file, ending));
        List<Row> rows = IntStream.range(0, ROWS)
                .mapToObj(row -> new Row("f" + file, "2026-11-20T10:%02d:%02dZ".formatted(row / 60, row % 60), row))
                .toList();
        switch (ending) {
            case "csv" -> Files.writeString(path, lines("file,at,count\n", "%s,%s,%d", rows, "\n"));
            case "json" -> Files.writeString(path, lines("[", DOCUMENT, rows, ",") + "]");
            case "jsonl" -> Files.writeString(path, lines("", DOCUMENT, rows, "\n"));
            default -> writeParquet(path, rows);
        }
    }

    private static String lines(String head, String pattern, List<Row> rows, String divider) {
        return rows.stream()
                .map(row -> pattern.formatted(row.file(), row.at(), row.count()))
                .collect(Collectors.joining(divider, head, ""));
    }

    private static void writeParquet(Path path, List<Row> rows) throws IOException {
        MessageType schema = new MessageType(
                "rows",
                Types.required(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("file"),
                Types.required(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("at"),
                Types.required(PrimitiveTypeName.INT32).named("count"));
        try (ParquetWriter<Row> writer = ParquetWriter.writeFile(schema, path.toFile(), (row, values) -> {
            values.write("file", row.file());
            values.write("at", row.at());
            values.write("count", row.count());
        })) {
            for (Row row : rows) {
                writer.write(row);
            }
        }
    }

    private Process start(int exchanges) throws IOException {
        epoch++;
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashedGateway.class.getName(),
                        folder.toString(),
                        broker.bootstrapServers(),
                        broker.registryUrl(),
                        Integer.toString(epoch),
                        Integer.toString(exchanges))
                .redirectErrorStream(true)
                .redirectOutput(
                        directory.resolve("gateway-%d.log".formatted(epoch)).toFile())
                .start();
    }

    private List<TopicPartition> partitions() {
        return reader.partitionsFor(TOPIC).stream()
                .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                .toList();
    }

    /** Where committed records end: each transaction adds its own mark. */
    private long committed() {
        return reader.endOffsets(partitions()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private List<String> rows() {
        Decoder decoder = new Decoder(new ConfluentSchemaRegistry(
                List.of(URI.create(broker.registryUrl())), directory.resolve("test-schemas.json")));
        List<Reading> readings = new ArrayList<>();
        List<TopicPartition> partitions = partitions();
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        while (partitions.stream()
                .anyMatch(partition -> reader.position(partition) < ends.getOrDefault(partition, 0L))) {
            reader.poll(Duration.ofMillis(100)).forEach(record -> readings.add(decoder.reading(record.value())));
        }
        return readings.stream()
                .map(reading -> "%s %s".formatted(reading.parameter(), reading.value()))
                .sorted()
                .toList();
    }

    private long done() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".done")).count();
        }
    }
}
