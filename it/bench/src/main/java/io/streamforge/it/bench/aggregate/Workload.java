package io.streamforge.it.bench.aggregate;

import io.streamforge.it.bench.Load;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The plant the bench pretends to read: 100 assets with ten parameters each, polled every 100 ms, so that a window of one second holds ten
 * readings. Time goes on from round to round. The values are multiples of 1/4, whose sums are exact in any order.
 */
final class Workload implements Load {

    static final int PARAMETERS = 10;
    static final int SERIES = 1_000;
    static final int PER_WINDOW = 10;

    private static final int POLL_MS = 100;
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private final int records;
    private final ReadingCodec codec;

    Workload(int records, int schemaId) {
        this.records = records;
        this.codec = new ReadingCodec(schemaId);
    }

    @Override
    public int perRound() {
        return records;
    }

    @Override
    public byte[] key(long number) {
        return asset(number).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] value(long number) {
        long poll = number / SERIES;
        Sample sample = new Sample(
                null,
                "parameter-" + number % PARAMETERS,
                new Value.Real(((number * 2_654_435_761L >>> 7) % 400) / 4.0),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                null,
                START.plusMillis(poll * POLL_MS));
        return codec.encode(sample, asset(number), ORIGIN, poll * PARAMETERS + number % PARAMETERS);
    }

    private static String asset(long number) {
        return "press-" + number % SERIES / PARAMETERS;
    }
}
