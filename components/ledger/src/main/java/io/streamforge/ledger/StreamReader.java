package io.streamforge.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed records of the stream beside everybody else, without a group. */
final class StreamReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FIRST_RECORD = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    StreamReader(String bootstrap) {
        this.admin = Admin.create(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    Set<String> groups() {
        return answer(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What the group has committed. Not asked for as stable: a partition whose next commit is under way would then be left out, and count as not read
     * at all. A position that is older than what was written after it does no harm, what is beyond it is not judged yet.
     */
    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    Collection<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    Map<TopicPartition, Long> begins(Collection<TopicPartition> ids) {
        return consumer.beginningOffsets(ids);
    }

    /** Where a reader of committed records would come to now. */
    Map<TopicPartition, Long> ends(String topic) {
        return consumer.endOffsets(partitions(topic));
    }

    /** Where the log ends, transactions that are still open among it: everything that was ever committed is below. */
    Map<TopicPartition, Long> logEnds(String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer(admin.listOffsets(partitions(topic).stream()
                                .collect(Collectors.toMap(id -> id, id -> OffsetSpec.latest())))
                        .all())
                .forEach((id, end) -> ends.put(id, end.offset()));
        return ends;
    }

    /** When the first record of the partition that is still there was written; empty if there is none. */
    Optional<Instant> firstWritten(TopicPartition id) {
        consumer.assign(Set.of(id));
        consumer.seekToBeginning(Set.of(id));
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(FIRST_RECORD)) {
            return Optional.of(Instant.ofEpochMilli(record.timestamp()));
        }
        return Optional.empty();
    }

    /** Hands on every committed record below the ends, each partition in its order, from the time on or else from the beginning. */
    void read(Map<TopicPartition, Long> ends, Optional<Instant> from, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        consumer.assign(ends.keySet());
        consumer.seekToBeginning(ends.keySet());
        from.ifPresent(time -> {
            Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                    ends.keySet().stream().collect(Collectors.toMap(id -> id, id -> time.toEpochMilli())));
            ends.forEach((id, end) -> {
                OffsetAndTimestamp start = starts.get(id);
                consumer.seek(id, start == null ? end : start.offset());
            });
        });
        Set<TopicPartition> open = ends.entrySet().stream()
                .filter(end -> consumer.position(end.getKey()) < end.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!open.isEmpty()) {
            boolean progress = false;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                progress = true;
                if (record.offset() < Objects.requireNonNull(ends.get(idOf(record)))) {
                    each.accept(record);
                }
            }
            progress |= open.removeIf(id -> consumer.position(id) >= Objects.requireNonNull(ends.get(id)));
            consumer.pause(consumer.assignment().stream()
                    .filter(id -> !open.contains(id))
                    .toList());
            if (progress) {
                deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Partitions %s gave nothing for %d s, although records below %s are promised: a transaction hangs or the broker does not answer."
                                .formatted(open, LONGEST_WAIT.toSeconds(), ends));
            }
        }
    }

    static TopicPartition idOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "The stream does not answer: %s".formatted(e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the stream was asked.", e);
        }
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
