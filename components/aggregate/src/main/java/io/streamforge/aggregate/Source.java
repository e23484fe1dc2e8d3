package io.streamforge.aggregate;

import java.util.Arrays;

/** What an aggregate takes over from its latest contribution, as it stands in a record; shared by all series that have it in common. */
final class Source {

    private final byte[] unit;
    private final byte[] origin;

    Source(byte[] unit, byte[] origin) {
        this.unit = unit;
        this.origin = origin;
    }

    /** UTF-8, not to be modified. */
    byte[] unit() {
        return unit;
    }

    /** The encoded metadata, not to be modified. */
    byte[] origin() {
        return origin;
    }

    /** Whether these are the bytes at these places of a record. */
    boolean is(byte[] record, int unitAt, int unitLength, int originAt, int originLength) {
        return Arrays.equals(origin, 0, origin.length, record, originAt, originAt + originLength)
                && Arrays.equals(unit, 0, unit.length, record, unitAt, unitAt + unitLength);
    }
}
