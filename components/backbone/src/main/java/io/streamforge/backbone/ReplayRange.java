package io.streamforge.backbone;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A part of the past as a person names it: by the time at which records were written to the stream, or by offset. */
public sealed interface ReplayRange {

    /** The first record written then or later. */
    record At(Instant time) implements ReplayRange {}

    /** The same offset in every partition. */
    record Offset(long offset) implements ReplayRange {}

    /**
     * Reads a time in ISO 8601 or an offset.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static ReplayRange parse(String text) {
        if (text.matches("\\d{1,18}")) {
            return new Offset(Long.parseLong(text));
        }
        try {
            return new At(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'%s' is neither a time such as 2026-11-20T00:00Z nor an offset.".formatted(text));
        }
    }

    /**
     * Fixes what is read of every partition, as the log is now: a replay that is restarted ends where it would have ended.
     *
     * @param to the first position that is left out, null for all there is
     * @throws org.apache.kafka.common.KafkaException if the stream does not answer
     */
    static List<Replay.Span> resolve(
            String bootstrapServers, List<String> topics, ReplayRange from, @Nullable ReplayRange to) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<TopicPartition> ids = StreamFacts.await(
                            admin.describeTopics(topics).allTopicNames())
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .toList();
            Map<TopicPartition, Long> firsts = ask(admin, ids, OffsetSpec.earliest());
            Map<TopicPartition, Long> lasts = ask(admin, ids, OffsetSpec.latest());
            Map<TopicPartition, Long> starts = positions(admin, ids, from);
            Map<TopicPartition, Long> ends = to == null ? lasts : positions(admin, ids, to);
            List<Replay.Span> spans = new ArrayList<>();
            for (TopicPartition id : ids) {
                long first = firsts.getOrDefault(id, 0L);
                long last = lasts.getOrDefault(id, 0L);
                long end = Math.max(first, Math.min(last, ends.getOrDefault(id, last)));
                long start = Math.max(first, Math.min(end, starts.getOrDefault(id, last)));
                spans.add(new Replay.Span(id.topic(), id.partition(), start, end));
            }
            return spans;
        }
    }

    /** Forgets where a replay stood; nothing of it is needed once it has ended. */
    static void forget(String bootstrapServers, String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            StreamFacts.await(
                    admin.deleteConsumerGroups(StreamFacts.groups(group)).all());
        }
    }

    /** Without an entry where the time is after the last record. */
    private static Map<TopicPartition, Long> positions(Admin admin, List<TopicPartition> ids, ReplayRange position) {
        if (position instanceof Offset offset) {
            return ids.stream().collect(Collectors.toMap(Function.identity(), id -> offset.offset()));
        }
        Map<TopicPartition, Long> found = new HashMap<>(
                ask(admin, ids, OffsetSpec.forTimestamp(((At) position).time().toEpochMilli())));
        found.values().removeIf(offset -> offset < 0);
        return found;
    }

    private static Map<TopicPartition, Long> ask(Admin admin, List<TopicPartition> ids, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> questions =
                ids.stream().collect(Collectors.toMap(Function.identity(), id -> spec));
        Map<TopicPartition, Long> answers = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> infos =
                StreamFacts.await(admin.listOffsets(questions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all());
        infos.forEach((id, info) -> answers.put(id, info.offset()));
        return answers;
    }
}
