package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that forgets is one whose log is gone: the partitions keep theirs. */
class HangingTransactionsIT {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final String GROUP = "g";

    /** Less than the minute after which a coordinator would end what it knows. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void aForgottenTransactionHoldsUpNeitherReadersNorPositions() throws Exception {
        leaveATransactionToACoordinatorThatForgets();
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin = admin(broker);
                KafkaProducer<byte[], byte[]> other = producer(broker, "other")) {
            other.initTransactions();
            other.beginTransaction();
            send(other, "after");
            other.commitTransaction();
            await().atMost(PATIENCE).until(() -> position(admin), OptionalLong.of(7)::equals);
            assertThat(committed(broker, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void aTransactionThatItsCoordinatorKnowsIsLeftAlone() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin = admin(broker);
                HangingTransactions watch = HangingTransactions.of(broker.bootstrapServers());
                KafkaProducer<byte[], byte[]> producer = producer(broker, "known")) {
            TestTopic.create(admin, PARTITION.topic());
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "known");
            move(producer, 3);
            for (int i = 0; i < 5; i++) {
                assertThat(watch.look()).isEmpty();
            }
            producer.commitTransaction();
            assertThat(committed(broker, 1)).containsExactly("known");
            assertThat(position(admin)).hasValue(3);
        }
    }

    /** A committed record and position 7; behind them a transaction that is open in both logs. */
    private void leaveATransactionToACoordinatorThatForgets() throws Exception {
        KafkaProducer<byte[], byte[]> producer;
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin = admin(broker)) {
            TestTopic.create(admin, PARTITION.topic());
            producer = producer(broker, "forgotten");
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "before");
            move(producer, 7);
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "undecided");
            move(producer, 8);
            producer.flush();
            assertThat(position(admin)).isEmpty();
        }
        producer.close(Duration.ZERO);
        try (Stream<Path> logs = Files.list(data.resolve("log"))) {
            for (Path log : logs.toList()) {
                if (log.getFileName().toString().startsWith("__transaction_state-")) {
                    delete(log);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(PARTITION.topic(), value.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private static void move(KafkaProducer<byte[], byte[]> producer, long position) {
        producer.sendOffsetsToTransaction(
                Map.of(PARTITION, new OffsetAndMetadata(position)), new ConsumerGroupMetadata(GROUP));
    }

    /** Empty while a transaction that moves it is undecided. */
    private static OptionalLong position(Admin admin) throws Exception {
        OffsetAndMetadata found = admin.listConsumerGroupOffsets(
                        GROUP, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()
                .get()
                .get(PARTITION);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
    }

    private static List<String> committed(EmbeddedBroker broker, int expected) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
                return values.size() >= expected;
            });
        }
        return values;
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker, String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
