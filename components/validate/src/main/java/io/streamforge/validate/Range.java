package io.streamforge.validate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The values a signal may take, limits included. Whole numbers are compared exactly, also beyond 2^53.
 *
 * @param min lowest allowed value in the reading's unit, null for none
 * @param max highest allowed value in the reading's unit, null for none
 */
record Range(@Nullable BigDecimal min, @Nullable BigDecimal max) {

    /** The limits as the hot path compares them. */
    Limits limits() {
        return new Limits(
                this,
                min == null ? Double.NEGATIVE_INFINITY : min.doubleValue(),
                max == null ? Double.POSITIVE_INFINITY : max.doubleValue(),
                min == null ? Long.MIN_VALUE : clamp(min.setScale(0, RoundingMode.CEILING)),
                max == null ? Long.MAX_VALUE : clamp(max.setScale(0, RoundingMode.FLOOR)),
                min != null && min.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                        || max != null && max.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0);
    }

    private static long clamp(BigDecimal limit) {
        return limit.toBigInteger()
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    /** {@code at least 0}, {@code at most 120} or {@code between 0 and 120}. */
    String sentence() {
        if (min != null && max != null) {
            return "between " + min.toPlainString() + " and " + max.toPlainString();
        }
        return min != null ? "at least " + min.toPlainString() : "at most " + (max == null ? "" : max.toPlainString());
    }

    /**
     * A range prepared for comparing.
     *
     * @param noWhole true where the range lies wholly outside the 64-bit integers
     */
    record Limits(Range range, double min, double max, long minWhole, long maxWhole, boolean noWhole) {

        /** NaN is in no range. */
        boolean allows(double value) {
            return value >= min && value <= max;
        }

        boolean allows(long value) {
            return value >= minWhole && value <= maxWhole && !noWhole;
        }
    }
}
