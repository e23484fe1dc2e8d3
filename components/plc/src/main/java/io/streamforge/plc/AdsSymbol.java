package io.streamforge.plc;

import io.streamforge.adapter.TableRow;
import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable of a TwinCAT program as its runtime describes it, and what its bytes mean (Beckhoff, "ADS symbol information" and "Data types"). Everything is
 * little-endian.
 *
 * @param shown the type's name in the program
 * @param type of an element, null if it is none that is read
 * @param size bytes of an element
 * @param count of elements
 */
record AdsSymbol(String shown, @Nullable DataType type, int size, int count) {

    private static final Pattern ADDRESS = Pattern.compile(
            "(?<name>\\.?[A-Za-z_]\\w*(?:\\[-?\\d+(?:,-?\\d+)*])*\\^?(?:\\.[A-Za-z_]\\w*(?:\\[-?\\d+(?:,-?\\d+)*])*\\^?)*)(?:\\.(?<bit>[0-5]?\\d|6[0-3]))?");
    private static final Pattern ARRAY = Pattern.compile("ARRAY ?\\[.*] OF (?<element>[^\\[]+)");
    private static final Pattern TEXT = Pattern.compile("(?<type>W?STRING) ?\\((?<length>\\d{1,5})\\)");
    private static final int MAX_ELEMENTS = 1000;

    /** Types that have a number's form and another meaning. */
    private static final Map<String, DataType> TIMES = Map.of(
            "LTIME", DataType.LTIME,
            "DATE", DataType.DATE,
            "DT", DataType.DATE_AND_TIME,
            "DATE_AND_TIME", DataType.DATE_AND_TIME,
            "TOD", DataType.TIME_OF_DAY,
            "TIME_OF_DAY", DataType.TIME_OF_DAY);

    /** The ADST codes, which enumerations and other names for a type have, too. */
    private static final Map<Integer, DataType> CODES = Map.ofEntries(
            Map.entry(2, DataType.INT),
            Map.entry(3, DataType.DINT),
            Map.entry(4, DataType.REAL),
            Map.entry(5, DataType.LREAL),
            Map.entry(16, DataType.SINT),
            Map.entry(17, DataType.USINT),
            Map.entry(18, DataType.UINT),
            Map.entry(19, DataType.UDINT),
            Map.entry(20, DataType.LINT),
            Map.entry(21, DataType.ULINT),
            Map.entry(30, DataType.STRING),
            Map.entry(31, DataType.WSTRING),
            Map.entry(33, DataType.BOOL));

    /** The row's variable; errors are noted at the row. */
    static Symbol variable(TableRow row) {
        String address = row.required("address").strip();
        int elements = row.whole("elements", 1, MAX_ELEMENTS).orElse(1);
        Matcher name = ADDRESS.matcher(address);
        if (!name.matches()) {
            if (!address.isEmpty()) {
                row.error(
                        "address",
                        "must be like MAIN.Speed, GVL.Motor[3].Speed or MAIN.Status.5 (a bit), got '%s'"
                                .formatted(address));
            }
            return new Symbol("", Symbol.WHOLE, 1);
        }
        String bit = name.group("bit");
        if (bit != null && elements > 1) {
            row.error("elements", "does not apply to a bit");
        }
        if (bit != null && row.flag("writable")) {
            row.error("writable", "does not apply to a bit, which cannot be written without its neighbours");
        }
        return new Symbol(name.group("name"), bit == null ? Symbol.WHOLE : Integer.parseInt(bit), elements);
    }

    /**
     * @param name the type's in the program: {@code INT}, {@code ARRAY [0..3] OF STRING(20)}
     * @param code ADST
     * @param bytes of the whole variable
     */
    static AdsSymbol of(String name, int code, int bytes) {
        String upper = name.toUpperCase(Locale.ROOT).strip();
        Matcher array = ARRAY.matcher(upper);
        boolean single = !array.matches();
        String element = single ? upper : array.group("element").strip();
        DataType type = TIMES.getOrDefault(element, CODES.get(code));
        int size = bytes;
        if (type != null && !single) {
            Matcher text = TEXT.matcher(element);
            size = text.matches()
                    ? (Integer.parseInt(text.group("length")) + 1)
                            * (text.group("type").equals("WSTRING") ? 2 : 1)
                    : size(type);
        }
        boolean read = type != null && size > 0 && bytes % size == 0 && (type.string() || size == size(type));
        return new AdsSymbol(name, read ? type : null, size, read ? bytes / size : 1);
    }

    /** How many elements a row for it has; 0 if there can be none. */
    int elements(String address) {
        return type != null && ADDRESS.matcher(address).matches() ? count : 0;
    }

