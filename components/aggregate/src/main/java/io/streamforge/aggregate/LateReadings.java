package io.streamforge.aggregate;

import io.streamforge.model.Batch;
import io.streamforge.model.Ledger;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** The readings of a batch that came when their window was held no longer, for the loss ledger. What came too late of aggregates is no reading. */
public final class LateReadings {

    private record Series(int partition, String asset, String parameter, Instant minute, Origin origin) {}

    private static final class Tally {
        long count;
        long first;
        long last;
    }

    private final Map<Series, Tally> tallies = new HashMap<>();

    LateReadings() {}

    void add(ReadingView reading, int partition, long offset) {
        Instant minute = Instant.EPOCH
                .plus(reading.gatewayTimeMicros(), ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MINUTES);
        Tally tally = tallies.computeIfAbsent(
                new Series(partition, reading.assetId(), reading.parameter(), minute, reading.origin()),
                series -> new Tally());
        tally.first = tally.count == 0 ? offset : tally.first;
        tally.last = offset;
        tally.count++;
    }

    /** One entry for each series and minute. */
    Batch entries(String stage, LedgerCodec codec) {
        Batch out = Batch.output();
        tallies.forEach((series, tally) -> out.add(
                series.asset.getBytes(StandardCharsets.UTF_8),
                codec.encode(new Ledger(
                        Ledger.Kind.LATE,
                        stage,
                        series.asset,
                        series.parameter,
                        series.minute,
                        tally.count,
                        tally.first,
                        tally.last,
                        series.origin)),
                series.partition,
                tally.last));
        return out;
    }
}
