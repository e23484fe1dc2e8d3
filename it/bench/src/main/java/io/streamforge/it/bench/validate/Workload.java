package io.streamforge.it.bench.validate;

import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/** The plant the bench pretends to read: 100 assets with ten parameters each, twenty range rules, one reading in some thousand out of range. */
final class Workload {

    static final int ASSETS = 100;
    static final int PARAMETERS = 10;
    /** One rule for each parameter of the even and of the odd assets: twenty, each addressed by a pattern. */
    static final double MIN = 0;

    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    private Workload() {}

    static String asset(int asset) {
        return (asset % 2 == 0 ? "press-" : "boiler-") + asset;
    }

    static String parameter(int parameter) {
        return "parameter-" + parameter;
    }

    /** The upper limit of a parameter, the same in every variant. */
    static double max(String asset, int parameter) {
        return (asset.startsWith("press-") ? 100 : 200) + parameter;
    }

    /** The rules as the route plan carries them. */
    static String rulesJson() {
        StringBuilder rules = new StringBuilder("[");
        for (String family : new String[] {"press-", "boiler-"}) {
            for (int parameter = 0; parameter < PARAMETERS; parameter++) {
                rules.append(rules.length() > 1 ? "," : "")
                        .append("{\"asset\":\"%s*\",\"parameter\":\"%s\",\"range\":{\"min\":%s,\"max\":%s}}"
                                .formatted(family, parameter(parameter), MIN, max(family, parameter)));
            }
        }
        return rules.append("]").toString();
    }

    /** Readings within their limits whose sequence is their index. */
    static byte[][][] numbered(int records, int schemaId) {
        ReadingCodec codec = new ReadingCodec(schemaId);
        byte[][] keys = new byte[records][];
        byte[][] values = new byte[records][];
        for (int record = 0; record < records; record++) {
            keys[record] = asset(record % ASSETS).getBytes(StandardCharsets.UTF_8);
            values[record] = codec.encode(sample(record, 50), asset(record % ASSETS), ORIGIN, record);
        }
        return new byte[][][] {keys, values};
    }

    /** Keys and encoded values of {@code records} readings, the same bytes in every run. */
    static byte[][][] records(int records, int schemaId) {
        ReadingCodec codec = new ReadingCodec(schemaId);
        Random random = new Random(1);
        byte[][] keys = new byte[records][];
        byte[][] values = new byte[records][];
        for (int record = 0; record < records; record++) {
            int series = record % (ASSETS * PARAMETERS);
            String asset = asset(series / PARAMETERS);
            double value = outOfRange(record) ? -1 : random.nextDouble() * 100;
            keys[record] = asset.getBytes(StandardCharsets.UTF_8);
            values[record] = codec.encode(sample(record, value), asset, ORIGIN, record / ASSETS);
        }
        return new byte[][][] {keys, values};
    }

    /** One reading in some thousand, of one series after the other; none before a multiple of 8,000, where lifetimes end, so that no series is left BAD there. */
    private static boolean outOfRange(int record) {
        return record % 1001 == 999 && record % 8_000 < 6_000;
    }

    private static Sample sample(int record, double value) {
        return new Sample(
                null,
                parameter(record % PARAMETERS),
                new Value.Real(value),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                null,
                START.plusMillis(record));
    }
}
