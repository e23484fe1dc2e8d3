package io.streamforge.aggregate;

import io.streamforge.model.SeriesMap;
import java.util.Arrays;

/** Finds the one {@link Source} of equal bytes. It may forget: then series that have one in common hold it twice, and nothing else changes. */
final class Sources {

    private static final int MOST = 4096;

    private SeriesMap<Source> known = new SeriesMap<>();

    Source of(byte[] record, int unitAt, int unitLength, int originAt, int originLength) {
        Source source = known.get(record, unitAt, unitLength, originAt, originLength);
        if (source == null) {
            if (known.size() >= MOST) {
                known = new SeriesMap<>();
            }
            source = new Source(
                    Arrays.copyOfRange(record, unitAt, unitAt + unitLength),
                    Arrays.copyOfRange(record, originAt, originAt + originLength));
            known.put(source.unit(), source.origin(), source);
        }
        return source;
    }
}
