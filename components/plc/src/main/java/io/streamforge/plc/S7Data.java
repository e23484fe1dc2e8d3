package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.DataType.Kind;
import io.streamforge.plc.Variable.Memory;
import java.math.BigDecimal;
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

    private static final LocalDate DATE_ZERO = LocalDate.of(1990, 1, 1);

    /** Of S5TIME: what its three digits count, by the two bits before them. */
    private static final int[] S5_BASE_MS = {10, 100, 1000, 10_000};

    private S7Data() {}

    /**
     * Decodes and scales one element.
     *
     * <p>BYTE, WORD, DWORD and LWORD are unsigned numbers, durations are milliseconds, timers seconds, dates and times of day are ISO 8601 texts without a zone,
     * because the PLC does not say which it means. Scaling is decimal: the result is the double nearest to raw × scale + offset, so 241 × 0.1 is 24.1;
     * an unscaled number stays whole, unless it is beyond the range of a signed 64-bit integer.
     *
     * @param bytes of all elements
     * @return null if the bytes are none of the type: digits that are no digits, a text longer than it was declared
     */
    static @Nullable Value decode(Point point, byte[] bytes, int element) {
        Memory variable = (Memory) point.variable();
        if (variable.type() == DataType.BOOL) {
            int bit = variable.bit() + element;
            return new Value.Flag((bytes[bit >> 3] >> (bit & 7) & 1) != 0);
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, element * variable.size(), variable.size())
                .slice();
        return switch (variable.type()) {
            case BOOL -> throw new IllegalStateException();
            case BYTE, WORD, DWORD, LWORD, USINT, UINT, UDINT, ULINT, SINT, INT, DINT, LINT, TIME, LTIME, REAL, LREAL ->
                Numbers.decode(point, variable.type(), data);
            case CHAR -> new Value.Text(StandardCharsets.ISO_8859_1.decode(data).toString());
            case WCHAR -> new Value.Text(StandardCharsets.UTF_16BE.decode(data).toString());
            case STRING -> text(data.get() & 0xFF, data.get() & 0xFF, data, StandardCharsets.ISO_8859_1, 1);
            case WSTRING ->
                text(data.getShort() & 0xFFFF, data.getShort() & 0xFFFF, data, StandardCharsets.UTF_16BE, 2);
            case S5TIME, TIMER, COUNTER -> counted(point, variable.type(), data.getShort());
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

    /** Three decimal digits; those of an S5TIME and a timer count what the two bits before them say. */
    private static @Nullable Value counted(Point point, DataType type, short raw) {
        try {
            long digits = bcd(raw >> 8 & 0x0F) * 100L + bcd(raw & 0xFF);
            if (type == DataType.COUNTER) {
                return Numbers.whole(point, digits);
            }
            long millis = digits * S5_BASE_MS[raw >> 12 & 0x3];
            return type == DataType.TIMER
                    ? Numbers.scaled(point, BigDecimal.valueOf(millis, 3))
                    : Numbers.whole(point, millis);
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

    /**
     * The bytes that hold a value; for a BOOL one byte, 0 or 1.
     *
     * @throws IllegalArgumentException if the point cannot hold it
     */
    static byte[] encode(Point point, Value value) {
        Memory variable = (Memory) point.variable();
        ByteBuffer data = ByteBuffer.allocate(Math.max(1, variable.size()));
        Kind kind = variable.type().kind();
        if (kind == Kind.STATE && value instanceof Value.Flag flag) {
            return data.put((byte) (flag.value() ? 1 : 0)).array();
        }
        if (kind == Kind.TEXT && value instanceof Value.Text text) {
            return text(point, text.value(), data).array();
        }
        return Numbers.encode(point, variable.type(), value, data).array();
    }

    private static ByteBuffer text(Point point, String text, ByteBuffer data) {
        Memory variable = (Memory) point.variable();
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
}
