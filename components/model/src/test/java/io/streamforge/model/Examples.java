package io.streamforge.model;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** One record of each kind with its bytes, computed outside Java from "Apache Avro 1.12 Specification, Binary Encoding". */
final class Examples {

    static final int READING_ID = 7;
    static final int AGGREGATE_ID = 8;
    static final int DEAD_LETTER_ID = 9;
    static final int LEDGER_ID = 10;
    static final int ALARM_ID = 11;

    private static final Instant AT = Instant.parse("2025-11-21T00:00:00.123456Z");

    static final Reading READING = new Reading(
            new Value.Real(24.1),
            Quality.GOOD,
            "press-07",
            "temperature",
            "Cel",
            Classification.TELEMETRY,
            null,
            AT,
            TimeSource.GATEWAY,
            null,
            null,
            41,
            new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3));

    static final byte[] READING_BYTES = hex("""
            00 00 00 00 07
            02 9a 99 99 99 99 19 38 40
            00
            10 70 72 65 73 73 2d 30 37
            16 74 65 6d 70 65 72 61 74 75 72 65
            06 43 65 6c
            00
            00 80 89 9e ea ef 83 a2 06 02
            00
            00
            52
            08 67 77 2d 31
            10 70 72 65 73 73 2d 30 37
            26 6d 6f 64 62 75 73 2d 74 63 70 2d 73 6f 75 72 63 65 40 31
            0e
            06
            """);

    /** The same with SUSPECT, the reason "range: warn" and a clock skew of −250 ms. */
    static final byte[] SUSPECT_BYTES = hex("""
            00 00 00 00 07
            02 9a 99 99 99 99 19 38 40
            02
            10 70 72 65 73 73 2d 30 37
            16 74 65 6d 70 65 72 61 74 75 72 65
            06 43 65 6c
            00
            00 80 89 9e ea ef 83 a2 06 02
            02 f3 03
            02 16 72 61 6e 67 65 3a 20 77 61 72 6e
            52
            08 67 77 2d 31
            10 70 72 65 73 73 2d 30 37
            26 6d 6f 64 62 75 73 2d 74 63 70 2d 73 6f 75 72 63 65 40 31
            0e
            06
            """);

    static final Aggregate AGGREGATE = new Aggregate(
            "press-07",
            "temperature",
            "Cel",
            Duration.ofSeconds(1),
            Instant.parse("2025-11-21T00:00:00Z"),
            Instant.parse("2025-11-21T00:00:01Z"),
            new Aggregate.Statistics(24.5, 24.0, 25.0, 2, 0.5, 24.0, 25.0),
            new Aggregate.QualitySummary(2, 0, 1, 66.5),
            1_000_000,
            new Origin("gw-1", "a", "m@1", -1, 0),
            1,
            new Aggregate.States(
                    new Value.Text("auto"),
                    3,
                    250_000,
                    true,
                    List.of(new Aggregate.StateTime("auto", 2, 500_000), new Aggregate.StateTime(null, 1, 250_000))));

    static final byte[] AGGREGATE_BYTES = hex("""
            00 00 00 00 08
            10 70 72 65 73 73 2d 30 37
            16 74 65 6d 70 65 72 61 74 75 72 65
            06 43 65 6c
            d0 0f
            80 80 8f ea ef 83 a2 06
            80 89 89 eb ef 83 a2 06
            02 00 00 00 00 00 80 38 40 00 00 00 00 00 00 38 40 00 00 00 00 00 00 39 40
            04 00 00 00 00 00 00 e0 3f 00 00 00 00 00 00 38 40 00 00 00 00 00 00 39 40
            04 00 02 00 00 00 00 00 a0 50 40
            80 89 7a
            08 67 77 2d 31 02 61 06 6d 40 31 01 00
            02
            02 04 08 61 75 74 6f 06 a0 c2 1e 01
            04 02 08 61 75 74 6f 04 c0 84 3d 00 02 a0 c2 1e 00
            """);

    static final DeadLetter DEAD_LETTER = new DeadLetter(
            "telemetry.raw-3-17",
            "telemetry.raw",
            3,
            17,
            "validate.telemetry",
            "RANGE",
            "too hot",
            AT,
            7,
            ByteBuffer.wrap(hex("00 ff 10")),
            1,
            new Origin("gw-1", "a", "m@1", 7, 3));

    static final byte[] DEAD_LETTER_BYTES = hex("""
            00 00 00 00 09
            24 74 65 6c 65 6d 65 74 72 79 2e 72 61 77 2d 33 2d 31 37
            1a 74 65 6c 65 6d 65 74 72 79 2e 72 61 77
            06
            22
            24 76 61 6c 69 64 61 74 65 2e 74 65 6c 65 6d 65 74 72 79
            0a 52 41 4e 47 45
            0e 74 6f 6f 20 68 6f 74
            80 89 9e ea ef 83 a2 06
            02 0e
            06 00 ff 10
            02
            08 67 77 2d 31 02 61 06 6d 40 31 0e 06
            """);

    static final Ledger LEDGER = new Ledger(
            Ledger.Kind.DUPLICATE_DROPPED,
            "validate.telemetry",
            "press-07",
            "temperature",
            Instant.parse("2025-11-21T00:00:00Z"),
            3,
            1_000,
            1_200,
            new Origin("gw-1", "a", "m@1", 7, 3));

    static final byte[] LEDGER_BYTES = hex("""
            00 00 00 00 0a
            0c
            24 76 61 6c 69 64 61 74 65 2e 74 65 6c 65 6d 65 74 72 79
            10 70 72 65 73 73 2d 30 37
            16 74 65 6d 70 65 72 61 74 75 72 65
            80 80 8f ea ef 83 a2 06
            06
            d0 0f
            e0 12
            08 67 77 2d 31 02 61 06 6d 40 31 0e 06
            00 01
            00
            """);

    static final Alarm ALARM = new Alarm(
            "system.clock-skew.press-07",
            "o-1",
            "press-07",
            "CLOCK_SKEW",
            Alarm.Severity.MEDIUM,
            Alarm.State.CLEARED,
            true,
            AT.plusSeconds(1),
            "off",
            AT,
            AT.plusSeconds(2),
            "ann",
            AT.plusSeconds(3),
            new Value.Whole(-10_001),
            new Value.Real(10.5),
            "ms",
            "late",
            "system.clock-skew",
            new Origin("gw-1", "a", "m@1", 7, 3));

    static final byte[] ALARM_BYTES = hex("""
            00 00 00 00 0b
            34 73 79 73 74 65 6d 2e 63 6c 6f 63 6b 2d 73 6b 65 77 2e 70 72 65 73 73 2d 30 37
            06 6f 2d 31
            10 70 72 65 73 73 2d 30 37
            14 43 4c 4f 43 4b 5f 53 4b 45 57
            04
            04
            01
            02 80 92 98 eb ef 83 a2 06
            02 06 6f 66 66
            80 89 9e ea ef 83 a2 06
            02 80 9b 92 ec ef 83 a2 06
            02 06 61 6e 6e
            02 80 a4 8c ed ef 83 a2 06
            04 a1 9c 01
            02 00 00 00 00 00 00 25 40
            04 6d 73
            08 6c 61 74 65
            22 73 79 73 74 65 6d 2e 63 6c 6f 63 6b 2d 73 6b 65 77
            08 67 77 2d 31 02 61 06 6d 40 31 0e 06
            """);

    private Examples() {}

    static Registry registry() {
        return new Registry()
                .with(READING_ID, Schemas.READING)
                .with(AGGREGATE_ID, Schemas.AGGREGATE)
                .with(DEAD_LETTER_ID, Schemas.DEAD_LETTER)
                .with(LEDGER_ID, Schemas.LEDGER)
                .with(ALARM_ID, Schemas.ALARM);
    }

    static byte[] hex(String spaced) {
        return HexFormat.of().parseHex(spaced.replaceAll("\\s", ""));
    }
}
