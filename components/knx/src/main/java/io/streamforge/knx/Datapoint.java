package io.streamforge.knx;

import io.streamforge.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A datapoint type of KNX (KNX Standard 03_07_02 Datapoint Types v02.02.01): what a group's bits mean.
 *
 * <p>The main number says how they are coded, the number behind the dot what is measured: here a factor and a unit, where they matter.
 *
 * @param name as it was written, {@code 9.001} or {@code 9}
 * @param numerator the value is raw × numerator ÷ denominator
 * @param unit UCUM code, empty if the type has none or it is not known
 */
record Datapoint(String name, Coding coding, int numerator, int denominator, String unit) {

    /** How a main number's values are coded; big endian. */
    enum Coding {
        /** §3.1. */
        BOOLEAN(0),
        /** §3.2: control and value. */
        CONTROLLED_BIT(0),
        /** §3.3: direction, and a step of 0 to 7. */
        STEP(0),
        /** §3.4. */
        CHARACTER(1),
        /** §3.5; enumerations and scenes to be learned, too. */
        UNSIGNED_8(1),
        /** §3.6. */
        SIGNED_8(1),
        /** §3.8. */
        UNSIGNED_16(2),
        /** §3.9. */
        SIGNED_16(2),
        /** §3.10: sign, four bits of exponent, eleven of mantissa, in hundredths. */
        FLOAT_16(2),
        /** §3.11. */
        TIME_OF_DAY(3),
        /** §3.12. */
        DATE(3),
        /** §3.13. */
        UNSIGNED_32(4),
        /** §3.14. */
        SIGNED_32(4),
        /** §3.15: IEEE 754. */
        FLOAT_32(4),
        /** §3.17: fourteen characters, those behind the text are zero. */
        TEXT(14),
        /** §3.18: six bits. */
        SCENE(1),
        /** Eight bytes, energy. */
        SIGNED_64(8);

        private final int bytes;

