package io.streamforge.ledger;

import io.streamforge.backbone.CommitNote;
import io.streamforge.ledger.Passage.Statement;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds what sinks stated to have delivered against the records of their topics. The cut is each sink's committed position, taken first: its
 * statements up to there, and the rest in the commit's note, were committed with it.
 */
final class SinkProver {

    private static final String SINKS = "sink.";
    /** Groups that only remember that another was started once. */
    private static final String MARKER = ".started";

    /**
     * What became of one topic in one sink.
     *
     * @param inScope records of the topic, and those that were deleted before the sink had them
     * @param delivered what the sink stated that its system accepted
     * @param pending not acknowledged by the sink yet
     * @param dead refused by the sink, on {@code dlq.sink}
     * @param evicted deleted from the topic before the sink had them; at most so many, an offset need not have been a record
     * @param repeated stated once more, because the sink's position was moved back
     */
    record Delivery(
            String sink,
            String topic,
            long inScope,
            long delivered,
            long pending,
            long dead,
            long evicted,
            long repeated) {

        /** Above 0 records that the sink's position passed and that it neither delivered nor refused. */
        long missing() {
            return inScope - delivered - pending - dead - evicted;
        }

        boolean balanced() {
            return missing() == 0;
        }
    }

    private final StreamReader stream;
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> positions = new TreeMap<>();
    private final Map<String, Map<TopicPartition, List<Statement>>> statements = new HashMap<>();
    private final Map<String, Map<TopicPartition, Set<Long>>> refused = new HashMap<>();

    /** Takes the cut. */
    SinkProver(StreamReader stream, Set<String> groups) {
        this.stream = stream;
        groups.stream()
                .filter(group -> group.startsWith(SINKS) && !group.endsWith(MARKER))
                .forEach(sink -> positions.put(sink, stream.committed(sink)));
    }

    /** An entry of the kind DELIVERED. */
    void stated(Ledger entry) {
        statements
                .computeIfAbsent(entry.stage(), sink -> new HashMap<>())
                .computeIfAbsent(new TopicPartition(entry.topic(), entry.partition()), id -> new ArrayList<>())
                .add(new Statement(entry.first(), entry.last(), entry.count()));
    }

    /** A record of {@code dlq.sink}. */
    void refused(DeadLetter letter) {
        refused.computeIfAbsent(letter.stage(), sink -> new HashMap<>())
                .computeIfAbsent(new TopicPartition(letter.sourceTopic(), letter.partition()), id -> new HashSet<>())
                .add(letter.offset());
    }

    /** Reads the topics; after all entries and dead letters. */
    List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>();
        positions.forEach((sink, ids) -> {
            Set<String> topics = new TreeSet<>();
            ids.keySet().forEach(id -> topics.add(id.topic()));
            topics.forEach(topic -> deliveries.add(delivery(sink, topic, ids)));
        });
        return deliveries;
    }

    private Delivery delivery(String sink, String topic, Map<TopicPartition, OffsetAndMetadata> ids) {
        Map<TopicPartition, Long> ends = stream.ends(topic);
        Map<TopicPartition, Passage> passages = new HashMap<>();
        stream.begins(ends.keySet()).forEach((id, begin) -> {
            OffsetAndMetadata position = ids.get(id);
            passages.put(
                    id,
                    new Passage(
                            begin,
                            position == null ? begin : position.offset(),
                            position == null ? null : CommitNote.parse(position.metadata()),
                            statements.getOrDefault(sink, Map.of()).getOrDefault(id, List.of()),
                            refused.getOrDefault(sink, Map.of()).getOrDefault(id, Set.of())));
        });
        stream.read(ends, Optional.empty(), record -> {
            Passage passage = passages.get(StreamReader.idOf(record));
            if (passage != null) {
                passage.record(record.offset());
            }
        });
        Delivery sum = new Delivery(sink, topic, 0, 0, 0, 0, 0, 0);
        for (Passage passage : passages.values()) {
            sum = new Delivery(
                    sink,
                    topic,
                    sum.inScope + passage.inScope(),
                    sum.delivered + passage.delivered(),
                    sum.pending + passage.pending(),
                    sum.dead + passage.dead(),
                    sum.evicted + passage.evicted(),
                    sum.repeated + passage.repeated());
        }
        return sum;
    }
}
