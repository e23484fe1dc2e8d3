package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a JSON value becomes. */
public enum ScalarType {
    /** What it is: a whole number stays one, also from a device that writes 24.0 as 24. */
    AUTO,
    REAL,
    INTEGER,
    BOOL,
    TEXT;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param leaf a number, text, flag, or a node that holds others
     * @param scale null if the value is not scaled
     * @throws IllegalArgumentException whose message is the rule that the value breaks
     */
    Value value(Object leaf, @Nullable BigDecimal scale, BigDecimal offset) {
        if (leaf instanceof JsonNode node) {
            throw new IllegalArgumentException(
                    "must be a number, true, false or a text, got " + Scalars.shown(node.toString()));
        }
        return switch (this) {
            case AUTO -> {
                if (leaf instanceof Number || scale != null) {
                    yield number(leaf, scale, offset);
                }
                yield leaf instanceof Boolean flag ? new Value.Flag(flag) : new Value.Text(leaf.toString());
            }
            case REAL ->
                new Value.Real(finite(scaled(amount(leaf), scale, offset).doubleValue(), leaf));
            case INTEGER -> {
                BigDecimal amount = scaled(amount(leaf), scale, offset);
                if (amount.precision() - amount.scale() > 19
                        || amount.stripTrailingZeros().scale() > 0
                        || amount.toBigInteger().bitLength() >= Long.SIZE) {
                    throw new IllegalArgumentException("must be a whole number of 64 bits, got " + leaf);
                }
                yield new Value.Whole(amount.longValue());
            }
            case BOOL -> new Value.Flag(flag(leaf));
            case TEXT -> new Value.Text(leaf.toString());
        };
    }

    private static Value number(Object leaf, @Nullable BigDecimal scale, BigDecimal offset) {
        BigDecimal amount = amount(leaf);
        if (scale != null) {
            return new Value.Real(finite(scaled(amount, scale, offset).doubleValue(), leaf));
        }
        return Scalars.number(amount, !(leaf instanceof BigDecimal || leaf instanceof Double || leaf instanceof Float))
                .orElseThrow(() -> tooLarge(leaf));
    }

    private static BigDecimal scaled(BigDecimal amount, @Nullable BigDecimal scale, BigDecimal offset) {
        return scale == null ? amount : amount.multiply(scale).add(offset);
    }

    private static BigDecimal amount(Object leaf) {
        if (leaf instanceof BigDecimal decimal) {
            return decimal;
        }
        if (leaf instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (leaf instanceof Number
                || Scalars.NUMBER.matcher(leaf.toString().strip()).matches()) {
            try {
                return new BigDecimal(leaf.toString().strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a value, got " + leaf, e);
            }
        }
        throw new IllegalArgumentException("must be a number, got '%s'".formatted(Scalars.shown(leaf.toString())));
    }

    private static boolean flag(Object leaf) {
        return switch (leaf.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                throw new IllegalArgumentException(
                        "must be true, false, 1 or 0, got '%s'".formatted(Scalars.shown(leaf.toString())));
        };
    }

    private static double finite(double real, Object leaf) {
        if (!Double.isFinite(real)) {
            throw tooLarge(leaf);
        }
        return real;
    }

    private static IllegalArgumentException tooLarge(Object leaf) {
        return new IllegalArgumentException("must fit a 64-bit number, got " + Scalars.shown(leaf.toString()));
    }
}
