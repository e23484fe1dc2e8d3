package io.streamforge.validate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The values a signal may take, limits included. Whole numbers are compared exactly, also beyond 2^53.
 *
 * <p>A class and not a record: the Java 17 runtime fails when a mutation test redefines a record with annotated types.
 */
final class Range {

    private final @Nullable BigDecimal min;
    private final @Nullable BigDecimal max;
    private final double minReal;
    private final double maxReal;
    private final long minWhole;
    private final long maxWhole;
    private final boolean noWhole;

    /**
     * @param min lowest allowed value in the reading's unit, null for none
     * @param max highest allowed value in the reading's unit, null for none
     */
    Range(@Nullable BigDecimal min, @Nullable BigDecimal max) {
        this.min = min;
        this.max = max;
        this.minReal = min == null ? Double.NEGATIVE_INFINITY : min.doubleValue();
        this.maxReal = max == null ? Double.POSITIVE_INFINITY : max.doubleValue();
        this.minWhole = min == null ? Long.MIN_VALUE : clamp(min.setScale(0, RoundingMode.CEILING));
        this.maxWhole = max == null ? Long.MAX_VALUE : clamp(max.setScale(0, RoundingMode.FLOOR));
        this.noWhole = min != null && min.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || max != null && max.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0;
    }

    private static long clamp(BigDecimal limit) {
        return limit.toBigInteger()
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    /** NaN is in no range. */
    boolean allows(double value) {
        return value >= minReal && value <= maxReal;
    }

    boolean allows(long value) {
        return value >= minWhole && value <= maxWhole && !noWhole;
    }

    /** {@code at least 0}, {@code at most 120} or {@code between 0 and 120}. */
    String sentence() {
        if (min != null && max != null) {
            return "between " + min.toPlainString() + " and " + max.toPlainString();
        }
        return min != null ? "at least " + min.toPlainString() : "at most " + (max == null ? "" : max.toPlainString());
    }
}
