package io.streamforge.ledger;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the stream beside everybody else, without a group, and proves the sums up to where validation stands now.
 *
 * <p>The cut is validation's committed position. Its results stand in the output topics below their ends as seen after that, since they were
 * committed together; what newer records among them came of is told apart by their sequence.
 */
final class Prover implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final String VALIDATORS = "validate.";
    private static final String SINKS = "sink.";
    /** Groups that only remember that another was started once. */
    private static final String MARKER = ".started";

    /**
     * What became of one topic in one sink.
     *
     * @param inScope records of the topic, and those that were deleted before the sink had them
     * @param pending not acknowledged by the sink yet
     * @param dead refused by the sink, on {@code dlq.sink}
     * @param evicted deleted from the topic before the sink had them
     */
    record Delivery(String sink, String topic, long inScope, long delivered, long pending, long dead, long evicted) {

        boolean balanced() {
            return delivered >= 0 && inScope == delivered + pending + dead + evicted;
        }
    }

    /**
     * @param pending records on {@code telemetry.raw} that validation has not judged yet
     * @param from the first minute that was proved
     */
    record Result(Proof proof, List<Proof.Gap> gaps, List<Delivery> sinks, long pending, Instant from) {

        boolean balanced() {
            return proof.unbalanced().isEmpty()
                    && gaps.isEmpty()
                    && sinks.stream().allMatch(Delivery::balanced);
        }
    }

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Decoder decoder;
    private final int readingSchemaId;

    Prover(String bootstrap, Decoder decoder, int readingSchemaId) {
        this.decoder = decoder;
        this.readingSchemaId = readingSchemaId;
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

    /** @throws IllegalStateException if the stream does not answer, or nobody has validated anything yet */
    Result prove(Optional<Instant> from, Optional<Instant> to) {
        Set<String> groups = groups();
        Map<TopicPartition, Long> judged = positions(onlyValidator(groups));
        Map<String, Map<TopicPartition, Long>> sinks = new TreeMap<>();
        groups.stream().filter(group -> group.startsWith(SINKS)).forEach(sink -> sinks.put(sink, positions(sink)));
        Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();
        Set<String> topics = new TreeSet<>(Topics.COUNTED);
        topics.add(Topics.LEDGER);
        sinks.values().forEach(positions -> positions.keySet().forEach(id -> topics.add(id.topic())));
        topics.forEach(topic -> ends.put(topic, consumer.endOffsets(partitions(topic))));

        Instant start = from.orElseGet(this::firstWholeMinute);
        Proof proof = new Proof(
                decoder, readingSchemaId, micros(start), to.map(Prover::micros).orElse(Long.MAX_VALUE));
        Map<TopicPartition, Long> raw = below(judged, Topics.RAW);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(raw.keySet());
        read(
                raw,
                from,
                record -> proof.raw(
                        record.partition(),
                        record.offset(),
                        record.value(),
                        from.isEmpty() && begins.getOrDefault(idOf(record), 1L) == 0));
        read(below(judged, Topics.REPROCESS), from, record -> proof.reprocessed(record.value()));
        read(ends(ends, Topics.CLEAN), from, record -> proof.clean(record.value()));
        read(ends(ends, Topics.DEAD), from, record -> dead(record, judged, proof));
        read(ends(ends, Topics.LEDGER), from, record -> dropped(record, judged, proof));
        long pending = ends(ends, Topics.RAW).entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - judged.getOrDefault(end.getKey(), 0L)))
                .sum();
        return new Result(proof, proof.gaps(), deliveries(sinks, ends), pending, start);
    }

    private void dead(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> judged, Proof proof) {
        DeadLetter letter = letter(record);
        if (Fate.byValidation(letter)
                && letter.offset()
                        < judged.getOrDefault(new TopicPartition(letter.sourceTopic(), letter.partition()), 0L)) {
            proof.dead(letter);
        }
    }

    private void dropped(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> judged, Proof proof) {
        Ledger entry;
        try {
            entry = decoder.ledger(record.value());
        } catch (UndecodableException e) {
            throw unreadable(record, e);
        }
        long readTo = Math.max(
                judged.getOrDefault(new TopicPartition(Topics.RAW, record.partition()), 0L),
                judged.getOrDefault(new TopicPartition(Topics.REPROCESS, record.partition()), 0L));
        if (entry.kind() == Kind.DUPLICATE_DROPPED && entry.last() < readTo) {
            proof.dropped(entry);
        }
    }

    private List<Delivery> deliveries(
            Map<String, Map<TopicPartition, Long>> sinks, Map<String, Map<TopicPartition, Long>> ends) {
        Map<String, Map<TopicPartition, Long>> dead = new HashMap<>();
        read(ends(ends, Topics.SINK_DEAD), Optional.empty(), record -> {
            DeadLetter letter = letter(record);
            TopicPartition id = new TopicPartition(letter.sourceTopic(), letter.partition());
            if (letter.offset() < sinks.getOrDefault(letter.stage(), Map.of()).getOrDefault(id, 0L)) {
                dead.computeIfAbsent(letter.stage(), stage -> new HashMap<>()).merge(id, 1L, Long::sum);
            }
        });
        List<Delivery> deliveries = new ArrayList<>();
        sinks.forEach((sink, positions) -> {
            Set<String> topics = positions.keySet().stream()
                    .map(TopicPartition::topic)
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String topic : topics) {
                long[] below = new long[2];
                Map<TopicPartition, Long> end = ends(ends, topic);
                read(
                        end,
                        Optional.empty(),
                        record -> below[record.offset() < positions.getOrDefault(idOf(record), 0L) ? 0 : 1]++);
                long evicted = consumer.beginningOffsets(end.keySet()).entrySet().stream()
                        .mapToLong(begin -> Math.max(0, begin.getValue() - positions.getOrDefault(begin.getKey(), 0L)))
                        .sum();
                long refused = dead.getOrDefault(sink, Map.of()).entrySet().stream()
                        .filter(letters -> letters.getKey().topic().equals(topic))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
                deliveries.add(new Delivery(
                        sink, topic, below[0] + below[1] + evicted, below[0] - refused, below[1], refused, evicted));
            }
        });
        return deliveries;
    }

    /** Where some of the raw records were deleted, the first minute of which all are there. */
    private Instant firstWholeMinute() {
        List<TopicPartition> cropped = new ArrayList<>();
        consumer.beginningOffsets(partitions(Topics.RAW)).forEach((id, begin) -> {
            if (begin > 0) {
                cropped.add(id);
            }
        });
        Instant first = Instant.EPOCH;
        for (TopicPartition id : cropped) {
            consumer.assign(List.of(id));
            consumer.seekToBeginning(List.of(id));
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LONGEST_WAIT.dividedBy(12))) {
                Instant whole = Instant.ofEpochSecond(record.timestamp() / 60_000 * 60 + 60);
                first = whole.isAfter(first) ? whole : first;
                break;
            }
        }
        return first;
    }

    private void read(
            Map<TopicPartition, Long> ends, Optional<Instant> from, Consumer<ConsumerRecord<byte[], byte[]>> each) {
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

    private DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.deadLetter(record.value());
        } catch (UndecodableException e) {
            throw unreadable(record, e);
        }
    }

    private static IllegalStateException unreadable(ConsumerRecord<byte[], byte[]> record, UndecodableException e) {
        return new IllegalStateException(
                "%s, offset %d: the record must be readable, or nothing can be proved. %s"
                        .formatted(idOf(record), record.offset(), e.getMessage()),
                e);
    }

    private static TopicPartition idOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static Map<TopicPartition, Long> ends(Map<String, Map<TopicPartition, Long>> ends, String topic) {
        return ends.getOrDefault(topic, Map.of());
    }

    private Map<TopicPartition, Long> below(Map<TopicPartition, Long> positions, String topic) {
        return partitions(topic).stream().collect(Collectors.toMap(id -> id, id -> positions.getOrDefault(id, 0L)));
    }

    private Collection<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private Set<String> groups() {
        return answer(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(group -> !group.endsWith(MARKER))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String onlyValidator(Set<String> groups) {
        List<String> validators =
                groups.stream().filter(group -> group.startsWith(VALIDATORS)).toList();
        if (validators.size() != 1) {
            throw new IllegalStateException(
                    "The sums need exactly one group 'validate.…' that has read telemetry.raw, got %s. Groups of this stream: %s."
                            .formatted(validators, groups));
        }
        return validators.get(0);
    }

    /** Committed positions, after every transaction that was about to move them is decided. */
    /**
     * What the group has committed. Not asked for as stable: a partition whose next commit is under way would then be left out, and count as not read
     * at all. A position that is older than what was written after it does no harm, what is beyond it is not judged yet.
     */
    private Map<TopicPartition, Long> positions(String group) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((TopicPartition id, OffsetAndMetadata position) -> positions.put(id, position.offset()));
        return positions;
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

    private static long micros(Instant instant) {
        return Math.multiplyExact(instant.toEpochMilli(), 1_000L);
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
