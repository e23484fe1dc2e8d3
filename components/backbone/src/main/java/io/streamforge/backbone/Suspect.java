package io.streamforge.backbone;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one partition that holds a record which the route refuses. Each attempt tries its first part; the stretch is halved until one
 * record stands alone.
 *
 * @param from first offset of the stretch
 * @param to the offset after its last
 * @param tryTo the offset after the part that is tried next
 * @param attempts how often a record that stands alone was refused
 */
record Suspect(long from, long to, long tryTo, int attempts) {

    /** Begins with the whole stretch, which was refused together with others. */
    static Suspect of(long from, long to) {
        return new Suspect(from, to, to, 0);
    }

    boolean alone() {
        return to - from == 1;
    }

    /** The part that was tried was refused. */
    Suspect refused() {
        return alone() ? new Suspect(from, to, to, attempts + 1) : halved(from, tryTo);
    }

    /** Everything below the offset went through; null if nothing is left to suspect. */
    @Nullable
    Suspect passed(long upTo) {
        if (upTo <= from) {
            return this;
        }
        return upTo >= to ? null : halved(upTo, to);
    }

    private static Suspect halved(long from, long to) {
        return new Suspect(from, to, from + Math.max(1, (to - from) / 2), 0);
    }
}
