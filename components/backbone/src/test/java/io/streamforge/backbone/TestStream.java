package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The world around a route under test: writers that keep their own log of what was acknowledged, and a reader of committed records. */
final class TestStream implements AutoCloseable {

    static final int PARTITIONS = 6;
    private static final int ASSETS = 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String bootstrapServers;
    private final Admin admin;

    TestStream(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    Admin admin() {
        return admin;
    }

    /** Makes a topic under a name that no other test has. */
    String topic(String purpose) throws Exception {
        return topic(purpose, PARTITIONS);
    }

    String topic(String purpose, int partitions) throws Exception {
        String name = purpose + "." + NUMBER.incrementAndGet();
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        IntStream.range(0, partitions).forEach(i -> ends.put(new TopicPartition(name, i), OffsetSpec.latest()));
        await().ignoreExceptions().until(() -> admin.listOffsets(ends).all().get() != null);
        return name;
    }

    /** Writes to the topic, about 4,000 records a second, until it is stopped. */
    Writer write(String topic) {
        return new Writer(topic);
    }

    /** Writes exactly so many records and waits for their acknowledgements. */
    Writer write(String topic, int records) {
        Writer writer = new Writer(topic, records);
        writer.stop();
        return writer;
    }

    /** Values by key, in the order in which a reader of committed records sees them. */
    Map<String, List<String>> read(String topic) {
        Map<String, List<String>> values = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
            values.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>())
                    .add(new String(record.value(), StandardCharsets.UTF_8));
        }
        return values;
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(bootstrapServers, "reader", "reader", 5000)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    long count(String topic) {
        return records(topic).size();
    }

    /** Waits until every acknowledged record has arrived in the topic, then checks their order and whether one came twice. */
    void assertArrived(Writer writer, String topic, boolean exactlyOnce) {
        assertArrived(writer.acknowledged(), topic, exactlyOnce);
    }

    void assertArrived(Map<String, List<String>> expected, String topic, boolean exactlyOnce) {
        assertThat(expected).isNotEmpty();
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    Map<String, List<String>> arrived = read(topic);
                    Map<String, List<String>> firsts = new TreeMap<>();
                    arrived.forEach((key, values) -> firsts.put(key, new ArrayList<>(new LinkedHashSet<>(values))));
                    assertThat(count(firsts)).as("records that arrived").isEqualTo(count(expected));
                    assertThat(firsts)
                            .as("in the order in which they were written")
                            .isEqualTo(expected);
                    if (exactlyOnce) {
                        assertThat(count(arrived))
                                .as("records without a repetition")
                                .isEqualTo(count(expected));
                    }
                });
    }

    static int count(Map<String, List<String>> values) {
        return values.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public void close() {
        admin.close();
    }

    /** Sends numbered values per asset and logs, per asset, those that the stream acknowledged. */
    final class Writer implements AutoCloseable {
        private final Map<String, List<String>> log = new ConcurrentHashMap<>();
        private final CountDownLatch stop = new CountDownLatch(1);
        private final Thread thread;

        private Writer(String topic) {
            this(topic, Integer.MAX_VALUE);
        }

        private Writer(String topic, int records) {
            thread = new Thread(() -> write(topic, records), "writer");
            thread.start();
        }

        private void write(String topic, int records) {
            try (Producer<byte[], byte[]> producer =
                    KafkaClients.idempotentProducer(bootstrapServers, "writer-" + topic)) {
                for (int number = 0; number < records; number++) {
                    String asset = "asset-" + number % ASSETS;
                    String value = asset + ":" + number;
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    asset.getBytes(StandardCharsets.UTF_8),
                                    value.getBytes(StandardCharsets.UTF_8)),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    log.computeIfAbsent(asset, key -> new ArrayList<>())
                                            .add(value);
                                }
                            });
                    if (records == Integer.MAX_VALUE && number % 40 == 39 && stop.await(10, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                }
                producer.flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void stop() {
            stop.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        Map<String, List<String>> acknowledged() {
            stop();
            return new TreeMap<>(log);
        }

        @Override
        public void close() {
            stop();
        }
    }
}
