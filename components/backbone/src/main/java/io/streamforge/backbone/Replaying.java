package io.streamforge.backbone;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** A replay under way: when its consumer may read which partition, and when it is through. Confined to the route's thread. */
final class Replaying {

    /** A second's records come in so many polls, so that the rate is smooth. */
    private static final int POLLS_PER_S = 5;

    private final Replay replay;
    private final Map<TopicPartition, Replay.Span> spans;
    private long readAt;

    /** @param now {@link System#nanoTime()} */
    Replaying(Replay replay, long now) {
        this.replay = replay;
        this.readAt = now;
        this.spans = replay.byPartition();
    }

    static int maxPollRecords(Replay replay, int configured) {
        return Math.min(configured, Math.max(1, replay.ratePerS() / POLLS_PER_S));
    }

    /** The first offset to be read, not below the log's first. */
    long start(TopicPartition id, long first) {
        Replay.Span span = spans.get(id);
        return span == null ? first : Math.max(first, span.start());
    }

    /** The first offset that is left out; 0 where nothing is read. */
    long end(TopicPartition id) {
        Replay.Span span = spans.get(id);
        return span == null ? 0 : span.end();
    }

    /** Lets the consumer read where there is something to read and it is not too early. */
    void arrange(Consumer<byte[], byte[]> consumer, long now) {
        for (TopicPartition id : consumer.assignment()) {
            if (rest(now) > 0 || consumer.position(id) >= end(id)) {
                consumer.pause(List.of(id));
            } else {
                consumer.resume(List.of(id));
            }
        }
    }

    /** How long the consumer must not read, in nanoseconds; 0 or less for not at all. */
    long rest(long now) {
        return readAt - now;
    }

    /** So many records were read. */
    void read(int records, long now) {
        readAt = (rest(now) > 0 ? readAt : now) + records * 1_000_000_000L / replay.ratePerS();
    }

    /** Whether everything was read. */
    boolean through(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().containsAll(spans.keySet())
                && spans.keySet().stream().allMatch(id -> consumer.position(id) >= end(id));
    }

    Replay.Progress progress(Collection<Partition> partitions, boolean finished) {
        long left = replay.spans().stream()
                .mapToLong(span -> partitions.stream()
                        .filter(partition -> partition.id().equals(new TopicPartition(span.topic(), span.partition())))
                        .mapToLong(partition -> Math.max(0, span.end() - Math.max(span.start(), partition.next())))
                        .findFirst()
                        .orElse(span.end() - span.start()))
                .sum();
        return new Replay.Progress(finished ? replay.total() : replay.total() - left, replay.total(), finished);
    }
}
