package io.streamforge.validate;

import io.streamforge.model.ReadingView;
import io.streamforge.model.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * A series with rules that compare a reading with those before it. There may be a hundred thousand, so it is one flat object; times are
 * microseconds, values are kept as the bits of {@link #bitsOf}.
 */
final class Tracked extends Signal {

    private static final long NEVER = Long.MIN_VALUE;

    private final byte[] asset;
    private final byte[] parameter;
    private @Nullable Source source;
    private long sequence;
    private boolean silent;

    private ValueKind lastKind = ValueKind.NONE;
    private ValueKind levelKind = ValueKind.NONE;
    private long lastTime = NEVER;
    private long lastBits;
    private @Nullable String lastText;
    private long levelSince;
    private long levelBits;
    private @Nullable Recent recent;

    /**
     * @param asset UTF-8, not to be modified
     * @param parameter UTF-8, not to be modified
     */
    Tracked(Checks checks, byte[] asset, byte[] parameter) {
        super(checks);
        this.asset = asset;
        this.parameter = parameter;
    }

    byte[] asset() {
        return asset;
    }

    byte[] parameter() {
        return parameter;
    }

    /** Where its latest record came from, null before the first. */
    @Nullable
    Source source() {
        return source;
    }

    /** Of its latest record. */
    long sequence() {
        return sequence;
    }

    void cameFrom(Source source, long sequence) {
        this.source = source;
        this.sequence = sequence;
    }

    /** Whether its silence was told. */
    boolean silent() {
        return silent;
    }

    void setSilent(boolean silent) {
        this.silent = silent;
    }

    @Override
    void unmark() {
        super.unmark();
        silent = false;
    }

    /** The device times it remembers, made when first asked for. */
    Recent recent(int most) {
        if (recent == null) {
            recent = new Recent(most);
        }
        return recent;
    }

    /** Whether the reading is later in event time than any before it: only such a one is compared and remembered. */
    boolean advancesTo(long time) {
        return time > lastTime;
    }

    /** Whether there is a reading with a value to compare with. */
    boolean hasLast() {
        return lastKind != ValueKind.NONE;
    }

    long lastTime() {
        return lastTime;
    }

    ValueKind lastKind() {
        return lastKind;
    }

    /** The distance between the reading's number and the one before; both must be numbers. */
    double changeTo(ReadingView reading) {
        return distance(reading, lastKind, lastBits);
    }

    /** The value before as an expression sees it. */
    Object last() {
        return switch (lastKind) {
            case REAL -> Double.longBitsToDouble(lastBits);
            case WHOLE -> (double) lastBits;
            case FLAG -> lastBits != 0;
            case TEXT -> lastText == null ? "" : lastText;
            case NONE -> throw new IllegalStateException("There is no value before.");
        };
    }

    /** Takes the reading's value as the latest; it must advance event time. */
    void remember(ReadingView reading) {
        lastTime = reading.timeMicros();
        lastKind = reading.valueKind();
        lastBits = bitsOf(reading);
        Checks.Condition condition = checks().condition();
        if (condition != null && condition.expression().comparing()) {
            lastText = lastKind == ValueKind.TEXT ? reading.textValue() : null;
        }
    }

    /** For how long the value has stood where it stands, now that this reading came; it must advance event time. */
    long unchangedFor(ReadingView reading, double tolerance) {
        if (!staysWithin(reading, tolerance)) {
            levelKind = reading.valueKind();
            levelBits = bitsOf(reading);
            levelSince = reading.timeMicros();
        }
        return reading.timeMicros() - levelSince;
    }

    private boolean staysWithin(ReadingView reading, double tolerance) {
        if (levelKind == ValueKind.NONE) {
            return false;
        }
        if (isNumber(levelKind) && isNumber(reading.valueKind())) {
            return distance(reading, levelKind, levelBits) <= tolerance;
        }
        return levelKind == reading.valueKind() && levelBits == bitsOf(reading);
    }

    /** What came before an interruption proves nothing about what stands still. */
    void interrupt() {
        levelKind = ValueKind.NONE;
    }

    /** Its device's clock was set back: what came before is not comparable. */
    void restart() {
        lastTime = NEVER;
        lastKind = ValueKind.NONE;
        lastText = null;
        interrupt();
    }

    static boolean isNumber(ValueKind kind) {
        return kind == ValueKind.REAL || kind == ValueKind.WHOLE;
    }

    /** Whole numbers exactly, unless they are further apart than a long can say. NaN if either is. */
    private static double distance(ReadingView reading, ValueKind kind, long bits) {
        if (kind == ValueKind.WHOLE && reading.valueKind() == ValueKind.WHOLE) {
            long value = reading.longValue();
            long distance = value - bits;
            if (((value ^ bits) & (value ^ distance)) >= 0) {
                return Math.abs((double) distance);
            }
        }
        double before = kind == ValueKind.WHOLE ? bits : Double.longBitsToDouble(bits);
        return Math.abs(reading.doubleValue() - before);
    }

    /** A number or a flag itself, a text as a 64-bit digest. */
    static long bitsOf(ReadingView reading) {
        return switch (reading.valueKind()) {
            case NONE -> 0;
            case REAL -> Double.doubleToLongBits(reading.doubleValue());
            case WHOLE -> reading.longValue();
            case FLAG -> reading.booleanValue() ? 1 : 0;
            case TEXT -> digest(reading.bytes(), reading.textOffset(), reading.textLength());
        };
    }

    private static long digest(byte[] bytes, int from, int length) {
        long digest = length;
        for (int i = from; i < from + length; i++) {
            digest = (digest ^ bytes[i]) * 0x9E3779B97F4A7C15L;
            digest ^= digest >>> 32;
        }
        return digest;
    }
}
