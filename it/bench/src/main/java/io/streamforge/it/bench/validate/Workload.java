package io.streamforge.it.bench.validate;

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
 * A plant of 1,000 series, each read once a second: 50 presses without a clock and 50 boilers whose clock is 40 ms behind, with ten parameters
 * each. Time goes on from round to round. Twenty rules, one for each parameter of the presses and of the boilers, of every kind there is; one
 * reading in some thousand breaks its own.
 *
 * <p>In each block of eight polls eight series are odd, in its middle only: a process that begins with a block (a baseline has no memory of
 * before) judges all of it as one that went on.
 */
final class Workload implements Load {

    /** Records after which the same begins again, of other series. */
    static final int BLOCK = 8_000;

    static final int ASSETS = 100;
    static final int PARAMETERS = 10;
    static final double MIN = 0;
    static final double NOT_ABOVE = 90;
    static final double MAX_PER_SECOND = 30;
    static final long FLAT_AFTER_MS = 2_500;
    /** Longer than a variant waits for its turn: the wall clock must find no silence. */
    static final long MAX_GAP_MS = 300_000;

    static final int REMEMBERED = 8;
    static final int MODES = 4;
    static final double TESTED = 95;
    static final String TEST = "value < 95 || quality != 'GOOD'";

    private static final int SERIES = ASSETS * PARAMETERS;
    private static final int POLLS = BLOCK / SERIES;
    private static final int ODD = 125;
    /** The poll of a block at which a rule is broken; what stands still does so for three polls before. */
    private static final int ODD_POLL = 5;

    private static final int FIRST_FLAT_POLL = 2;
    private static final double PEAK = 99;

    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "opcua-source@1", 1, 1);
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    /** What a parameter's rule asks for, beside a range; its place is the number of its parameter, except that boilers have no expression. */
    enum Rule {
        RANGE(""),
        WARNING(",\"warning\":{\"max\":" + NOT_ABOVE + "}"),
        RATE(",\"rate\":{\"maxPerSecond\":" + MAX_PER_SECOND + "}"),
        FLATLINE(",\"flatline\":{\"afterMs\":" + FLAT_AFTER_MS + "}"),
        GAP(",\"gap\":{\"maxGapMs\":" + MAX_GAP_MS + "}"),
        DUPLICATES(",\"duplicates\":{\"remember\":" + REMEMBERED + "}"),
        ALLOWED(",\"allowed\":[0,1,2,3]"),
        EXPRESSION(",\"expression\":{\"test\":\"" + TEST + "\"}"),
        SEVERAL(WARNING.json + RATE.json + FLATLINE.json + DUPLICATES.json),
        COMPLETE(",\"required\":true,\"type\":\"number\",\"unit\":\"Cel\"");

        private final String json;

        Rule(String json) {
            this.json = json;
        }

        boolean warns() {
            return this == WARNING || this == SEVERAL;
        }

        boolean watchesRate() {
            return this == RATE || this == SEVERAL;
        }

        boolean watchesStandstill() {
            return this == FLATLINE || this == SEVERAL;
        }

        boolean dropsDuplicates() {
            return this == DUPLICATES || this == SEVERAL;
        }
    }

    private final int records;
    private final ReadingCodec codec;

    /** @param records of a round, whole blocks */
    Workload(int records, int schemaId) {
        if (records % BLOCK != 0) {
            throw new IllegalArgumentException("--records must be a multiple of %d, got %d.".formatted(BLOCK, records));
        }
        this.records = records;
        this.codec = new ReadingCodec(schemaId);
    }

    /** The upper limit of a parameter, the same in every variant. */
    static double max(String asset, int parameter) {
        return (asset.startsWith("press-") ? 100 : 200) + parameter;
    }

    /** The parameter's rule; an expression is one of the twenty only. */
    static Rule rule(String asset, int parameter) {
        Rule rule = Rule.values()[parameter];
        return rule == Rule.EXPRESSION && asset.startsWith("boiler-") ? Rule.WARNING : rule;
    }

    /** The rules as the route plan carries them. */
    static String rulesJson() {
        StringBuilder rules = new StringBuilder("[");
        for (String family : new String[] {"press-", "boiler-"}) {
            for (int parameter = 0; parameter < PARAMETERS; parameter++) {
                rules.append(rules.length() > 1 ? "," : "")
                        .append("{\"asset\":\"%s*\",\"parameter\":\"%s\",\"range\":{\"min\":%s,\"max\":%s}%s}"
                                .formatted(
                                        family,
                                        parameter(parameter),
                                        MIN,
                                        max(family, parameter),
                                        rule(family, parameter).json));
            }
        }
        return rules.append("]").toString();
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
        return codec.encode(sample(number, odd(number)), asset(number), ORIGIN, number);
    }

    /** Readings that break no rule, each with its place among them as its sequence. */
    static byte[][][] harmless(long from, int count, int schemaId) {
        ReadingCodec codec = new ReadingCodec(schemaId);
        byte[][] keys = new byte[count][];
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            keys[i] = asset(from + i).getBytes(StandardCharsets.UTF_8);
            values[i] = codec.encode(sample(from + i, false), asset(from + i), ORIGIN, i);
        }
        return new byte[][][] {keys, values};
    }

    private static String asset(long number) {
        int asset = (int) (number % SERIES / PARAMETERS);
        return (asset % 2 == 0 ? "press-" : "boiler-") + asset;
    }

    private static String parameter(int parameter) {
        return "parameter-" + parameter;
    }

    private static boolean odd(long number) {
        return number % SERIES % ODD == number / BLOCK % ODD;
    }

    private static Sample sample(long number, boolean odd) {
        long poll = number / SERIES;
        int pollOfBlock = (int) (poll % POLLS);
        int parameter = (int) (number % PARAMETERS);
        Rule rule = rule(asset(number), parameter);
        boolean clock = number % SERIES / PARAMETERS % 2 == 1;
        boolean broken = odd && pollOfBlock == ODD_POLL;
        boolean repeated = broken && clock && rule == Rule.DUPLICATES;
        boolean flat =
                odd && rule == Rule.FLATLINE && pollOfBlock >= FIRST_FLAT_POLL && pollOfBlock <= ODD_POLL || repeated;
        long measured = !flat ? poll : repeated ? poll - 1 : poll - pollOfBlock + FIRST_FLAT_POLL;
        return new Sample(
                null,
                parameter(parameter),
                value(rule, number % SERIES, measured, broken),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                clock ? deviceTime(repeated ? poll - 1 : poll) : null,
                START.plusSeconds(poll));
    }

    private static Instant deviceTime(long poll) {
        return START.plusSeconds(poll).minusMillis(40);
    }

    private static Value value(Rule rule, long series, long poll, boolean broken) {
        long random = (poll * 1_000_003 + series) * 0x9E3779B97F4A7C15L >>> 33;
        double usual = 40 + random % 2_000 / 100.0;
        return switch (rule) {
            case RANGE, COMPLETE -> new Value.Real(broken ? -1 : usual);
            case WARNING, RATE, EXPRESSION, SEVERAL -> new Value.Real(broken ? PEAK : usual);
            case ALLOWED -> new Value.Whole(broken ? MODES : random % MODES);
            case FLATLINE, GAP, DUPLICATES -> new Value.Real(usual);
        };
    }
}
