package io.streamforge.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a source states of its losses, from one start to the next stop, as they happen: whoever keeps the ledger reads it at any time, also after the stop.
 * Safe for use by several threads.
 */
public final class Losses {

    private static final Loss[] ALL = Loss.values();

    private final AtomicLongArray counts = new AtomicLongArray(ALL.length);

    /** One more. */
    public void add(Loss loss) {
        counts.incrementAndGet(loss.ordinal());
    }

    /** So many more. */
    public void add(Loss loss, long count) {
        counts.addAndGet(loss.ordinal(), count);
    }

    /** How many so far. */
    public long of(Loss loss) {
        return counts.get(loss.ordinal());
    }

    /** Those that there were so far. */
    public Map<Loss, Long> all() {
        Map<Loss, Long> all = new EnumMap<>(Loss.class);
        for (Loss loss : ALL) {
            if (of(loss) > 0) {
                all.put(loss, of(loss));
            }
        }
        return all;
    }
}
