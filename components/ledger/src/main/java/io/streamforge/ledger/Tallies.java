package io.streamforge.ledger;

import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingView;
import io.streamforge.model.SeriesMap;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts by kind, stage, series, origin and minute. A record that finds its count makes no object. */
final class Tallies {

    private static final byte[] NONE = {};

    private static final class Count {
        final Kind kind;
        final String stage;
        final long minute;
        final byte[] origin;
        final Ledger first;
        final @Nullable Count next;
        long records;
        long lastOffset;

        Count(Kind kind, String stage, long minute, byte[] origin, Ledger first, @Nullable Count next) {
            this.kind = kind;
            this.stage = stage;
            this.minute = minute;
            this.origin = origin;
            this.first = first;
            this.next = next;
        }

        Ledger entry() {
            return new Ledger(
                    kind,
                    stage,
                    first.assetId(),
                    first.parameter(),
                    first.minute(),
                    records,
                    first.first(),
                    lastOffset,
                    first.origin());
        }
    }

    private SeriesMap<Count> newest = new SeriesMap<>();
    private final List<Count> all = new ArrayList<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Counts the record that the view shows. */
    void add(Kind kind, String stage, ReadingView reading, long offset) {
        byte[] bytes = reading.bytes();
        int assetAt = reading.assetOffset();
        int assetEnd = assetAt + reading.assetLength();
        int parameterAt = reading.parameterOffset();
        int parameterEnd = parameterAt + reading.parameterLength();
        long minute = Fate.minute(reading.gatewayTimeMicros());
        Count head = newest.get(bytes, assetAt, reading.assetLength(), parameterAt, reading.parameterLength());
        for (Count count = head; count != null; count = count.next) {
            if (count.minute == minute
                    && count.kind == kind
                    && count.stage.equals(stage)
                    && Arrays.equals(
                            bytes, reading.originOffset(), bytes.length, count.origin, 0, count.origin.length)) {
                count.records++;
                count.lastOffset = offset;
                return;
            }
        }
        byte[] asset = Arrays.copyOfRange(bytes, assetAt, assetEnd);
        byte[] parameter = Arrays.copyOfRange(bytes, parameterAt, parameterEnd);
        byte[] origin = Arrays.copyOfRange(bytes, reading.originOffset(), bytes.length);
        Ledger first =
                entry(kind, stage, reading.assetId(), reading.parameter(), minute, 1, offset, offset, reading.origin());
        newest.put(asset, parameter, begin(first, minute, origin, head));
    }

    /** Counts a record that cannot be read: only that it was there is known. */
    void addUnreadable(Kind kind, String stage, Origin origin, long offset) {
        Count head = newest.get(NONE, 0, 0, 0, 0);
        for (Count count = head; count != null; count = count.next) {
            if (count.kind == kind && count.stage.equals(stage) && count.minute == 0) {
                count.records++;
                count.lastOffset = offset;
                return;
            }
        }
        Ledger first = entry(kind, stage, "", "", 0, 1, offset, offset, origin);
        newest.put(NONE, NONE, begin(first, 0, NONE, head));
    }

    private Count begin(Ledger first, long minute, byte[] origin, @Nullable Count head) {
        Count count = new Count(first.kind(), first.stage(), minute, origin, first, head);
        count.records = 1;
        count.lastOffset = first.first();
        all.add(count);
        return count;
    }

    /** What was counted since the last time; counting begins anew. */
    List<Ledger> take() {
        List<Ledger> entries = all.stream().map(Count::entry).toList();
        all.clear();
        newest = new SeriesMap<>();
        return entries;
    }

    /** @param minute microseconds since the epoch */
    static Ledger entry(
            Kind kind,
            String stage,
            String asset,
            String parameter,
            long minute,
            long count,
            long first,
            long last,
            Origin origin) {
        return new Ledger(
                kind,
                stage,
                asset,
                parameter,
                Instant.EPOCH.plus(minute, ChronoUnit.MICROS),
                count,
                first,
                last,
                origin);
    }
}
