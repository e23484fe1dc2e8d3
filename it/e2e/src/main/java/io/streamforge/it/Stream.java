package io.streamforge.it;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Decoder;
import io.streamforge.model.Reading;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in the stream, read by the test itself, committed records only. */
final class Stream {

    private final String bootstrap;
    private final Decoder decoder;

    Stream(String bootstrap, String registry, Path directory) {
        this.bootstrap = bootstrap;
        this.decoder = new Decoder(
                new ConfluentSchemaRegistry(List.of(URI.create(registry)), directory.resolve("test-schemas.json")));
    }

    /** All committed records of a topic from its start to its end as of now, each partition in order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
            return all;
        }
    }

    List<Reading> readings(String topic) {
        return records(topic).stream()
                .map(record -> decoder.reading(record.value()))
                .toList();
    }

    Decoder decoder() {
        return decoder;
    }
}
