package io.streamforge.backbone;

import io.streamforge.model.Batch.Note;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where a group goes on in its partitions: at its committed offsets, never anywhere else without saying so. */
final class Positions {

    /**
     * @param next the first offset that counts
     * @param note what the stage noted with the commit, or null
     * @param readFrom where reading begins: at {@code next}, or below it to rebuild the stage's state
     * @param end the log's end at this moment
     */
    record Start(long next, @Nullable Note note, long readFrom, long end) {}

    /**
     * @param starts where it is known where to go on
     * @param lost where it is not: the first offset the log still holds
     * @param problem what a person must decide about those, null if there are none
     */
    record Places(
            Map<TopicPartition, Start> starts,
            Map<TopicPartition, Long> lost,
            @Nullable String problem) {}

    private final ConsumerOptions options;
    private final String group;
    private final Consumer<byte[], byte[]> consumer;
    private final StreamFacts facts;
    private final RouteHealth health;
    private final @Nullable Replaying replaying;

    Positions(
            ConsumerOptions options,
            String group,
            Consumer<byte[], byte[]> consumer,
            StreamFacts facts,
            RouteHealth health,
            @Nullable Replaying replaying) {
        this.options = options;
        this.group = group;
        this.consumer = consumer;
        this.facts = facts;
        this.health = health;
        this.replaying = replaying;
    }

    /** Where to go on in each partition without skipping or repeating records; commits the start of those that the group sees for the first time. */
    Places of(Collection<TopicPartition> ids) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(ids));
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(ids);
        Map<TopicPartition, Long> ends = consumer.endOffsets(ids);

        Map<TopicPartition, Start> starts = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> firstStarts = new HashMap<>();
        Map<TopicPartition, Long> lost = new HashMap<>();
        List<String> problems = new ArrayList<>();
        Set<TopicPartition> started = null;
        for (TopicPartition id : ids) {
            long first = firsts.getOrDefault(id, 0L);
            long end = ends.getOrDefault(id, 0L);
            OffsetAndMetadata position = committed.get(id);
            if (position == null) {
                started = started == null ? facts.started(group) : started;
                if (started.contains(id)) {
                    problems.add(
                            "%s: its committed offset was deleted; the log holds offsets %d to %d, which would be repeated or skipped"
                                    .formatted(id, first, end - 1));
                    lost.put(id, first);
                    continue;
                }
                long next = firstStart(id, first, end);
                firstStarts.put(id, new OffsetAndMetadata(next));
                starts.put(id, new Start(next, null, next, end));
            } else {
                long next = position.offset();
                if (next < first || next > end) {
                    lost.put(id, first);
                }
                if (next < first) {
                    problems.add("%s: offsets %d to %d were deleted before they were read and would be skipped"
                            .formatted(id, next, first - 1));
                } else if (next > end) {
                    problems.add(
                            "%s: the log ends at offset %d, below the committed %d: its records are other ones and would be skipped"
                                    .formatted(id, end, next));
                } else {
                    Note note = CommitNote.parse(position.metadata());
                    starts.put(id, new Start(next, note, readFrom(id, next, note, first), end));
                }
            }
        }
        if (!firstStarts.isEmpty()) {
            consumer.commitSync(firstStarts);
        }
        return new Places(starts, lost, problems.isEmpty() ? null : sentence(problems));
    }

    private long firstStart(TopicPartition id, long first, long end) {
        if (replaying != null) {
            return replaying.start(id, first);
        }
        return switch (options.startFrom()) {
            case EARLIEST -> first;
            case LATEST -> end;
        };
    }

    private String sentence(List<String> problems) {
        return ("Group '%s' has lost its position; nothing was skipped there and its other partitions go on. %s. To decide: stop the route, set the position"
                        + " (kafka-consumer-groups --group %s --reset-offsets …), start the route.")
                .formatted(group, String.join("; ", problems), group);
    }

    private long readFrom(TopicPartition id, long next, @Nullable Note note, long first) {
        if (!options.warmUp() || note == null || note.warmOffset() >= next) {
            return next;
        }
        if (note.warmOffset() < first) {
            health.warn(
                    "State of %s cannot be rebuilt in full: offsets %d to %d, which belong to it, are no longer in the log."
                            .formatted(id, note.warmOffset(), first - 1));
        }
        return Math.min(next, Math.max(note.warmOffset(), first));
    }
}
