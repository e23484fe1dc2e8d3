package io.streamforge.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of an exchange on the hot path: the records of one poll, as bytes. The stream's consumer fills one per poll, a stage reads it and
 * makes its output batches, the stream's producer sends them. Growable arrays rather than objects per record: a poll may hold thousands.
 *
 * <p>Partitions appear as runs; within one partition the order is the stream's. A batch is confined to its route's thread.
 */
public final class Batch {

    /**
     * What a stage asks the stream's consumer to remember about one partition at the next commit.
     *
     * @param decidedBy a digest of what the stage was told to do when it decided; 0 where that changes nothing
     */
    public record Note(long warmOffset, long watermarkMicros, int decidedBy) {

        public Note(long warmOffset, long watermarkMicros) {
            this(warmOffset, watermarkMicros, 0);
        }
    }

    private static final int FIRST_ROOM = 64;

    private byte[][] keys = {};
    private byte[][] values = {};
    private int[] partitions = {};
    private long[] offsets = {};
    private int size;
    private final String topic;
    private final String topicId;
    private final boolean warmUp;
    private final boolean last;
    private final List<Integer> forgotten;
    private final Map<Integer, Note> notes = new HashMap<>();
    private final Map<Integer, Long> accepted = new HashMap<>();
    private @Nullable Runnable whenCommitted;

    /** An output batch: what a stage hands to a producer. */
    public static Batch output() {
        return new Batch("", "", false, false, List.of());
    }

    /**
     * An input batch.
     *
     * @param topic where the records come from
     * @param topicId the stream's own id of that topic: a topic that was deleted and made again has another, and its offsets mean other records
     * @param warmUp true while the consumer re-reads records only so that the stage can rebuild its state: nothing may be sent
     * @param forgotten partitions whose state the stage must drop before it looks at the first record: newly assigned, rewound or lost
     */
    public static Batch input(String topic, String topicId, boolean warmUp, List<Integer> forgotten) {
        return new Batch(topic, topicId, warmUp, false, forgotten);
    }

    /** An input batch without records after which nothing comes: a stage gives out what it still holds. Parameters as of {@link #input}. */
    public static Batch last(String topic, String topicId, List<Integer> forgotten) {
        return new Batch(topic, topicId, false, true, forgotten);
    }

    private Batch(String topic, String topicId, boolean warmUp, boolean last, List<Integer> forgotten) {
        this.topic = topic;
        this.topicId = topicId;
        this.warmUp = warmUp;
        this.last = last;
        this.forgotten = List.copyOf(forgotten);
    }

    /** Appends a record with its coordinates in the source topic; an output record keeps those of the record it was made from. */
    public void add(byte[] key, byte[] value, int partition, long offset) {
        if (size == values.length) {
            ensureCapacity(Math.max(FIRST_ROOM, size * 2));
        }
        keys[size] = key;
        values[size] = value;
        partitions[size] = partition;
        offsets[size] = offset;
        size++;
    }

    /** Makes room for so many records at once, where their number is known beforehand. */
    public void ensureCapacity(int records) {
        if (records > values.length) {
            keys = Arrays.copyOf(keys, records);
            values = Arrays.copyOf(values, records);
            partitions = Arrays.copyOf(partitions, records);
            offsets = Arrays.copyOf(offsets, records);
        }
    }

    /** How many records it holds; an empty input batch is a tick of the clock. */
    public int size() {
        return size;
    }

    /** The record's key (UTF-8 asset id); not to be modified. */
    public byte[] key(int index) {
        return keys[index];
    }

    /** The record's value with its wire frame; not to be modified. */
    public byte[] value(int index) {
        return values[index];
    }

    /** The partition of the source topic. */
    public int partition(int index) {
        return partitions[index];
    }

    /** The offset in that partition. */
    public long offset(int index) {
        return offsets[index];
    }

    /** The source topic, empty for an output batch. */
    public String topic() {
        return topic;
    }

    /** The stream's own id of the source topic, empty for an output batch. */
    public String topicId() {
        return topicId;
    }

    /** True while state is rebuilt: a stage updates its state and outputs nothing. */
    public boolean warmUp() {
        return warmUp;
    }

    /** Whether nothing comes after it. */
    public boolean isLast() {
        return last;
    }

    /** Partitions whose state must be dropped first. */
    public List<Integer> forgotten() {
        return forgotten;
    }

    /**
     * Asks the consumer to remember, with the next commit, from where this partition must be re-read to rebuild the stage's state.
     *
     * @param warmOffset the lowest offset that still contributes to open state; at most the next offset to be read
     * @param watermarkMicros the stage's event-time watermark, microseconds since the epoch
     */
    public void note(int partition, long warmOffset, long watermarkMicros) {
        note(partition, new Note(warmOffset, watermarkMicros));
    }

    /** Asks the consumer to remember this with the next commit. */
    public void note(int partition, Note note) {
        notes.put(partition, note);
    }

    /** The notes taken on this batch by partition. */
    public Map<Integer, Note> notes() {
        return Map.copyOf(notes);
    }

    /** Asks the consumer to do this when what the stage gives out with this batch is committed; never if that is taken back. */
    public void whenCommitted(Runnable told) {
        whenCommitted = told;
    }

    /** What is to be done then, or null. */
    public @Nullable Runnable whenCommitted() {
        return whenCommitted;
    }

    /** A sink says that its system has taken so many more of this partition's records, now or when they came before. */
    public void accepted(int partition, long records) {
        accepted.merge(partition, records, Long::sum);
    }

    /** What a sink's system has taken, by partition. */
    public Map<Integer, Long> accepted() {
        return Map.copyOf(accepted);
    }
}
