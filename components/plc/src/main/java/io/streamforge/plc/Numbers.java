package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.DataType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers as PLCs hold them and as points scale them. Scaling is decimal: the result is the double nearest to raw × scale + offset, so 241 × 0.1 is
 * 24.1; an unscaled integer stays whole, unless it is beyond the range of a signed 64-bit integer.
 */
final class Numbers {

    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

    private Numbers() {}

    /**
     * Decodes and scales the next number.
     *
     * @param type one of a number's; LTIME are nanoseconds and become milliseconds
     * @param data in the order of the PLC's bytes
     */
    static Value decode(Point point, DataType type, ByteBuffer data) {
        return switch (type) {
            case BYTE, USINT -> whole(point, data.get() & 0xFF);
            case WORD, UINT -> whole(point, data.getShort() & 0xFFFF);
            case DWORD, UDINT -> whole(point, data.getInt() & 0xFFFFFFFFL);
            case LWORD, ULINT -> unsigned(point, data.getLong());
            case SINT -> whole(point, data.get());
            case INT -> whole(point, data.getShort());
            case DINT, TIME -> whole(point, data.getInt());
            case LINT -> whole(point, data.getLong());
            case LTIME -> nanos(point, data.getLong());
            case REAL -> real(point, data.getFloat());
            case LREAL -> real(point, data.getDouble());
            case BOOL, CHAR, WCHAR, STRING, WSTRING, S5TIME, DATE, TIME_OF_DAY, DATE_AND_TIME, DTL, TIMER, COUNTER ->
                throw new IllegalStateException("%s is no number".formatted(type));
        };
    }

    /** A whole number, scaled if the point says so. */
    static Value whole(Point point, long raw) {
        return point.unscaled() ? new Value.Whole(raw) : scaled(point, BigDecimal.valueOf(raw));
    }

    private static Value unsigned(Point point, long raw) {
        return raw >= 0 ? whole(point, raw) : scaled(point, new BigDecimal(new BigInteger(Long.toUnsignedString(raw))));
    }

    private static Value nanos(Point point, long raw) {
        return raw % 1_000_000 == 0
                ? whole(point, raw / 1_000_000)
                : scaled(point, BigDecimal.valueOf(raw).divide(NANOS_PER_MILLI));
    }

    /** A real number, scaled if the point says so and it is finite. */
    static Value real(Point point, double raw) {
        return point.unscaled() || !Double.isFinite(raw) ? new Value.Real(raw) : scaled(point, new BigDecimal(raw));
    }

    /** A real number that is exact in decimals. */
    static Value scaled(Point point, BigDecimal raw) {
        return new Value.Real(raw.multiply(point.scale()).add(point.offset()).doubleValue());
    }

    /**
     * Puts the number that, scaled, is the value.
     *
     * @param data in the order of the PLC's bytes
     * @return the same buffer
     * @throws IllegalArgumentException if the point cannot hold it
     */
    static ByteBuffer encode(Point point, DataType type, Value value, ByteBuffer data) {
        Kind kind = type.kind();
        boolean number = kind == Kind.REAL || kind == Kind.SIGNED || kind == Kind.UNSIGNED;
        if (!number || !(value instanceof Value.Whole || value instanceof Value.Real)) {
            throw new IllegalArgumentException(
                    "%s is %s and cannot be %s.".formatted(point.name(), type, shown(value)));
        }
        BigDecimal raw = value instanceof Value.Whole whole
                ? BigDecimal.valueOf(whole.value())
                : finite(point, ((Value.Real) value).value());
        raw = raw.subtract(point.offset()).divide(point.scale(), MathContext.DECIMAL128);
        if (kind != Kind.REAL) {
            return integer(point, type, raw, data);
        }
        return type == DataType.REAL ? data.putFloat(fits(point, raw.floatValue())) : data.putDouble(raw.doubleValue());
    }

    private static BigDecimal finite(Point point, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("%s cannot be %s.".formatted(point.name(), value));
        }
        return BigDecimal.valueOf(value);
    }

    private static float fits(Point point, float raw) {
        if (!Float.isFinite(raw)) {
            throw new IllegalArgumentException("%s is REAL: the value is beyond its range.".formatted(point.name()));
        }
        return raw;
    }

    private static ByteBuffer integer(Point point, DataType type, BigDecimal scaled, ByteBuffer data) {
        BigDecimal raw = type == DataType.LTIME ? scaled.multiply(NANOS_PER_MILLI) : scaled;
        if (raw.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("%s is %s and takes steps of %s only."
                    .formatted(point.name(), type, point.scale().toPlainString()));
        }
        int bits = type.bytes() * 8;
        boolean signed = type.kind() == Kind.SIGNED;
        BigInteger min = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
        BigInteger end = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
        BigInteger integer = raw.toBigInteger();
        if (integer.compareTo(min) < 0 || integer.compareTo(end) >= 0) {
            throw new IllegalArgumentException("%s is %s: %s is not within %s to %s."
                    .formatted(point.name(), type, integer, min, end.subtract(BigInteger.ONE)));
        }
        boolean big = data.order() == ByteOrder.BIG_ENDIAN;
        for (int i = 0; i < type.bytes(); i++) {
            data.put(integer.shiftRight(8 * (big ? type.bytes() - 1 - i : i)).byteValue());
        }
        return data;
    }

    /** A value as a message names it. */
    static String shown(Value value) {
        if (value instanceof Value.Flag flag) {
            return String.valueOf(flag.value());
        }
        return value instanceof Value.Text text ? "'" + text.value() + "'" : "a number";
    }
}
