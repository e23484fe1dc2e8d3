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
import io.streamforge.model.Aggregate;
import io.streamforge.model.AggregateCodec;
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
 * once a second for longer than it remembers. From the start of its route to the commit of a few records that wait for it; what that takes with a
 * dozen series (joining the group, a new transaction) is subtracted. {@code linear_…} is the time with twice the series ÷ twice the time: 1 for a
 * growth that is linear.
 */
public final class WarmupBench {

    private static final int FEW = 12;
    private static final int SERIES = 10_000;

    /** Twice the series may take no more than so many times twice as long; single restarts differ. */
    private static final double MOST_LINEAR = 1.5;

    private static final int PARAMETERS = 10;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private WarmupBench() {}

    /** {@code [--json] [--rounds N]}: restarts counted for each stage and number of series, default 5. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--rounds");
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
        Limits limits = new Limits(line);
        for (Stage stage : Stage.values()) {
            limits.atMost("linear_" + stage.name().toLowerCase(Locale.ROOT), MOST_LINEAR);
        }
        limits.check();
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
                            "telemetry.1min",
                            "telemetry.1hour",
                            "dlq.telemetry",
                            "alarms.raw",
                            "audit.ledger"));
            int schemaId = new ConfluentSchemaRegistry(
                            List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"))
                    .idFor(stage.input, stage.finer == 0 ? Schemas.READING : Schemas.AGGREGATE);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 5, "compression.type", "lz4"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                for (int poll = 0; poll < stage.polls; poll++) {
                    poll(producer, schemaId, stage, series, poll);
                }
                try (Child child = start(stage, broker)) {
                    awaitAllCommitted(stage, broker);
                }
                for (int round = 0; round < rounds; round++) {
                    poll(producer, schemaId, stage, FEW, stage.polls + round);
                    try (Child child = start(stage, broker)) {
                        long start = System.nanoTime();
                        awaitAllCommitted(stage, broker);
                        seconds.add((System.nanoTime() - start) / 1e9);
                    }
                }
            }
        }
        return Measurements.median(seconds);
    }

    /** One record of each series. */
    private static void poll(KafkaProducer<byte[], byte[]> producer, int schemaId, Stage stage, int series, int poll) {
        Instant at = START.plusSeconds((long) poll * stage.every);
        ReadingCodec readings = new ReadingCodec(schemaId);
        AggregateCodec aggregates = new AggregateCodec(schemaId);
        for (int number = 0; number < series; number++) {
            String asset = "press-" + number / PARAMETERS;
            String parameter = "parameter-" + number % PARAMETERS;
            long sequence = (long) poll * PARAMETERS + number % PARAMETERS;
            producer.send(new ProducerRecord<>(
                    stage.input,
                    asset.getBytes(StandardCharsets.UTF_8),
                    stage.finer == 0
                            ? readings.encode(reading(parameter, poll, at), asset, ORIGIN, sequence)
                            : aggregates.encode(window(asset, parameter, stage, at, sequence))));
        }
        producer.flush();
    }

    private static Sample reading(String parameter, int poll, Instant at) {
        return new Sample(
                null, parameter, new Value.Real(poll), "Cel", Classification.TELEMETRY, Quality.GOOD, null, null, at);
    }

    /** Of four readings. */
    private static Aggregate window(String asset, String parameter, Stage stage, Instant start, long revision) {
        Duration length = Duration.ofSeconds(stage.finer);
        return new Aggregate(
                asset,
                parameter,
                "Cel",
                length,
                start,
                start.plus(length),
                new Aggregate.Statistics(21.53, 19.2, 24.1, 4, 1.77, 20.5, 22.9),
                new Aggregate.QualitySummary(4, 0, 0, 100),
                revision,
                ORIGIN,
                0,
                null);
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
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
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
