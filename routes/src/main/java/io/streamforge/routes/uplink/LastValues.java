package io.streamforge.routes.uplink;

import io.streamforge.model.Decoder;
import io.streamforge.model.Reading;
import io.streamforge.model.UnavailableException;
import io.streamforge.model.UndecodableException;
import io.streamforge.routes.runtime.StreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds the last values of tags in what the stream has, from a place backwards in growing steps. */
final class LastValues {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long FIRST_STEP = 1000;
    private static final long GROWTH = 4;

    private final StreamReader stream;
    private final Decoder decoder;
    private final String topic;
    private final Duration limit;

    /** @param limit of one look, from when the stream has said where its records are */
    LastValues(StreamReader stream, Decoder decoder, String topic, Duration limit) {
        this.stream = stream;
        this.decoder = decoder;
        this.topic = topic;
        this.limit = limit;
    }

    /** What is still sought in one partition, before an offset. */
    private record Sought(TopicPartition partition, Set<Command.Tag> tags, long beginning, long before) {

        boolean isOver() {
            return tags.isEmpty() || before <= beginning;
        }
    }

    /**
     * The last values of those tags that have one within reach.
     *
     * @param end of each partition, exclusive: from there on somebody else reads
     */
    Map<Command.Tag, TagValue> before(Set<Command.Tag> tags, ToLongFunction<TopicPartition> end) {
        Map<Command.Tag, TagValue> found = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = stream.open(5000)) {
            List<Sought> sought = sought(consumer, tags, end);
            long deadline = System.nanoTime() + limit.toNanos();
            // all partitions by the same step: a tag that never had a value must not keep the others waiting
            for (long step = FIRST_STEP; !sought.isEmpty() && System.nanoTime() < deadline; step *= GROWTH) {
                List<Sought> still = new ArrayList<>();
                for (Sought one : sought) {
                    Sought rest = search(consumer, one, step, deadline, found);
                    if (!rest.isOver()) {
                        still.add(rest);
                    }
                }
                sought = still;
            }
        }
        return found;
    }

    private List<Sought> sought(
            Consumer<byte[], byte[]> consumer, Set<Command.Tag> tags, ToLongFunction<TopicPartition> end) {
        Map<TopicPartition, Set<Command.Tag>> byPartition = new HashMap<>();
        for (Command.Tag tag : tags) {
            byPartition
                    .computeIfAbsent(
                            StreamReader.partitionOf(consumer, topic, tag.assetId()), partition -> new HashSet<>())
                    .add(tag);
        }
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(byPartition.keySet());
        return byPartition.entrySet().stream()
                .map(entry -> new Sought(
                        entry.getKey(),
                        entry.getValue(),
                        beginnings.getOrDefault(entry.getKey(), 0L),
                        end.applyAsLong(entry.getKey())))
                .filter(one -> !one.isOver())
                .toList();
    }

    private Sought search(
            Consumer<byte[], byte[]> consumer,
            Sought sought,
            long step,
            long deadline,
            Map<Command.Tag, TagValue> found) {
        long from = Math.max(sought.beginning(), sought.before() - step);
        consumer.assign(List.of(sought.partition()));
        consumer.seek(sought.partition(), from);
        Map<Command.Tag, TagValue> here = new HashMap<>();
        while (consumer.position(sought.partition()) < sought.before()) {
            if (System.nanoTime() > deadline) {
                // what was read so far need not be the last
                return sought;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < sought.before()) {
                    note(record.value(), sought.tags(), here);
                }
            }
        }
        found.putAll(here);
        Set<Command.Tag> missing = new HashSet<>(sought.tags());
        missing.removeAll(here.keySet());
        return new Sought(sought.partition(), missing, sought.beginning(), from);
    }

    private void note(byte[] framed, Set<Command.Tag> tags, Map<Command.Tag, TagValue> latest) {
        try {
            Reading reading = decoder.reading(framed);
            Command.Tag tag = new Command.Tag(reading.assetId(), reading.parameter());
            if (tags.contains(tag)) {
                latest.put(tag, TagValue.of(reading));
            }
        } catch (UndecodableException | UnavailableException e) {
            // A record that cannot be read is the stages' to report.
        }
    }
}
