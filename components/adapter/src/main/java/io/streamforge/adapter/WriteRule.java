package io.streamforge.adapter;

import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions a point may be written.
 *
 * @param min least value, included; null for none
 * @param max greatest value, included; null for none
 * @param interval least time from one write to the next, zero for none
 * @param interlock what must hold on the device at the moment of the write; null for none
 */
public record WriteRule(
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        Duration interval,
        @Nullable Interlock interlock) {

    /**
     * Another point that must have a value.
     *
     * @param row of that point
     * @param value true or false, a number, or a text
     */
    public record Interlock(int row, Value value) {

        /** Whether the point has it; numbers are compared by what they are worth. */
        public boolean holds(@Nullable Value seen) {
            return same(value, seen);
        }
    }

    /** Whether a value is the one that is expected; numbers are compared by what they are worth: a device may say 24 for 24.0. */
    public static boolean same(Value expected, @Nullable Value seen) {
        if (seen == null) {
            return false;
        }
        Optional<BigDecimal> wanted = number(expected);
        Optional<BigDecimal> found = number(seen);
        return wanted.isPresent() && found.isPresent()
                ? wanted.get().compareTo(found.get()) == 0
                : expected.equals(seen);
    }

    /** Why the rule refuses a value, as the rest of a sentence that begins with the point's name; empty if it does not. */
    public Optional<String> refusal(Value value) {
        Optional<BigDecimal> number = number(value);
        if (value instanceof Value.Real real && number.isEmpty()) {
            return Optional.of("must be a number, got %s".formatted(real.value()));
        }
        if (min == null && max == null) {
            return Optional.empty();
        }
        if (number.isEmpty()) {
            return Optional.of("must be a number, got %s".formatted(text(value)));
        }
        if (min != null && number.get().compareTo(min) < 0) {
            return Optional.of("must be at least %s, got %s".formatted(min.toPlainString(), text(value)));
        }
        if (max != null && number.get().compareTo(max) > 0) {
            return Optional.of("must be at most %s, got %s".formatted(max.toPlainString(), text(value)));
        }
        return Optional.empty();
    }

    /** A value as messages show it. */
    public static String text(@Nullable Value value) {
        if (value == null) {
            return "no value";
        } else if (value instanceof Value.Whole whole) {
            return Long.toString(whole.value());
        } else if (value instanceof Value.Real real) {
            return Double.toString(real.value());
        } else if (value instanceof Value.Flag flag) {
            return Boolean.toString(flag.value());
        }
        return "'%s'".formatted(((Value.Text) value).value());
    }

    private static Optional<BigDecimal> number(Value value) {
        if (value instanceof Value.Whole whole) {
            return Optional.of(BigDecimal.valueOf(whole.value()));
        } else if (value instanceof Value.Real real && Double.isFinite(real.value())) {
            return Optional.of(BigDecimal.valueOf(real.value()));
        }
        return Optional.empty();
    }
}
