package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Measurements;
import io.streamforge.model.Schemas;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code ./streamforge bench validate}: the shipped validate route against a hand-written loop with the same codec, a byte copy loop and a Kafka
 * Streams topology with the same checks. All deliver exactly once with a commit every 100 ms; they take turns in one run on the same records,
 * each in a JVM of its own with the same options, and are compared by the CPU of that process per record. The run fails if the outputs differ.
 */
public final class ValidateBench {

    private static final List<String> VARIANTS = List.of("route", "hand", "copy", "streams");
    private static final int PARTITIONS = 12;
    /**
     * What runs once per poll needs thousands of polls until the just-in-time compiler is done with it: rounds at full load hold some hundred, a
     * plant some million. So each lifetime begins with this many polls of a few records.
     */
    private static final int WARM_UP_POLLS = 8_000;

    private static final int RECORDS_PER_WARM_UP_POLL = 24;
    private static final int WARM_UP_ROUNDS = 2;
    private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");

    private ValidateBench() {}

    static String raw(String variant) {
        return variant.equals("route") ? "telemetry.raw" : "raw." + variant;
    }

    static String clean(String variant) {
        return variant.equals("route") ? "telemetry.clean" : "clean." + variant;
    }

    static String dead(String variant) {
        return variant.equals("route") ? "dlq.telemetry" : "dead." + variant;
    }

    static String group(String variant) {
        return variant.equals("route") ? "validate.telemetry" : "bench-" + variant;
    }

    /**
     * {@code [--json] [--records N] [--rounds N] [--forks N]}: N records per variant and round (default 2000000), N counted rounds (default 3) after
     * a warm-up, in N lifetimes of the processes (default 3).
     */
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        int records = option(options, "--records", 2_000_000);
        int rounds = option(options, "--rounds", 3);
        int forks = option(options, "--forks", 3);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (BenchBroker broker = new BenchBroker();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            createTopics(admin);
            int schemaId = new ConfluentSchemaRegistry(
                            List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"))
                    .idFor(raw("route"), Schemas.READING);
            byte[][][] load = Workload.records(records, schemaId);
            Measurements measurements = new Measurements();
            for (int fork = 1; fork <= forks; fork++) {
                runFork(broker, admin, load, rounds, measurements);
                out.printf("fork %d of %d%n", fork, forks);
            }
            compareOutputs(broker);
            report(out, options.contains("--json"), measurements, records, forks * rounds);
        }
    }

