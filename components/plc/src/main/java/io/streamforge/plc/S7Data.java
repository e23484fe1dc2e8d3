package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.DataType.Kind;
import io.streamforge.plc.Point.Variable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of an S7 PLC's memory to values and back. Everything is big-endian ("STEP 7 – Data and parameter types"; bit 0 is the least
 * significant). A PLC refuses some types of a request that another takes, but every PLC gives bytes.
 */
final class S7Data {

    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);
    private static final LocalDate DATE_ZERO = LocalDate.of(1990, 1, 1);

    /** Of S5TIME: what its three digits count, by the two bits before them. */
    private static final int[] S5_BASE_MS = {10, 100, 1000, 10_000};

    private S7Data() {}

    /**
     * Decodes and scales one element.
     *
     * <p>BYTE, WORD, DWORD and LWORD are unsigned numbers, durations are milliseconds, dates and times of day are ISO 8601 texts without a zone,
     * because the PLC does not say which it means. Scaling is decimal: the result is the double nearest to raw × scale + offset, so 241 × 0.1 is 24.1;
     * an unscaled number stays whole, unless it is beyond the range of a signed 64-bit integer.
     *
     * @param bytes of all elements
     * @return null if the bytes are none of the type: digits that are no digits, a text longer than it was declared
     */
    static @Nullable Value decode(Point point, byte[] bytes, int element) {
        Variable variable = point.variable();
        if (variable.type() == DataType.BOOL) {
            int bit = variable.bit() + element;
            return new Value.Flag((bytes[bit >> 3] >> (bit & 7) & 1) != 0);
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, element * variable.size(), variable.size())
                .slice();
        return switch (variable.type()) {
            case BOOL -> throw new IllegalStateException();
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
            case CHAR -> new Value.Text(StandardCharsets.ISO_8859_1.decode(data).toString());
            case WCHAR -> new Value.Text(StandardCharsets.UTF_16BE.decode(data).toString());
            case STRING -> text(data.get() & 0xFF, data.get() & 0xFF, data, StandardCharsets.ISO_8859_1, 1);
            case WSTRING ->
                text(data.getShort() & 0xFFFF, data.getShort() & 0xFFFF, data, StandardCharsets.UTF_16BE, 2);
            case S5TIME -> s5time(point, data.getShort());
            case DATE ->
                new Value.Text(DATE_ZERO.plusDays(data.getShort() & 0xFFFF).toString());
            case TIME_OF_DAY, DATE_AND_TIME, DTL -> time(variable.type(), data);
        };
    }

    /** A text is at most as long as both its own header and the point table say. */
    private static @Nullable Value text(int declared, int present, ByteBuffer data, Charset charset, int width) {
        if (present > declared || present * width > data.remaining()) {
            return null;
        }
        return new Value.Text(
                charset.decode(data.slice().limit(present * width)).toString());
    }

    private static @Nullable Value s5time(Point point, short raw) {
        try {
            long digits = bcd(raw >> 8 & 0x0F) * 100L + bcd(raw & 0xFF);
            return whole(point, digits * S5_BASE_MS[raw >> 12 & 0x3]);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Value time(DataType type, ByteBuffer data) {
        try {
            return new Value.Text(
                    switch (type) {
                        case TIME_OF_DAY ->
                            LocalTime.ofNanoOfDay((data.getInt() & 0xFFFFFFFFL) * 1_000_000)
                                    .toString();
                        case DATE_AND_TIME -> dateAndTime(data).toString();
                        default ->
                            LocalDateTime.of(
                                            data.getShort(0),
                                            data.get(2),
                                            data.get(3),
                                            data.get(5),
                                            data.get(6),
                                            data.get(7),
                                            data.getInt(8))
                                    .toString();
                    });
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Eight bytes of two decimal digits each: year, month, day, hour, minute, second, three digits of milliseconds, day of the week. */
    private static LocalDateTime dateAndTime(ByteBuffer data) {
        int year = bcd(data.get(0) & 0xFF);
        int millis = bcd(data.get(6) & 0xFF) * 10 + (data.get(7) >> 4 & 0x0F);
        return LocalDateTime.of(
                year < 90 ? 2000 + year : 1900 + year,
                bcd(data.get(1) & 0xFF),
                bcd(data.get(2) & 0xFF),
                bcd(data.get(3) & 0xFF),
                bcd(data.get(4) & 0xFF),
                bcd(data.get(5) & 0xFF),
                millis * 1_000_000);
    }

    /** Two decimal digits. */
    private static int bcd(int raw) {
        if (raw >> 4 > 9 || (raw & 0x0F) > 9) {
            throw new DateTimeException("no decimal digits");
        }
        return (raw >> 4) * 10 + (raw & 0x0F);
    }

    private static Value whole(Point point, long raw) {
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

    private static Value real(Point point, double raw) {
        return point.unscaled() || !Double.isFinite(raw) ? new Value.Real(raw) : scaled(point, new BigDecimal(raw));
    }

    private static Value scaled(Point point, BigDecimal raw) {
        return new Value.Real(raw.multiply(point.scale()).add(point.offset()).doubleValue());
    }

    /**
     * The bytes that hold a value; for a BOOL one byte, 0 or 1.
     *
     * @throws IllegalArgumentException if the point cannot hold it
     */
    static byte[] encode(Point point, Value value) {
        Variable variable = point.variable();
        ByteBuffer data = ByteBuffer.allocate(Math.max(1, variable.size()));
        Kind kind = variable.type().kind();
        if (kind == Kind.STATE && value instanceof Value.Flag flag) {
            return data.put((byte) (flag.value() ? 1 : 0)).array();
        }
        if (kind == Kind.TEXT && value instanceof Value.Text text) {
            return text(point, text.value(), data).array();
        }
        if (value instanceof Value.Whole || value instanceof Value.Real) {
            BigDecimal raw = value instanceof Value.Whole whole
                    ? BigDecimal.valueOf(whole.value())
                    : finite(point, ((Value.Real) value).value());
            raw = raw.subtract(point.offset()).divide(point.scale(), MathContext.DECIMAL128);
            if (kind == Kind.REAL) {
                return (variable.type() == DataType.REAL
                                ? data.putFloat(fits(point, raw.floatValue()))
                                : data.putDouble(raw.doubleValue()))
                        .array();
            }
            if (kind == Kind.SIGNED || kind == Kind.UNSIGNED) {
                return integer(point, raw, data).array();
            }
        }
        throw new IllegalArgumentException(
                "%s is %s and cannot be %s.".formatted(point.name(), variable.type(), shown(value)));
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

    private static ByteBuffer integer(Point point, BigDecimal scaled, ByteBuffer data) {
        DataType type = point.variable().type();
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
        for (int i = type.bytes() - 1; i >= 0; i--) {
            data.put(integer.shiftRight(8 * i).byteValue());
        }
        return data;
    }

    private static ByteBuffer text(Point point, String text, ByteBuffer data) {
        Variable variable = point.variable();
        boolean wide = variable.type() == DataType.WSTRING || variable.type() == DataType.WCHAR;
        Charset charset = wide ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1;
        int longest = variable.type().string() ? variable.length() : 1;
        if (text.length() > longest
                || !variable.type().string() && text.isEmpty()
                || !charset.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("%s is %s and holds %d characters of %s."
                    .formatted(point.name(), variable.type(), longest, wide ? "UTF-16" : "Latin-1"));
        }
        if (variable.type() == DataType.STRING) {
            data.put((byte) longest).put((byte) text.length());
        } else if (variable.type() == DataType.WSTRING) {
            data.putShort((short) longest).putShort((short) text.length());
        }
        return data.put(text.getBytes(charset));
    }

    private static String shown(Value value) {
        if (value instanceof Value.Flag flag) {
            return String.valueOf(flag.value());
        }
        return value instanceof Value.Text text ? "'" + text.value() + "'" : "a number";
    }
}
