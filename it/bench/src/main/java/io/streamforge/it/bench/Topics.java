package io.streamforge.it.bench;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics of a bench: made before it, compared after it. */
public final class Topics {

    /** As many as the product makes. */
    public static final int PARTITIONS = 12;

    private Topics() {}

    /** Makes them and waits until each can be written: one that was just made may be unknown to the broker for a moment yet. */
    public static void create(BenchBroker broker, List<String> names) throws Exception {
        create(broker, names, Map.of());
    }

    /** @param settings of the topics */
    public static void create(BenchBroker broker, List<String> names, Map<String, String> settings) throws Exception {
        Admin admin = broker.admin();
        admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, PARTITIONS, (short) 1).configs(settings))
                        .toList())
                .all()
                .get();
        for (String name : names) {
            for (int partition = 0; partition < PARTITIONS; ) {
                try {
                    admin.listOffsets(Map.of(new TopicPartition(name, partition), OffsetSpec.latest()))
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
    }

    /** Count and hash of the committed records, key and value, partition by partition in their order. */
    public static String digest(BenchBroker broker, String topic) throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        long[] count = {0};
        read(broker, topic, record -> {
            all.update(record.key());
            all.update(record.value());
            count[0]++;
        });
        return "records=%d sha256=%s".formatted(count[0], HexFormat.of().formatHex(all.digest(), 0, 8));
    }

    /** How many committed records it holds. */
    public static long count(BenchBroker broker, String topic) {
        long[] count = {0};
        read(broker, topic, record -> count[0]++);
        return count[0];
    }

    /** Gives out every committed record, partition by partition in their order. */
    public static void read(BenchBroker broker, String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (int number = 0; number < PARTITIONS; number++) {
                TopicPartition partition = new TopicPartition(topic, number);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(500)).forEach(each);
                }
            }
        }
    }
}
