package io.streamforge.backbone;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes a route a second run over a part of the past: bound in Camel's registry as {@code <routeId>.replay}, it says to the route's consumer
 * where to begin and end and how fast to read, and where to send what the route would send to the live path. The route then is its own group,
 * so the live one does not notice.
 *
 * @param of the route of the live path that is run once more: what its consumer puts aside is told under its name
 * @param spans what is read of each partition; of any other partition nothing is
 * @param ratePerS most records read per second, at least 1
 * @param into the topic that takes the results, its dead letters beside it under {@code <into>.dead}; null where the route delivers to a system
 *     of its own
 */
public record Replay(
        String of, List<Span> spans, int ratePerS, @Nullable String into) {

    /** A bean's name is the route's id with this behind it. */
    public static final String BEAN = ".replay";

    private static final String DEAD_LETTERS = "dlq.";

    /** What the live path has told once and must not be told again. */
    private static final List<String> TOLD = List.of("audit.ledger", "alarms.raw");

    /** @param end the first offset that is left out */
    public record Span(String topic, int partition, long start, long end) {}

    /**
     * How far a replay has come.
     *
     * @param done offsets that are committed
     * @param total offsets from start to end
     * @param finished whether everything is read, given out and committed
     */
    public record Progress(long done, long total, boolean finished) {}

    public Replay {
        spans = List.copyOf(spans);
        if (ratePerS < 1) {
            throw new IllegalArgumentException(
                    "A replay must read at least 1 record per second, got %d.".formatted(ratePerS));
        }
    }

    /** Offsets from start to end, of all partitions. */
    public long total() {
        return spans.stream().mapToLong(span -> span.end() - span.start()).sum();
    }

    /** Where the dead letters of a stage that is replayed into a side topic go. */
    public static String deadLetters(String into) {
        return into + ".dead";
    }

    /** Where a record for that topic goes; null for nowhere. */
    @Nullable
    String target(String topic) {
        if (TOLD.contains(topic)) {
            return null;
        }
        if (into == null) {
            return topic;
        }
        return topic.startsWith(DEAD_LETTERS) ? deadLetters(into) : into;
    }

    Map<TopicPartition, Span> byPartition() {
        return spans.stream()
                .collect(Collectors.toMap(span -> new TopicPartition(span.topic(), span.partition()), span -> span));
    }
}
