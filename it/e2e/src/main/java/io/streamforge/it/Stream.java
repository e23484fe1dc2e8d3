package io.streamforge.it;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Aggregate;
import io.streamforge.model.Decoder;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What stands in the stream, read by the test itself, committed records only, and what the test writes to it. */
final class Stream {

    private final String bootstrap;
    private final SchemaRegistry registry;
    private final Decoder decoder;

    Stream(String bootstrap, String registry, Path directory) {
        this.bootstrap = bootstrap;
        this.registry =
                new ConfluentSchemaRegistry(List.of(URI.create(registry)), directory.resolve("test-schemas.json"));
        this.decoder = new Decoder(this.registry);
    }

    /** Writes records of one asset past all adapters. */
    void write(String topic, String asset, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            values.forEach(
                    value -> producer.send(new ProducerRecord<>(topic, asset.getBytes(StandardCharsets.UTF_8), value)));
        }
    }

    /** An event as a record of {@code events.raw}. */
    byte[] encoded(Event event) {
        return new EventCodec(registry.idFor("events.raw", Schemas.EVENT)).encode(event);
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

    /** The last revision of each window of the load's assets, by asset and start. */
    Map<String, Aggregate> windows(String topic) {
        Map<String, Aggregate> last = new TreeMap<>();
        records(topic).stream()
                .map(record -> decoder.aggregate(record.value()))
                .filter(window -> window.assetId().startsWith("asset-"))
                .forEach(window -> last.merge(
                        window.assetId() + "/" + window.windowStart(),
                        window,
                        (one, other) -> one.revision() > other.revision() ? one : other));
        return last;
    }

    Decoder decoder() {
        return decoder;
    }
}
