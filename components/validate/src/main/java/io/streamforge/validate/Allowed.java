package io.streamforge.validate;

import io.streamforge.model.ReadingView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The only values a signal may take. A number is equal to a number whatever its type: 1 is 1.0. */
final class Allowed {

    /** Numbers this far from zero and beyond have neighbours that a double cannot tell apart. */
    static final double LIMIT = 1L << 53;

    private final List<Object> values;
    private final double[] numbers;
    private final byte[][] texts;

    /** @param values Double (within ±{@link #LIMIT}), Boolean or String */
    Allowed(List<Object> values) {
        this.values = List.copyOf(values);
        this.numbers = values.stream()
                .filter(Double.class::isInstance)
                .mapToDouble(value -> (double) value)
                .toArray();
        this.texts = values.stream()
                .filter(String.class::isInstance)
                .map(value -> ((String) value).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** The reading must have a value. */
    boolean allows(ReadingView reading) {
        return switch (reading.valueKind()) {
            case NONE -> throw new IllegalArgumentException("No value is neither allowed nor refused.");
            case REAL, WHOLE -> allows(reading.doubleValue());
            case FLAG -> values.contains(reading.booleanValue());
            case TEXT -> allowsText(reading);
        };
    }

    private boolean allows(double value) {
        for (double number : numbers) {
            if (number == value) {
                return true;
            }
        }
        return false;
    }

    private boolean allowsText(ReadingView reading) {
        int from = reading.textOffset();
        int to = from + reading.textLength();
        for (byte[] text : texts) {
            if (Arrays.equals(text, 0, text.length, reading.bytes(), from, to)) {
                return true;
            }
        }
        return false;
    }

    /** {@code 1, 2, AUTO}. */
    @Override
    public String toString() {
        return values.stream()
                .map(value -> value instanceof Double number && number == Math.rint(number)
                        ? Long.toString(number.longValue())
                        : value.toString())
                .collect(Collectors.joining(", "));
    }
}