    /** One lifetime of the four processes: what the just-in-time compiler makes of a process differs from one to the next. */
    private static void runFork(BenchBroker broker, Admin admin, byte[][][] load, int rounds, Measurements measurements)
            throws Exception {
        Map<String, Child> children = new LinkedHashMap<>();
        try {
            for (String variant : VARIANTS) {
                Child child = Child.java(
                        JVM_OPTIONS,
                        System.getProperty("java.class.path"),
                        VariantProcess.class.getName(),
                        List.of(variant, broker.bootstrap(), broker.registry()));
                children.put(variant, child);
                child.await("ready");
            }
            warmUp(broker, admin, load);
            List<String> order = new ArrayList<>(VARIANTS);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                Collections.rotate(order, 1);
                for (String variant : order) {
                    turn(
                            broker,
                            admin,
                            Objects.requireNonNull(children.get(variant)),
                            variant,
                            load,
                            round,
                            measurements);
                }
            }
        } finally {
            children.values().forEach(Child::close);
        }
    }

    /** Many small polls, for all variants at once; over when all have committed what was written. */
    private static void warmUp(BenchBroker broker, Admin admin, byte[][][] load) throws Exception {
        Map<String, Long> goals = new LinkedHashMap<>();
        for (String variant : VARIANTS) {
            goals.put(variant, committed(admin, variant) + (long) WARM_UP_POLLS * RECORDS_PER_WARM_UP_POLL);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int poll = 0; poll < WARM_UP_POLLS; poll++) {
                for (int i = 0; i < RECORDS_PER_WARM_UP_POLL; i++) {
                    int record = (poll * RECORDS_PER_WARM_UP_POLL + i) % load[0].length;
                    for (String variant : VARIANTS) {
                        producer.send(new ProducerRecord<>(raw(variant), load[0][record], load[1][record]));
                    }
                }
                producer.flush();
            }
        }
        for (String variant : VARIANTS) {
            await(admin, variant, Objects.requireNonNull(goals.get(variant)));
        }
    }

    private static void await(Admin admin, String variant, long goal) throws Exception {
        while (committed(admin, variant) < goal) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /**
     * Loads one round into the variant's input within a transaction, so that it becomes visible at once and whole, and measures from there to the
     * last commit of the variant's group.
     */
    private static void turn(
            BenchBroker broker,
            Admin admin,
            Child child,
            String variant,
            byte[][][] load,
            int round,
            Measurements measurements)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "transactional.id",
                        "load-" + variant,
                        "transaction.timeout.ms",
                        300_000,
                        "linger.ms",
                        5,
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int record = 0; record < load[0].length; record++) {
                producer.send(new ProducerRecord<>(raw(variant), load[0][record], load[1][record]));
            }
            producer.flush();
            long before = committed(admin, variant);
            long cpu = child.cpuNanos();
            long brokerCpu = broker.cpuNanos();
            long start = System.nanoTime();
            producer.commitTransaction();
            await(admin, variant, before + load[0].length);
            long wall = System.nanoTime() - start;
            if (round >= 0) {
                measurements.add(variant, load[0].length, child.cpuNanos() - cpu, broker.cpuNanos() - brokerCpu, wall);
            }
        }
    }

    private static long committed(Admin admin, String variant) throws Exception {
        long sum = 0;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> position : admin.listConsumerGroupOffsets(group(variant))
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()) {
            if (position.getKey().topic().equals(raw(variant)) && position.getValue() != null) {
                sum += position.getValue().offset();
            }
        }
        return sum;
    }

    private static void createTopics(Admin admin) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (String variant : VARIANTS) {
            for (String topic : List.of(raw(variant), clean(variant), dead(variant))) {
                topics.add(new NewTopic(topic, PARTITIONS, (short) 1));
            }
        }
        admin.createTopics(topics).all().get();
        for (NewTopic topic : topics) {
            awaitLeaders(admin, topic.name());
        }
    }

    /** A topic that was just made may be unknown to the broker for a moment yet. */
    private static void awaitLeaders(Admin admin, String topic) throws Exception {
        for (int partition = 0; partition < PARTITIONS; ) {
            try {
                admin.listOffsets(Map.of(new TopicPartition(topic, partition), OffsetSpec.latest()))
                        .all()
                        .get();
                partition++;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
            }
        }
    }

    /** Every variant that validates must have written the same bytes in the same order per partition, and refused the same number. */
    private static void compareOutputs(BenchBroker broker) throws Exception {
        String expected = digest(broker, clean("hand")) + " dead=" + count(broker, dead("hand"));
        for (String variant : List.of("route", "streams")) {
            String actual = digest(broker, clean(variant)) + " dead=" + count(broker, dead(variant));
            if (!actual.equals(expected)) {
                throw new IllegalStateException(
                        "Variant '%s' wrote other records than the hand-written loop: %s, not %s."
                                .formatted(variant, actual, expected));
            }
        }
        String raw = digest(broker, raw("copy"));
        String copied = digest(broker, clean("copy"));
        if (!copied.equals(raw)) {
            throw new IllegalStateException(
                    "The copy loop wrote other records than it read: %s, not %s.".formatted(copied, raw));
        }
    }

    private static String digest(BenchBroker broker, String topic) throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        long[] count = {0};
        for (int partition = 0; partition < PARTITIONS; partition++) {
            read(broker, new TopicPartition(topic, partition), record -> {
                all.update(record.key());
                all.update(record.value());
                count[0]++;
            });
        }
        return "records=%d sha256=%s".formatted(count[0], HexFormat.of().formatHex(all.digest(), 0, 8));
    }

    private static long count(BenchBroker broker, String topic) {
        long[] count = {0};
        for (int partition = 0; partition < PARTITIONS; partition++) {
            read(broker, new TopicPartition(topic, partition), record -> count[0]++);
        }
        return count[0];
    }

    private static void read(
            BenchBroker broker,
            TopicPartition partition,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(each);
            }
        }
    }

    private static int option(List<String> options, String name, int otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(options.get(at + 1));
    }

    private static void report(PrintStream out, boolean json, Measurements measured, int records, int rounds)
            throws Exception {
        for (String variant : VARIANTS) {
            out.printf(
                    "%-8s %6.0f ns CPU/record  %8.0f records/s  broker %6.0f ns CPU/record%n",
                    variant,
                    measured.cpuNanosPerRecord(variant),
                    measured.recordsPerSecond(variant),
                    measured.brokerNanosPerRecord(variant));
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode line = mapper.createObjectNode().put("bench", "validate");
        for (String theirs : List.of("hand", "copy", "streams")) {
            line.put("ratio_" + theirs, rounded(measured.cpuRatio(theirs, "route")));
        }
        for (String theirs : List.of("hand", "copy", "streams")) {
            line.put("tput_" + theirs, rounded(measured.throughputRatio(theirs, "route")));
        }
        for (String variant : VARIANTS) {
            line.put("cpu_ns_" + variant, Math.round(measured.cpuNanosPerRecord(variant)));
            line.put("broker_ns_" + variant, Math.round(measured.brokerNanosPerRecord(variant)));
        }
        line.put("records", records).put("rounds", rounds).put("same_output", true);
        if (json) {
            out.println(mapper.writeValueAsString(line));
        }
    }

    private static double rounded(double ratio) {
        return Math.round(ratio * 1000) / 1000.0;
    }
}
