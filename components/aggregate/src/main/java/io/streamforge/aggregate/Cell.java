package io.streamforge.aggregate;

import io.streamforge.model.Quality;
import java.util.Arrays;

/**
 * One contribution to a window, unpacked: reused from record to record. Cells have a total order that depends on what was measured and not on
 * when it arrived: a window's sums run in that order, which makes them the same to the last bit however often the stream was delayed, repeated
 * or re-read.
 */
final class Cell {

    private static final byte[] NOTHING = {};

    Kind kind = Kind.GAP;
    /** Of a reading and of a SINGLE; the quality of a PART is in its content. */
    Quality quality = Quality.GOOD;
    /** Event time, microseconds since the epoch. */
    long time;
    /** A reading's sequence; a finer aggregate's revision, the latest of those folded. */
    long sequence;
    /** Where it stands in its partition. */
    long offset;
    /** Of a NUMBER and a SINGLE. */
    double number;
    /** Which of its series' sources it came from. */
    int source;
    /** Holds a TEXT's UTF-8 or the packed content of a PART or a FOLDED. */
    byte[] bytes = NOTHING;

    int contentAt;
    int contentLength;

    /** Negative, zero or positive; zero means that both are the same measurement, so that only one of them counts. */
    int compare(Cell other) {
        int byTime = Long.compare(time, other.time);
        if (byTime != 0) {
            return byTime;
        }
        if (isPart() || other.isPart()) {
            return Boolean.compare(isPart(), other.isPart());
        }
        int bySequence = Long.compare(sequence, other.sequence);
        if (bySequence != 0 || kind == Kind.GAP || other.kind == Kind.GAP) {
            return bySequence;
        }
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : compareValue(other);
    }

    private int compareValue(Cell other) {
        return kind == Kind.TEXT
                ? Arrays.compareUnsigned(
                        bytes,
                        contentAt,
                        contentAt + contentLength,
                        other.bytes,
                        other.contentAt,
                        other.contentAt + other.contentLength)
                : Double.compare(number, other.number);
    }

    /**
     * Whether this cell takes the place of another that is the same measurement: a finer aggregate of a higher revision, a value that was
     * refused at first and left a gap marker, a repetition of worse quality.
     */
    boolean replaces(Cell same) {
        if (isPart()) {
            return sequence > same.sequence;
        }
        if (kind == Kind.GAP || same.kind == Kind.GAP) {
            return kind != Kind.GAP;
        }
        return quality.compareTo(same.quality) > 0;
    }

    boolean isPart() {
        return kind.compareTo(Kind.SINGLE) >= 0;
    }
}
