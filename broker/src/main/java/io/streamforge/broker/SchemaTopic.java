package io.streamforge.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The compacted topic that is the registry's only memory; keys and values are JSON. */
final class SchemaTopic implements SchemaLog, AutoCloseable {

    private static final TopicPartition PARTITION = new TopicPartition("_schemas", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final String bootstrapServers;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;

    private SchemaTopic(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "client.id", "schema-registry",
                        "acks", "all",
                        "linger.ms", "0",
                        "request.timeout.ms", "4000",
                        "delivery.timeout.ms", "8000",
                        "max.block.ms", "8000",
                        "buffer.memory", String.valueOf(4 << 20)),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Makes the topic if need be, and waits until it can be written: a producer that comes too early stays stuck. */
    static SchemaTopic open(String bootstrapServers) {
        SchemaTopic topic = new SchemaTopic(bootstrapServers);
        try {
            topic.create();
            return topic;
        } catch (RuntimeException e) {
            topic.close();
            throw e;
        }
    }

    private void create() {
        try {
            NewTopic topic = new NewTopic(PARTITION.topic(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failure("Topic _schemas cannot be made", e);
            }
        } catch (TimeoutException e) {
            throw new KafkaException("Topic _schemas cannot be made: the broker does not answer.", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        awaitLeader();
    }

    /** A topic that was just made may be unknown to the broker for a moment yet: that answer comes at once and is no verdict. */
    private void awaitLeader() {
        long deadline = System.nanoTime() + LEADER_PATIENCE.toNanos();
        while (!answers(PATIENCE)) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "Topic _schemas has no leader after %d s.".formatted(LEADER_PATIENCE.toSeconds()));
            }
            LockSupport.parkNanos(RETRY_PAUSE.toNanos());
        }
    }

    /** Whether the stream serves the topic. */
    boolean answers(Duration patience) {
        try {
            admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                    .all()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void append(String key, String value) {
        try {
            producer.send(new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), key, value))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure("The stream refused the record", e);
        } catch (TimeoutException e) {
            throw new KafkaException("The stream did not answer.", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public List<Entry> readAll() {
        List<Entry> entries = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "allow.auto.create.topics", "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(PARTITION), PATIENCE).get(PARTITION));
            while (consumer.position(PARTITION, PATIENCE) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.value() != null) {
                        entries.add(new Entry(record.offset(), record.key(), record.value()));
                    }
                }
            }
        }
        return entries;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        admin.close(Duration.ofSeconds(2));
    }

    private static KafkaException failure(String what, ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new KafkaException("%s: %s".formatted(what, cause.getMessage()), cause);
    }

    private static KafkaException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new KafkaException("Interrupted.", e);
    }
}
