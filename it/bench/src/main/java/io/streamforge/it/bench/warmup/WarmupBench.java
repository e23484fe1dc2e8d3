package io.streamforge.it.bench.warmup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Topics;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code ./streamforge bench warmup}: how long a stage that comes back re-reads the stream until it goes on, with 10,000 and with 20,000 series read
 * once a second. From the start of its route to its next committed output; what that takes with a dozen series (joining the group, a new
 * transaction) is subtracted. {@code linear_…} is the time with twice the series ÷ twice the time: 1 for a growth that is linear.
 */
public final class WarmupBench {

    private static final int FEW = 12;
    private static final int SERIES = 10_000;
    /** Longer than the stages hold what they know. */
    private static final int SECONDS = 75;

    /** Twice the series may take no more than so many times twice as long; single restarts differ. */
    private static final double MOST_LINEAR = 1.5;

    private static final int PARAMETERS = 10;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private WarmupBench() {}

    /** {@code [--json] [--rounds N]}: restarts counted for each stage and number of series, default 5. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = new Arguments(List.of(options));
        int rounds = arguments.number("--rounds", 5);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "warmup");
        for (Stage stage : Stage.values()) {
            String name = stage.name().toLowerCase(Locale.ROOT);
            double none = median(stage, FEW, rounds);
            double once = median(stage, SERIES, rounds) - none;
            double twice = median(stage, 2 * SERIES, rounds) - none;
            out.printf(
                    "%-9s %d series %.2f s, %d series %.2f s (%.2f s without state)%n",
                    name, SERIES, once, 2 * SERIES, twice, none);
            line.put(name + "_10000_s", Measurements.rounded(once))
                    .put(name + "_20000_s", Measurements.rounded(twice))
                    .put("linear_" + name, Measurements.rounded(twice / (2 * once)));
        }
        line.put("rounds", rounds);
        if (arguments.json()) {
            out.println(line);
        }
        new Limits(line)
                .atMost("linear_validate", MOST_LINEAR)
                .atMost("linear_aggregate", MOST_LINEAR)
                .check();
    }

    private static double median(Stage stage, int series, int rounds) throws Exception {
        List<Double> seconds = new ArrayList<>();
        try (BenchBroker broker = new BenchBroker()) {
            Topics.create(
                    broker,
                    List.of(
                            "telemetry.raw",
                            "telemetry.reprocess",
                            "telemetry.clean",
                            "telemetry.1s",
                            "dlq.telemetry",
                            "alarms.raw",
                            "audit.ledger"));
            ReadingCodec codec = new ReadingCodec(new ConfluentSchemaRegistry(
                            List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"))
                    .idFor(stage.input, Schemas.READING));
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 5, "compression.type", "lz4"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                Instant last = Instant.now();
                for (int second = SECONDS; second > 0; second--) {
                    poll(producer, codec, stage, series, last.minusSeconds(second), SECONDS - second);
                }
                try (Child child = start(stage, broker)) {
                    awaitAllCommitted(stage, broker);
                }
                for (int round = 0; round < rounds; round++) {
                    seconds.add(restart(stage, broker, producer, codec, SECONDS + round));
                }
            }
        }
        return Measurements.median(seconds);
    }

    /** One reading of each series. */
    private static void poll(
            KafkaProducer<byte[], byte[]> producer, ReadingCodec codec, Stage stage, int series, Instant at, int poll) {
        for (int number = 0; number < series; number++) {
            String asset = "press-" + number / PARAMETERS;
            Sample sample = new Sample(
                    null,
                    "parameter-" + number % PARAMETERS,
                    new Value.Real(poll),
                    "Cel",
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    null,
                    at);
            producer.send(new ProducerRecord<>(
                    stage.input,
                    asset.getBytes(StandardCharsets.UTF_8),
                    codec.encode(sample, asset, ORIGIN, (long) poll * PARAMETERS + number % PARAMETERS)));
        }
        producer.flush();
    }

    private static Child start(Stage stage, BenchBroker broker) {
        Child child = Child.java(
                List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                Stage.class.getName(),
                List.of(stage.name(), broker.bootstrap(), broker.registry()));
        child.await("ready");
        return child;
    }

    /** Seconds from the start of the stage to its next committed output, for a reading that waits for it. */
    private static double restart(
            Stage stage, BenchBroker broker, KafkaProducer<byte[], byte[]> producer, ReadingCodec codec, int poll)
            throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = endOf(broker, stage.output)) {
            poll(producer, codec, stage, FEW, Instant.now(), poll);
            try (Child child = start(stage, broker)) {
                long start = System.nanoTime();
                while (consumer.poll(Duration.ofMillis(20)).isEmpty()) {
                    if (System.nanoTime() - start > LONGEST.toNanos()) {
                        throw new IllegalStateException(
                                "Route '%s' gave out nothing for %s.".formatted(stage.routeId, LONGEST));
                    }
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                awaitAllCommitted(stage, broker);
                return seconds;
            }
        }
    }

    private static void awaitAllCommitted(Stage stage, BenchBroker broker) throws Exception {
        try (KafkaConsumer<byte[], byte[]> ends = endOf(broker, stage.input)) {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (true) {
                Map<TopicPartition, OffsetAndMetadata> positions = broker.admin()
                        .listConsumerGroupOffsets(stage.routeId)
                        .partitionsToOffsetAndMetadata()
                        .get();
                if (ends.assignment().stream()
                        .allMatch(id ->
                                positions.get(id) != null && positions.get(id).offset() >= ends.position(id))) {
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Route '%s' has not committed all its input within %s: %s."
                            .formatted(stage.routeId, LONGEST, positions));
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> endOf(BenchBroker broker, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, Topics.PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }
}
