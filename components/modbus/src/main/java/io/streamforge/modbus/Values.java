package io.streamforge.modbus;

import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of an answer to a value and back. Registers are big-endian on the wire (Modbus Application Protocol V1.1b3 §4.2), bits start at the
 * least significant of the first byte (§6.1); a point may say that its device does otherwise within and between registers.
 */
final class Values {

    private Values() {}

    /**
     * Decodes and scales one point.
     *
     * <p>Scaling is decimal: the result is the double nearest to raw × scale + offset, so 241 × 0.1 is 24.1. An unscaled integer stays whole; a
     * uint64 beyond the range of a signed 64-bit integer becomes the nearest double, because wrapping it round would show a negative value.
     *
     * @param data the answer's data bytes
     * @param start the address of the first of them
     * @return null if the bytes are no value of the point's type; {@link #flaw} says why
     */
    static @Nullable Value decode(Point point, ByteBuffer data, int start) {
        if (point.area().bits()) {
            int bit = point.address() - start;
            return new Value.Flag((data.get(bit >> 3) >> (bit & 7) & 1) != 0);
        }
        int position = (point.address() - start) * 2;
        if (point.type() == DataType.STRING) {
            return text(point, data, position);
        }
        long raw = raw(point, data, position);
        return switch (point.type()) {
            case BOOL -> {
                Integer bit = point.bit();
                yield new Value.Flag(bit == null ? raw != 0 : (raw >> bit & 1) != 0);
            }
            case INT16 -> whole(point, (short) raw);
            case INT32 -> whole(point, (int) raw);
            case UINT16, UINT32, INT64 -> whole(point, raw);
            case UINT64 -> raw >= 0 ? whole(point, raw) : beyondLong(point, raw);
            case FLOAT32 -> real(point, Float.intBitsToFloat((int) raw));
            case FLOAT64 -> real(point, Double.longBitsToDouble(raw));
            case BCD16, BCD32 -> {
                long number = fromBcd(raw);
                yield number < 0 ? null : whole(point, number);
            }
            case STRING -> throw new IllegalStateException();
        };
    }

    /** Why {@link #decode} found no value. */
    static String flaw(Point point, ByteBuffer data, int start) {
        long raw = raw(point, data, (point.address() - start) * 2);
        return switch (point.type()) {
            case FLOAT32 -> "%s is not finite".formatted(Float.intBitsToFloat((int) raw));
            case FLOAT64 -> "%s is not finite".formatted(Double.longBitsToDouble(raw));
            default -> "0x%%0%dX is not BCD".formatted(point.registers() * 4).formatted(raw);
        };
    }

    /**
     * The registers that hold a value.
     *
     * @return as on the wire; a bit's as if it were the whole register
     * @throws IllegalArgumentException if the point cannot hold it, as the rest of a sentence that begins with the point's name
     */
    static ByteBuffer encode(Point point, Value value) {
        if (value instanceof Value.Text text) {
            require(point.type() == DataType.STRING, "must be %s, got a text", point);
            return letters(point, text.value());
        }
        if (value instanceof Value.Flag flag) {
            require(point.type() == DataType.BOOL, "must be %s, got true or false", point);
            return registers(point, flag.value() ? 1 : 0);
        }
        require(point.type() != DataType.STRING && point.type() != DataType.BOOL, "must be %s, got a number", point);
        BigDecimal wanted = value instanceof Value.Whole whole
                ? BigDecimal.valueOf(whole.value())
                : BigDecimal.valueOf(((Value.Real) value).value());
        BigDecimal raw = wanted.subtract(point.offset()).divide(point.scale(), MathContext.DECIMAL128);
        return switch (point.type()) {
            case FLOAT32 -> {
                float near = (float) real(point, value, raw);
                if (!Float.isFinite(near)) {
                    throw new IllegalArgumentException("cannot hold %s, it is beyond float32".formatted(wanted));
                }
                yield registers(point, Float.floatToRawIntBits(near) & 0xFFFF_FFFFL);
            }
            case FLOAT64 -> registers(point, Double.doubleToRawLongBits(real(point, value, raw)));
            case BCD16, BCD32 ->
                registers(point, toBcd(integer(point, wanted, raw).longValue()));
            default -> registers(point, integer(point, wanted, raw).longValue());
        };
    }

    /** A decimal has no negative zero. */
    private static double real(Point point, Value value, BigDecimal raw) {
        return point.unscaled() && value instanceof Value.Real real ? real.value() : raw.doubleValue();
    }

    private static void require(boolean holds, String rule, Point point) {
        if (!holds) {
            throw new IllegalArgumentException(rule.formatted(
                    switch (point.type()) {
                        case BOOL -> "true or false";
                        case STRING -> "a text";
                        default -> "a number";
                    }));
        }
    }

