package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Topics;
import io.streamforge.model.ReadingView;
import io.streamforge.model.Schemas;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code ./streamforge bench latency}: how long a reading takes from {@code telemetry.raw} to a read_committed reader of {@code telemetry.clean} at
 * 1,000 readings a second, through the shipped validate route and through the hand-written loop, in turns. Both commit every 100 ms, which is most
 * of it. {@code p99_ratio} is ours ÷ the loop's, median over the rounds: lower is better.
 */
public final class LatencyBench {

    private static final List<String> VARIANTS = List.of("route", "hand");
    private static final int PER_SECOND = 1_000;
    private static final int WARM_UP_ROUNDS = 2;
    private static final Duration LONGEST_WAY = Duration.ofSeconds(30);

    private LatencyBench() {}

    /** {@code [--json] [--rounds N] [--seconds N]}: N counted rounds (default 7) after two of warm-up, each N seconds (default 10) a variant. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--rounds", "--seconds");
        int rounds = arguments.number("--rounds", 7);
        int records = arguments.number("--seconds", 10) * PER_SECOND;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Map<String, List<Double>> p50 = new LinkedHashMap<>();
        Map<String, List<Double>> p99 = new LinkedHashMap<>();
        Map<String, Child> children = new LinkedHashMap<>();
        try (BenchBroker broker = new BenchBroker()) {
            ValidateBench.createTopics(broker, VARIANTS);
            int schemaId = new ConfluentSchemaRegistry(
                            List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"))
                    .idFor(ValidateBench.raw("route"), Schemas.READING);
            try {
                for (String variant : VARIANTS) {
                    p50.put(variant, new ArrayList<>());
                    p99.put(variant, new ArrayList<>());
                    Child child = ValidateBench.entrant(broker, variant).start().get();
                    children.put(variant, child);
                    child.await("ready");
                }
                List<String> order = new ArrayList<>(VARIANTS);
                for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                    Collections.rotate(order, 1);
                    byte[][][] load = Workload.harmless((long) (round + WARM_UP_ROUNDS) * records, records, schemaId);
                    for (String variant : order) {
                        long[] sorted = turn(broker, variant, load, schemaId);
                        if (round >= 0) {
                            Objects.requireNonNull(p50.get(variant)).add(millis(sorted, 0.50));
                            Objects.requireNonNull(p99.get(variant)).add(millis(sorted, 0.99));
                        }
                    }
                    out.printf("round %d of %d%n", round + 1, rounds);
                }
            } finally {
                children.values().forEach(Child::close);
            }
        }
        report(out, arguments.json(), p50, p99, rounds);
    }

    /** One variant's latencies, nanoseconds, sorted. */
    private static long[] turn(BenchBroker broker, String variant, byte[][][] load, int schemaId) throws Exception {
        int records = load[0].length;
        AtomicLongArray sentAt = new AtomicLongArray(records);
        long[] latencies = new long[records];
        try (KafkaConsumer<byte[], byte[]> consumer = endOf(broker, ValidateBench.clean(variant));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Thread sender = new Thread(() -> {
                long start = System.nanoTime();
                for (int i = 0; i < records; i++) {
                    LockSupport.parkNanos(start + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
                    sentAt.set(i, System.nanoTime());
                    producer.send(new ProducerRecord<>(ValidateBench.raw(variant), load[0][i], load[1][i]));
                }
            });
            sender.start();
            ReadingView view = new ReadingView(schemaId);
            int arrived = 0;
            for (long last = System.nanoTime(); arrived < records; ) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (!view.wrap(record.value())) {
                        throw new IllegalStateException("The bench writes schema %d only.".formatted(schemaId));
                    }
                    last = System.nanoTime();
                    latencies[arrived++] = last - sentAt.get((int) view.sequence());
                }
                if (System.nanoTime() - last > LONGEST_WAY.toNanos()) {
                    throw new IllegalStateException(
                            "Variant '%s' let %d of %d readings through.".formatted(variant, arrived, records));
                }
            }
            sender.join();
        }
        Arrays.sort(latencies);
        return latencies;
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

    private static double millis(long[] sorted, double share) {
        return sorted[(int) Math.ceil(sorted.length * share) - 1] / 1e6;
    }

    private static void report(
            PrintStream out, boolean json, Map<String, List<Double>> p50, Map<String, List<Double>> p99, int rounds)
            throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<Double> ratios = new ArrayList<>();
        List<Double> ours = Objects.requireNonNull(p99.get("route"));
        List<Double> theirs = Objects.requireNonNull(p99.get("hand"));
        for (int round = 0; round < rounds; round++) {
            ratios.add(ours.get(round) / theirs.get(round));
        }
        ObjectNode line = mapper.createObjectNode()
                .put("bench", "latency")
                .put("p99_ratio", rounded(Measurements.median(ratios)));
        for (String variant : VARIANTS) {
            double middle = Measurements.median(Objects.requireNonNull(p50.get(variant)));
            double high = Measurements.median(Objects.requireNonNull(p99.get(variant)));
            out.printf("%-6s p50 %6.1f ms  p99 %6.1f ms%n", variant, middle, high);
            line.put("p50_ms_" + variant, rounded(middle)).put("p99_ms_" + variant, rounded(high));
        }
        line.put("records_per_s", PER_SECOND).put("rounds", rounds);
        if (json) {
            out.println(mapper.writeValueAsString(line));
        }
        new Limits(line).atMost("p99_ratio", 1.5).check();
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
