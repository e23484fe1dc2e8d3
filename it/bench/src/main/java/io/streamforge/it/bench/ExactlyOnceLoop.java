package io.streamforge.it.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The loop an expert would write by hand over kafka-clients: poll, send async, every 100 ms commit offsets in the transaction. */
public final class ExactlyOnceLoop implements AutoCloseable, Runnable {

    private final String input;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final BiConsumer<ConsumerRecord<byte[], byte[]>, KafkaProducer<byte[], byte[]>> step;
    private volatile boolean running = true;
    private final Thread thread;

    /**
     * @param maxPollRecords most records that a poll gives
     * @param step what happens to each record
     */
    public ExactlyOnceLoop(
            String name,
            String bootstrap,
            String input,
            String group,
            int maxPollRecords,
            BiConsumer<ConsumerRecord<byte[], byte[]>, KafkaProducer<byte[], byte[]>> step) {
        this.input = input;
        this.step = step;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        maxPollRecords),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "bench-" + name,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread = new Thread(this, "loop-" + name);
        thread.start();
    }

    @Override
    public void run() {
        producer.initTransactions();
        consumer.subscribe(List.of(input));
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        long nextCommit = 0;
        while (running) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(20));
            if (!polled.isEmpty()) {
                if (positions.isEmpty()) {
                    producer.beginTransaction();
                    nextCommit = System.nanoTime() + Variant.COMMIT_INTERVAL_MS * 1_000_000L;
                }
                for (ConsumerRecord<byte[], byte[]> read : polled) {
                    step.accept(read, producer);
                }
                positions.putAll(polled.nextOffsets());
            }
            if (!positions.isEmpty() && System.nanoTime() >= nextCommit) {
                producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
                producer.commitTransaction();
                positions.clear();
            }
        }
        consumer.close();
        producer.close();
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        thread.join();
    }
}