    /** The whole raw number of a value that has one; the steps between two of them cannot be held. */
    private static BigInteger integer(Point point, BigDecimal wanted, BigDecimal raw) {
        BigDecimal near = raw.setScale(0, RoundingMode.HALF_EVEN);
        BigDecimal least = point.type().least();
        BigDecimal greatest = point.type().greatest();
        if (least != null && greatest != null && (near.compareTo(least) < 0 || near.compareTo(greatest) > 0)) {
            BigDecimal one = value(point, least);
            BigDecimal other = value(point, greatest);
            throw new IllegalArgumentException("cannot hold %s, a %s with this scale is %s to %s"
                    .formatted(
                            wanted.toPlainString(),
                            point.type().key(),
                            one.min(other).toPlainString(),
                            one.max(other).toPlainString()));
        }
        if (value(point, near).doubleValue() != wanted.doubleValue()) {
            BigDecimal below = value(point, raw.setScale(0, RoundingMode.FLOOR));
            BigDecimal above = value(point, raw.setScale(0, RoundingMode.CEILING));
            throw new IllegalArgumentException("cannot hold %s, the nearest are %s and %s"
                    .formatted(
                            wanted.toPlainString(),
                            below.min(above).toPlainString(),
                            below.max(above).toPlainString()));
        }
        return near.toBigInteger();
    }

    private static BigDecimal value(Point point, BigDecimal raw) {
        return raw.multiply(point.scale()).add(point.offset());
    }

    private static ByteBuffer registers(Point point, long raw) {
        int count = point.registers();
        ByteBuffer wire = ByteBuffer.allocate(count * 2);
        for (int i = 0; i < count; i++) {
            short register = (short) (raw >> 16 * (count - 1 - i));
            wire.putShort(
                    2 * (point.wordOrder() == Order.BIG ? i : count - 1 - i),
                    point.byteOrder() == Order.BIG ? register : Short.reverseBytes(register));
        }
        return wire;
    }

    private static long raw(Point point, ByteBuffer data, int position) {
        int registers = point.registers();
        long raw = 0;
        for (int i = 0; i < registers; i++) {
            int at = position + 2 * (point.wordOrder() == Order.BIG ? i : registers - 1 - i);
            short register = data.getShort(at);
            raw = raw << 16 | ((point.byteOrder() == Order.BIG ? register : Short.reverseBytes(register)) & 0xFFFF);
        }
        return raw;
    }

    /** Up to the first NUL, without the spaces that fill it up. */
    private static Value text(Point point, ByteBuffer data, int position) {
        byte[] letters = new byte[point.length()];
        int end = 0;
        while (end < letters.length) {
            byte letter = data.get(position + place(point, end));
            if (letter == 0) {
                break;
            }
            letters[end++] = letter;
        }
        return new Value.Text(new String(letters, 0, end, StandardCharsets.ISO_8859_1).stripTrailing());
    }

    private static ByteBuffer letters(Point point, String text) {
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "cannot hold '%s', its characters are those of ISO 8859-1".formatted(text));
        }
        if (text.length() > point.length()) {
            throw new IllegalArgumentException(
                    "must have at most %d characters, got %d".formatted(point.length(), text.length()));
        }
        ByteBuffer wire = ByteBuffer.allocate(point.registers() * 2);
        for (int i = 0; i < text.length(); i++) {
            wire.put(place(point, i), (byte) text.charAt(i));
        }
        return wire;
    }

    /** Where a string's character stands among its bytes. */
    private static int place(Point point, int letter) {
        int register = letter / 2;
        int at = point.wordOrder() == Order.BIG ? register : point.registers() - 1 - register;
        return 2 * at + (point.byteOrder() == Order.BIG ? letter & 1 : 1 - (letter & 1));
    }

    /** Negative if a digit is none. */
    private static long fromBcd(long raw) {
        long number = 0;
        for (int shift = 28; shift >= 0; shift -= 4) {
            long digit = raw >> shift & 0xF;
            if (digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static long toBcd(long number) {
        long raw = 0;
        long left = number;
        for (int shift = 0; left > 0; shift += 4) {
            raw |= left % 10 << shift;
            left /= 10;
        }
        return raw;
    }

    private static Value whole(Point point, long raw) {
        return point.unscaled() ? new Value.Whole(raw) : scaled(point, BigDecimal.valueOf(raw));
    }

    private static Value beyondLong(Point point, long raw) {
        return scaled(point, new BigDecimal(new BigInteger(Long.toUnsignedString(raw))));
    }

    private static @Nullable Value real(Point point, double raw) {
        if (!Double.isFinite(raw)) {
            return null;
        }
        return point.unscaled() ? new Value.Real(raw) : scaled(point, new BigDecimal(raw));
    }

    private static Value scaled(Point point, BigDecimal raw) {
        return new Value.Real(raw.multiply(point.scale()).add(point.offset()).doubleValue());
    }
}
