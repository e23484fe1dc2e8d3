package io.streamforge.ledger;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.UndecodableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the stream beside everybody else, without a group, and proves the sums up to where validation stands now.
 *
 * <p>The cut is validation's committed position. Its results stand in the output topics below their ends as seen after that, since they were
 * committed together; what newer records among them came of is told apart by their sequence.
 */
final class Prover implements AutoCloseable {

    private static final String VALIDATORS = "validate.";
    /** Groups that only remember that another was started once. */
    private static final String MARKER = ".started";

    /**
     * @param pending records on {@code telemetry.raw} that validation has not judged yet
     * @param from the first minute that was proved
     */
    record Result(Proof proof, List<Proof.Gap> gaps, List<SinkProver.Delivery> sinks, long pending, Instant from) {

        boolean balanced() {
            return proof.unbalanced().isEmpty()
                    && gaps.isEmpty()
                    && sinks.stream().allMatch(SinkProver.Delivery::balanced);
        }
    }

    private final StreamReader stream;
    private final Decoder decoder;
    private final int readingSchemaId;

    Prover(String bootstrap, Decoder decoder, int readingSchemaId) {
        this.decoder = decoder;
        this.readingSchemaId = readingSchemaId;
        this.stream = new StreamReader(bootstrap);
    }

    /** @throws IllegalStateException if the stream does not answer, or nobody has validated anything yet */
    Result prove(Optional<Instant> from, Optional<Instant> to) {
        Set<String> groups = stream.groups();
        Map<TopicPartition, Long> judged = new HashMap<>();
        stream.committed(onlyValidator(groups)).forEach((id, position) -> judged.put(id, position.offset()));
        SinkProver sinks = new SinkProver(stream, groups);
        Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();
        List.of(Topics.RAW, Topics.CLEAN, Topics.DEAD).forEach(topic -> ends.put(topic, stream.ends(topic)));
        List.of(Topics.SINK_DEAD, Topics.LEDGER).forEach(topic -> ends.put(topic, stream.logEnds(topic)));

        Instant start = from.orElseGet(this::firstWholeMinute);
        Proof proof = new Proof(
                decoder, readingSchemaId, micros(start), to.map(Prover::micros).orElse(Long.MAX_VALUE));
        Map<TopicPartition, Long> raw = below(judged, Topics.RAW);
        Map<TopicPartition, Long> begins = stream.begins(raw.keySet());
        stream.read(
                raw,
                from,
                record -> proof.raw(
                        record.partition(),
                        record.offset(),
                        record.value(),
                        from.isEmpty() && begins.getOrDefault(StreamReader.idOf(record), 1L) == 0));
        stream.read(below(judged, Topics.REPROCESS), from, record -> proof.reprocessed(record.value()));
        stream.read(ends(ends, Topics.CLEAN), from, record -> proof.clean(record.value()));
        stream.read(ends(ends, Topics.DEAD), from, record -> dead(record, judged, proof));
        stream.read(ends(ends, Topics.LEDGER), Optional.empty(), record -> entry(record, judged, proof, sinks));
        stream.read(ends(ends, Topics.SINK_DEAD), Optional.empty(), record -> sinks.refused(letter(record)));
        long pending = ends(ends, Topics.RAW).entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - judged.getOrDefault(end.getKey(), 0L)))
                .sum();
        return new Result(proof, proof.gaps(), sinks.deliveries(), pending, start);
    }

    private void dead(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> judged, Proof proof) {
        DeadLetter letter = letter(record);
        if (Fate.byValidation(letter)
                && letter.offset()
                        < judged.getOrDefault(new TopicPartition(letter.sourceTopic(), letter.partition()), 0L)) {
            proof.dead(letter);
        }
    }

    private void entry(
            ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> judged, Proof proof, SinkProver sinks) {
        Ledger entry;
        try {
            entry = decoder.ledger(record.value());
        } catch (UndecodableException e) {
            throw unreadable(record, e);
        }
        switch (entry.kind()) {
            case DUPLICATE_DROPPED -> {
                long readTo = Math.max(
                        judged.getOrDefault(new TopicPartition(Topics.RAW, record.partition()), 0L),
                        judged.getOrDefault(new TopicPartition(Topics.REPROCESS, record.partition()), 0L));
                if (entry.last() < readTo) {
                    proof.stated(entry);
                }
            }
            case POLL_FAILED, POLL_SKIPPED, LOST, UNMAPPED, TURNED_AWAY, LATE -> proof.stated(entry);
            case DELIVERED -> sinks.stated(entry);
            // What else the ledger counts is counted here from the records themselves.
            case READ, REPROCESSED, APPROVED, CLEAN, SYNTHETIC, DEAD, REPEATED, SEQUENCE_GAP, SINK_DEAD -> {}
        }
    }

    /** Where some of the raw records were deleted, the first minute of which all are there. */
    private Instant firstWholeMinute() {
        Instant first = Instant.EPOCH;
        for (Map.Entry<TopicPartition, Long> begin :
                stream.begins(stream.partitions(Topics.RAW)).entrySet()) {
            if (begin.getValue() > 0) {
                Instant whole = stream.firstWritten(begin.getKey())
                        .map(written -> written.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES))
                        .orElse(Instant.EPOCH);
                first = whole.isAfter(first) ? whole : first;
            }
        }
        return first;
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
                        .formatted(StreamReader.idOf(record), record.offset(), e.getMessage()),
                e);
    }

    private static Map<TopicPartition, Long> ends(Map<String, Map<TopicPartition, Long>> ends, String topic) {
        return ends.getOrDefault(topic, Map.of());
    }

    private Map<TopicPartition, Long> below(Map<TopicPartition, Long> positions, String topic) {
        return stream.partitions(topic).stream()
                .collect(Collectors.toMap(id -> id, id -> positions.getOrDefault(id, 0L)));
    }

    private static String onlyValidator(Set<String> groups) {
        List<String> validators = groups.stream()
                .filter(group -> group.startsWith(VALIDATORS) && !group.endsWith(MARKER))
                .toList();
        if (validators.size() != 1) {
            throw new IllegalStateException(
                    "The sums need exactly one group 'validate.…' that has read telemetry.raw, got %s. Groups of this stream: %s."
                            .formatted(validators, groups));
        }
        return validators.get(0);
    }

    private static long micros(Instant instant) {
        return Math.multiplyExact(instant.toEpochMilli(), 1_000L);
    }

    @Override
    public void close() {
        stream.close();
    }
}