    private static int size(DataType type) {
        return switch (type) {
            case BOOL -> 1;
            case DATE, DATE_AND_TIME, TIME_OF_DAY -> 4;
            default -> type.bytes();
        };
    }

    /** @param data all elements */
    Outcome decode(Point point, ByteBuffer data) {
        Symbol symbol = (Symbol) point.variable();
        if (type == null) {
            return refused("%s is not read; name one of its members".formatted(shown));
        }
        if (symbol.elements() > count || symbol.elements() == 1 && count > 1) {
            return refused("%s has %d elements, the row has %d".formatted(shown, count, symbol.elements()));
        }
        boolean integer = type.kind() == DataType.Kind.SIGNED || type.kind() == DataType.Kind.UNSIGNED;
        if (symbol.bit() != Symbol.WHOLE && (!integer || symbol.bit() >= 8 * size)) {
            return refused("%s has no bit %d".formatted(shown, symbol.bit()));
        }
        boolean number = integer || type.kind() == DataType.Kind.REAL;
        if (!point.unscaled() && (!number || symbol.bit() != Symbol.WHOLE)) {
            return refused("scale and offset do not apply to %s".formatted(shown));
        }
        if (data.remaining() < size * symbol.elements()) {
            return refused("the runtime gave %d bytes for %s".formatted(data.remaining(), shown));
        }
        List<@Nullable Value> elements = new ArrayList<>();
        for (int i = 0; i < symbol.elements(); i++) {
            ByteBuffer element = SocketSession.take(data, size);
            elements.add(
                    symbol.bit() == Symbol.WHOLE
                            ? value(point, type, element)
                            : new Value.Flag((element.get(symbol.bit() / 8) >> symbol.bit() % 8 & 1) != 0));
        }
        return new Reply.Got(elements);
    }

    private static @Nullable Value value(Point point, DataType type, ByteBuffer data) {
        try {
            return switch (type) {
                case BOOL -> new Value.Flag(data.get() != 0);
                case STRING -> text(data, 1);
                case WSTRING -> text(data, 2);
                case DATE ->
                    new Value.Text(LocalDate.ofEpochDay(
                                    seconds(data) / Duration.ofDays(1).toSeconds())
                            .toString());
                case DATE_AND_TIME ->
                    new Value.Text(LocalDateTime.ofEpochSecond(seconds(data), 0, ZoneOffset.UTC)
                            .toString());
                case TIME_OF_DAY ->
                    new Value.Text(
                            LocalTime.ofNanoOfDay(seconds(data) * 1_000_000).toString());
                default -> Numbers.decode(point, type, data);
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** 32 bits, unsigned. */
    private static long seconds(ByteBuffer data) {
        return data.getInt() & 0xFFFFFFFFL;
    }

    /** Up to the first character that is zero; one without it does not end within the variable. */
    private static @Nullable Value text(ByteBuffer data, int width) {
        for (int end = 0; end + width <= data.limit(); end += width) {
            if (data.get(end) == 0 && data.get(end + width - 1) == 0) {
                return new Value.Text(charset(width).decode(data.slice(0, end)).toString());
            }
        }
        return null;
    }

    private static Charset charset(int width) {
        return width == 1 ? Charset.forName("windows-1252") : StandardCharsets.UTF_16LE;
    }

    private static Outcome refused(String reason) {
        return new Reply.Refused("value", "value: " + reason);
    }

    /**
     * The bytes that hold a value.
     *
     * @throws IllegalArgumentException if the variable cannot hold it
     */
    byte[] encode(Point point, Value value) {
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        if (type == DataType.BOOL && value instanceof Value.Flag flag) {
            return data.put((byte) (flag.value() ? 1 : 0)).array();
        }
        if (type != null && type.string() && value instanceof Value.Text text) {
            Charset charset = charset(type == DataType.STRING ? 1 : 2);
            int longest = size / (type == DataType.STRING ? 1 : 2) - 1;
            if (text.value().length() > longest
                    || text.value().indexOf(0) >= 0
                    || !charset.newEncoder().canEncode(text.value())) {
                throw new IllegalArgumentException(
                        "%s is %s and holds %d characters of %s.".formatted(point.name(), shown, longest, charset));
            }
            return data.put(text.value().getBytes(charset)).array();
        }
        boolean plain = type != null && type.kind() != DataType.Kind.TIME;
        if (!plain || type == null) {
            throw new IllegalArgumentException(
                    "%s is %s and cannot be %s.".formatted(point.name(), shown, Numbers.shown(value)));
        }
        return Numbers.encode(point, type, value, data).array();
    }
}
