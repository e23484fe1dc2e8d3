package io.streamforge.ledger;

import io.streamforge.model.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one sink made of one partition: records of the topic by their offsets against what the sink stated to have delivered. The two come from
 * different places, so a position that moved without a write shows. Records are given in the order of their offsets.
 */
final class Passage {

    /** A sink's own word: so many of the records from the first to the last offset were accepted. */
    record Statement(long first, long last, long count) {

        boolean covers(long offset) {
            return first <= offset && offset <= last;
        }
    }

    /** A statement, and what the topic holds of its offsets. */
    private static final class Stretch {
        final Statement statement;
        long records;
        long refused;

        Stretch(Statement statement) {
            this.statement = statement;
        }

        /** Refused ones that it counts all the same: when they came again, the sink's system was past them. */
        long refusedAndStated() {
            return Math.max(0, Math.min(refused, statement.count - (records - refused)));
        }
    }

    private final long start;
    private final long next;
    private final Set<Long> refused;
    private final long evicted;
    private final long stated;
    private final List<Stretch> stretches = new ArrayList<>();
    private final List<Stretch> covering = new ArrayList<>();
    private int reached;
    private long below;
    private long pending;
    private long repeated;

    /**
     * @param begin the first offset that the topic still holds
     * @param next the sink's committed position
     * @param note what stood in that commit: from which offset what had been accepted was not stated yet, and how many; null if somebody else
     *     committed
     * @param statements all that the sink ever stated
     * @param refused offsets of its dead letters
     */
    Passage(long begin, long next, Batch.@Nullable Note note, List<Statement> statements, Set<Long> refused) {
        // Younger ones were made after that commit.
        long statedUpTo = note == null ? next : note.warmOffset();
        List<Statement> ordered = new ArrayList<>(statements);
        ordered.removeIf(statement -> statement.first >= statedUpTo);
        if (note != null && note.warmOffset() < next) {
            ordered.add(new Statement(note.warmOffset(), next - 1, note.watermarkMicros()));
        }
        ordered.sort(Comparator.comparingLong(Statement::first));
        this.next = next;
        this.start = wholeFrom(begin, ordered);
        this.refused = refused;
        this.evicted = unstated(begin, ordered);
        long sum = 0;
        for (Statement statement : ordered) {
            if (statement.first >= start) {
                sum += statement.count;
                stretches.add(new Stretch(statement));
            }
        }
        this.stated = sum;
    }

    /** Of a statement of which some records are deleted, none can be counted. */
    private static long wholeFrom(long begin, List<Statement> ordered) {
        long from = begin;
        for (Statement statement : ordered) {
            if (statement.covers(from - 1) && statement.covers(from)) {
                from = statement.last + 1;
            }
        }
        return from;
    }

    /** Offsets that were deleted since the sink's first statement and that it neither stated nor refused: they may have been records. */
    private long unstated(long begin, List<Statement> ordered) {
        long known = ordered.isEmpty() ? next : ordered.get(0).first;
        long unknown = 0;
        for (Statement statement : ordered) {
            unknown += notRefused(known, Math.min(statement.first, begin));
            known = Math.max(known, statement.last + 1);
        }
        return unknown + notRefused(known, begin);
    }

    private long notRefused(long from, long to) {
        return from >= to
                ? 0
                : to
                        - from
                        - refused.stream()
                                .filter(offset -> from <= offset && offset < to)
                                .count();
    }

    /** A record that stands in the topic. */
    void record(long offset) {
        while (reached < stretches.size() && stretches.get(reached).statement.first <= offset) {
            covering.add(stretches.get(reached++));
        }
        covering.removeIf(stretch -> stretch.statement.last < offset);
        boolean isRefused = refused.contains(offset);
        for (Stretch stretch : covering) {
            stretch.records++;
            stretch.refused += isRefused ? 1 : 0;
        }
        if (offset >= next) {
            pending++;
            // The position was moved back: it is stated and will be once more.
            repeated += isRefused ? 0 : covering.size();
        } else if (offset >= start) {
            below++;
            repeated += isRefused ? 0 : Math.max(0, covering.size() - 1);
        }
    }

    long inScope() {
        return below + pending + evicted;
    }

    /** What the sink stated, each record once. */
    long delivered() {
        return stated - repeated();
    }

    long pending() {
        return pending;
    }

    long dead() {
        return refused.stream()
                .filter(offset -> offset >= start && offset < next)
                .count();
    }

    long evicted() {
        return evicted;
    }

    /** Stated more than once, because the position was moved back. */
    long repeated() {
        return repeated
                + stretches.stream().mapToLong(Stretch::refusedAndStated).sum();
    }
}
