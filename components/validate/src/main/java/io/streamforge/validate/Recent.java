package io.streamforge.validate;

import java.util.Arrays;

/** The latest device times of one series with the values that came for them: pairs in a ring that grows to its bound. */
final class Recent {

    private static final int FIRST = 4;

    /** What a reading is to those remembered. */
    enum Match {
        NEW,
        /** Its device time came before, with the same value. */
        SAME,
        /** Its device time came before, only with other values. */
        DIFFERENT
    }

    private final int most;
    private long[] pairs = new long[2 * FIRST];
    private int size;
    private int next;
    private long latest = Long.MIN_VALUE;

    /** @param most how many device times, at least 1 */
    Recent(int most) {
        this.most = most;
    }

    /** Looks the device time up and remembers what is not known yet; the oldest by arrival gives way. */
    Match add(long time, long value) {
        Match match = time > latest ? Match.NEW : find(time, value);
        if (match != Match.SAME) {
            put(time, value);
        }
        return match;
    }

    private Match find(long time, long value) {
        Match match = Match.NEW;
        for (int i = 0; i < size; i++) {
            if (pairs[2 * i] == time) {
                if (pairs[2 * i + 1] == value) {
                    return Match.SAME;
                }
                match = Match.DIFFERENT;
            }
        }
        return match;
    }

    private void put(long time, long value) {
        if (next == most) {
            next = 0;
        }
        if (2 * next == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * Math.min(most, 2 * next));
        }
        pairs[2 * next] = time;
        pairs[2 * next + 1] = value;
        next++;
        size = Math.max(size, next);
        latest = Math.max(latest, time);
    }
}