        Coding(int bytes) {
            this.bytes = bytes;
        }
    }

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,2})(?:\\.(\\d{3}))?");

    private static final Map<Integer, Coding> MAIN = Map.ofEntries(
            Map.entry(1, Coding.BOOLEAN),
            Map.entry(2, Coding.CONTROLLED_BIT),
            Map.entry(3, Coding.STEP),
            Map.entry(4, Coding.CHARACTER),
            Map.entry(5, Coding.UNSIGNED_8),
            Map.entry(6, Coding.SIGNED_8),
            Map.entry(7, Coding.UNSIGNED_16),
            Map.entry(8, Coding.SIGNED_16),
            Map.entry(9, Coding.FLOAT_16),
            Map.entry(10, Coding.TIME_OF_DAY),
            Map.entry(11, Coding.DATE),
            Map.entry(12, Coding.UNSIGNED_32),
            Map.entry(13, Coding.SIGNED_32),
            Map.entry(14, Coding.FLOAT_32),
            Map.entry(16, Coding.TEXT),
            Map.entry(17, Coding.SCENE),
            Map.entry(18, Coding.UNSIGNED_8),
            Map.entry(20, Coding.UNSIGNED_8),
            Map.entry(29, Coding.SIGNED_64));

    private record Meaning(int numerator, int denominator, String unit) {}

    private static final Meaning PLAIN = new Meaning(1, 1, "");

    private static final Map<String, Meaning> MEANINGS = Map.ofEntries(
            Map.entry("5.001", new Meaning(100, 255, "%")),
            Map.entry("5.003", new Meaning(360, 255, "deg")),
            Map.entry("5.004", unit("%")),
            Map.entry("6.001", unit("%")),
            Map.entry("7.002", unit("ms")),
            Map.entry("7.003", new Meaning(1, 100, "s")),
            Map.entry("7.004", new Meaning(1, 10, "s")),
            Map.entry("7.005", unit("s")),
            Map.entry("7.006", unit("min")),
            Map.entry("7.007", unit("h")),
            Map.entry("7.011", unit("mm")),
            Map.entry("7.012", unit("mA")),
            Map.entry("7.013", unit("lx")),
            Map.entry("8.002", unit("ms")),
            Map.entry("8.003", new Meaning(1, 100, "s")),
            Map.entry("8.004", new Meaning(1, 10, "s")),
            Map.entry("8.005", unit("s")),
            Map.entry("8.006", unit("min")),
            Map.entry("8.007", unit("h")),
            Map.entry("8.010", new Meaning(1, 100, "%")),
            Map.entry("8.011", unit("deg")),
            Map.entry("9.001", unit("Cel")),
            Map.entry("9.002", unit("K")),
            Map.entry("9.003", unit("K/h")),
            Map.entry("9.004", unit("lx")),
            Map.entry("9.005", unit("m/s")),
            Map.entry("9.006", unit("Pa")),
            Map.entry("9.007", unit("%")),
            Map.entry("9.008", unit("[ppm]")),
            Map.entry("9.010", unit("s")),
            Map.entry("9.011", unit("ms")),
            Map.entry("9.020", unit("mV")),
            Map.entry("9.021", unit("mA")),
            Map.entry("9.022", unit("W/m2")),
            Map.entry("9.024", unit("kW")),
            Map.entry("9.025", unit("L/h")),
            Map.entry("9.026", unit("L/m2")),
            Map.entry("9.027", unit("[degF]")),
            Map.entry("9.028", unit("km/h")),
            Map.entry("13.002", new Meaning(1, 10_000, "m3/h")),
            Map.entry("13.010", unit("W.h")),
            Map.entry("13.013", unit("kW.h")),
            Map.entry("13.100", unit("s")),
            Map.entry("14.019", unit("A")),
            Map.entry("14.027", unit("V")),
            Map.entry("14.031", unit("J")),
            Map.entry("14.033", unit("Hz")),
            Map.entry("14.039", unit("m")),
            Map.entry("14.056", unit("W")),
            Map.entry("14.058", unit("Pa")),
            Map.entry("14.065", unit("m/s")),
            Map.entry("14.068", unit("Cel")),
            Map.entry("14.069", unit("K")),
            Map.entry("14.076", unit("m3")),
            Map.entry("29.010", unit("W.h")));

    private static final List<String> DAYS = List.of("", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun ");

    /** §3.12: years from here on are of the twentieth century. */
    private static final int LAST_CENTURY = 90;

    private static final int LARGEST_MANTISSA = 2047;
    private static final int SMALLEST_MANTISSA = -2048;

    /** §3.10: stands for no valid value. */
    private static final short INVALID = 0x7FFF;

    private static Meaning unit(String unit) {
        return new Meaning(1, 1, unit);
    }

    /**
     * Finds a type.
     *
     * @param name main number, or main number and the three digits behind the dot
     * @throws IllegalArgumentException if there is none of this main number
     */
    static Datapoint parse(String name) {
        Matcher shape = SHAPE.matcher(name);
        Coding coding = shape.matches() ? MAIN.get(Integer.parseInt(shape.group(1))) : null;
        if (coding == null) {
            throw new IllegalArgumentException(
                    "must be a datapoint type as 9.001, of the main numbers 1 to 14, 16, 17, 18, 20 and 29, got '%s'"
                            .formatted(name));
        }
        Meaning meaning = MEANINGS.getOrDefault(name, PLAIN);
        return new Datapoint(name, coding, meaning.numerator(), meaning.denominator(), meaning.unit());
    }

    /** Whether values of it can be put into a telegram. */
    boolean writable() {
        return coding != Coding.TIME_OF_DAY && coding != Coding.DATE;
    }

    /**
     * Reads a telegram's value.
     *
     * @throws IllegalArgumentException saying what is wrong with it: it is of another size, or not a value of this type
     */
    Value decode(Payload payload) {
        byte[] bytes = payload.bytes();
        if (payload.bits() ? coding.bytes != 0 : bytes.length != coding.bytes) {
            throw new IllegalArgumentException("%s in the telegram, DPT %s has %s"
                    .formatted(payload.size(), name, coding.bytes == 0 ? "up to 6 bits" : coding.bytes + " bytes"));
        }
        ByteBuffer data = ByteBuffer.wrap(bytes);
        return switch (coding) {
            case BOOLEAN -> new Value.Flag((bytes[0] & 1) != 0);
            case CONTROLLED_BIT -> new Value.Whole(bytes[0] & 3);
            case STEP -> new Value.Whole((bytes[0] & 8) != 0 ? bytes[0] & 7 : -(bytes[0] & 7));
            case CHARACTER -> new Value.Text(new String(bytes, StandardCharsets.ISO_8859_1));
            case UNSIGNED_8 -> number(bytes[0] & 0xFF);
            case SIGNED_8 -> number(bytes[0]);
            case UNSIGNED_16 -> number(data.getShort() & 0xFFFF);
            case SIGNED_16 -> number(data.getShort());
            case FLOAT_16 -> new Value.Real(float16(data.getShort()));
            case TIME_OF_DAY -> new Value.Text(timeOfDay(bytes));
            case DATE -> new Value.Text(date(bytes));
            case UNSIGNED_32 -> number(data.getInt() & 0xFFFF_FFFFL);
            case SIGNED_32 -> number(data.getInt());
            case FLOAT_32 -> new Value.Real(data.getFloat());
            case TEXT -> new Value.Text(text(bytes));
            case SCENE -> number(bytes[0] & 0x3F);
            case SIGNED_64 -> number(data.getLong());
        };
    }

    private Value number(long raw) {
        return numerator == 1 && denominator == 1
                ? new Value.Whole(raw)
                : new Value.Real((double) raw * numerator / denominator);
    }

    private static double float16(short raw) {
        if (raw == INVALID) {
            throw new IllegalArgumentException("0x7FFF, the device has no valid value");
        }
        int mantissa = raw & 0x7FF;
        int signed = raw < 0 ? mantissa - 2048 : mantissa;
        return (double) ((long) signed << (raw >> 11 & 0xF)) / 100;
    }

    private static String timeOfDay(byte[] bytes) {
        try {
            return DAYS.get(bytes[0] >> 5 & 7)
                    + LocalTime.of(bytes[0] & 0x1F, bytes[1] & 0x3F, bytes[2] & 0x3F)
                            .format(DateTimeFormatter.ISO_LOCAL_TIME);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time of day", e);
        }
    }

    private static String date(byte[] bytes) {
        int year = bytes[2] & 0x7F;
        try {
            return LocalDate.of(year < LAST_CENTURY ? 2000 + year : 1900 + year, bytes[1] & 0xF, bytes[0] & 0x1F)
                    .toString();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no date", e);
        }
    }

    private static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Makes a telegram's value. Where the type scales, it is the nearest that can be said.
     *
     * @throws IllegalArgumentException as the rest of a sentence that begins with the point's name, if the type cannot hold it
     */
    Payload encode(Value value) {
        return switch (coding) {
            case BOOLEAN -> Payload.ofBits(flag(value) ? 1 : 0);
            case CONTROLLED_BIT -> Payload.ofBits((int) whole(value, 0, 3));
            case STEP -> {
                int step = (int) whole(value, -7, 7);
                yield Payload.ofBits(step > 0 ? 8 | step : -step);
            }
            case CHARACTER -> Payload.ofBytes(characters(value, 1, 1));
            case UNSIGNED_8 -> Payload.ofBytes((byte) raw(value, 0, 0xFF));
            case SIGNED_8 -> Payload.ofBytes((byte) raw(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UNSIGNED_16 -> bytes(raw(value, 0, 0xFFFF));
            case SIGNED_16 -> bytes(raw(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case FLOAT_16 -> bytes(float16(finite(value)));
            case TIME_OF_DAY, DATE ->
                throw new IllegalArgumentException("is DPT %s, which is read only".formatted(name));
            case UNSIGNED_32 -> bytes(raw(value, 0, 0xFFFF_FFFFL));
            case SIGNED_32 -> bytes(raw(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case FLOAT_32 -> bytes(Float.floatToIntBits(float32(finite(value))));
            case TEXT -> Payload.ofBytes(Arrays.copyOf(characters(value, 0, coding.bytes), coding.bytes));
            case SCENE -> Payload.ofBytes((byte) whole(value, 0, 0x3F));
            case SIGNED_64 -> bytes(whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
        };
    }

    /** The low bytes, as many as the type has. */
    private Payload bytes(long raw) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(raw).array();
        return Payload.ofBytes(Arrays.copyOfRange(all, Long.BYTES - coding.bytes, Long.BYTES));
    }

    private boolean flag(Value value) {
        if (value instanceof Value.Flag flag) {
            return flag.value();
        }
        throw new IllegalArgumentException("is DPT %s and takes true or false".formatted(name));
    }

    private long raw(Value value, long min, long max) {
        if (numerator == 1 && denominator == 1) {
            return whole(value, min, max);
        }
        double raw = Math.rint(finite(value) * denominator / numerator);
        if (raw < min || raw > max) {
            throw new IllegalArgumentException("is DPT %s: the value must be %s to %s"
                    .formatted(name, (double) min * numerator / denominator, (double) max * numerator / denominator));
        }
        return (long) raw;
    }

    private long whole(Value value, long min, long max) {
        double real = finite(value);
        long whole = value instanceof Value.Whole exact ? exact.value() : (long) real;
        if (whole != real && !(value instanceof Value.Whole) || whole < min || whole > max) {
            throw new IllegalArgumentException(
                    "is DPT %s and takes whole numbers from %d to %d".formatted(name, min, max));
        }
        return whole;
    }

    private double finite(Value value) {
        double number = value instanceof Value.Whole whole
                ? whole.value()
                : value instanceof Value.Real real ? real.value() : Double.NaN;
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("is DPT %s and takes numbers".formatted(name));
        }
        return number;
    }

    private long float16(double value) {
        for (int exponent = 0; exponent < 16; exponent++) {
            long mantissa = Math.round(value * 100 / (1 << exponent));
            long raw = (mantissa < 0 ? 0x8000 : 0) | exponent << 11 | mantissa & 0x7FF;
            if (mantissa >= SMALLEST_MANTISSA && mantissa <= LARGEST_MANTISSA && raw != INVALID) {
                return raw;
            }
        }
        throw new IllegalArgumentException("is DPT %s: the value must be -671088.64 to 670433.28".formatted(name));
    }

    private float float32(double value) {
        float number = (float) value;
        if (!Float.isFinite(number)) {
            throw new IllegalArgumentException("is DPT %s: the value is beyond its range".formatted(name));
        }
        return number;
    }

    private byte[] characters(Value value, int least, int most) {
        String text = value instanceof Value.Text given ? given.value() : null;
        // 4.001 and 16.000 are ASCII; the others are ISO 8859-1.
        int last = name.equals("4.001") || name.equals("16.000") ? 0x7F : 0xFF;
        if (text == null
                || text.length() < least
                || text.length() > most
                || text.chars().anyMatch(character -> character == 0 || character > last)) {
            throw new IllegalArgumentException("is DPT %s and takes texts of %s of %s"
                    .formatted(
                            name,
                            most == 1 ? "one character" : "up to %d characters".formatted(most),
                            last == 0x7F ? "ASCII" : "ISO 8859-1"));
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
