package io.streamforge.validate;

import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a gap marker says of where it comes from; one object for all series that have it in common. */
final class Source {

    private final byte[] unitBytes;
    private final byte[] originBytes;
    private final String unit;
    private final Classification classification;
    private final Origin origin;

    Source(ReadingView reading) {
        this.unitBytes = copy(reading, reading.unitOffset(), reading.unitOffset() + reading.unitLength());
        this.originBytes = copy(reading, reading.originOffset(), reading.bytes().length);
        this.unit = reading.unit();
        this.classification = reading.classification();
        this.origin = reading.origin();
    }

    private static byte[] copy(ReadingView reading, int from, int to) {
        return Arrays.copyOfRange(reading.bytes(), from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Source source
                && classification == source.classification
                && Arrays.equals(unitBytes, source.unitBytes)
                && Arrays.equals(originBytes, source.originBytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(originBytes) + Arrays.hashCode(unitBytes);
    }

    /** Whether the reading says the same, found without making an object. */
    boolean is(ReadingView reading) {
        byte[] bytes = reading.bytes();
        int unitAt = reading.unitOffset();
        return classification == reading.classification()
                && Arrays.equals(originBytes, 0, originBytes.length, bytes, reading.originOffset(), bytes.length)
                && Arrays.equals(unitBytes, 0, unitBytes.length, bytes, unitAt, unitAt + reading.unitLength());
    }

    String unit() {
        return unit;
    }

    Classification classification() {
        return classification;
    }

    Origin origin() {
        return origin;
    }
}
