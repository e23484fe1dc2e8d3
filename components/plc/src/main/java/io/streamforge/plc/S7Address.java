package io.streamforge.plc;

import io.streamforge.adapter.TableRow;
import io.streamforge.plc.Variable.Memory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From the addresses of STEP 7 and TIA Portal to the driver's. The type is a column of its own there, and the letter for the size is only a check:
 * {@code DB1.DBD4} with type REAL is {@code %DB1:4:BYTE[4]}.
 */
final class S7Address {

    private static final Pattern BLOCK =
            Pattern.compile("%?DB(?<block>\\d{1,5})\\.(DB(?<size>[XBWD]))?(?<byte>\\d{1,5})(\\.(?<bit>[0-7]))?");
    private static final Pattern AREA =
            Pattern.compile("%?(?<area>[MIEQA])(?<size>[XBWD]?)(?<byte>\\d{1,5})(\\.(?<bit>[0-7]))?");

    private static final Pattern NUMBERED = Pattern.compile("%?(?<area>[TCZ])(?<number>\\d{1,5})");

    /** German mnemonics are the same areas. */
    private static final Map<String, String> AREAS = Map.of("M", "M", "I", "I", "E", "I", "Q", "Q", "A", "Q");

    private static final Map<String, Integer> SIZES = Map.of("B", 1, "W", 2, "D", 4);

    private static final int MAX_ELEMENTS = 1000;

    /** As many as the shortest answer of a PLC holds, because the driver does not know how to ask for the rest of them. */
    private static final int MAX_NUMBERED = 100;

    private S7Address() {}

    /** The row's variable; errors are noted at the row. */
    static Memory variable(TableRow row) {
        String address = row.required("address").strip().toUpperCase(Locale.ROOT);
        Matcher block = BLOCK.matcher(address);
        Matcher area = AREA.matcher(address);
        if (block.matches()) {
            return variable(row, "%DB" + block.group("block") + ":", block);
        }
        if (area.matches()) {
            return variable(row, "%" + AREAS.get(area.group("area")), area);
        }
        Matcher numbered = NUMBERED.matcher(address);
        if (numbered.matches()) {
            return numbered(row, numbered.group("area").equals("T"), Integer.parseInt(numbered.group("number")));
        }
        if (!address.isEmpty()) {
            row.error(
                    "address",
                    "must be like DB1.DBD4, DB1.DBX0.3, DB1.4, MW10, M0.1, I0.0, Q0.1, T5 or C5, got '%s'"
                            .formatted(address));
        }
        return new Memory("", 0, DataType.BOOL, 0, 0, 1);
    }

    private static Memory numbered(TableRow row, boolean timer, int number) {
        for (String field : List.of("type", "length")) {
            if (row.has(field)) {
                row.error(field, "does not apply to timers and counters");
            }
        }
        return new Memory(
                timer ? "%T" : "%C",
                number,
                timer ? DataType.TIMER : DataType.COUNTER,
                0,
                0,
                row.whole("elements", 1, MAX_NUMBERED).orElse(1));
    }

    private static Memory variable(TableRow row, String area, Matcher address) {
        String size = address.group("size");
        String bit = address.group("bit");
        boolean typed = row.has("type");
        DataType type = PointTable.type(row, DataType.BOOL);
        if (!typed && bit == null) {
            row.error("type", "must be given for an address without a bit");
        } else if (type == DataType.BOOL && bit == null) {
            row.error("address", "must name the bit of a BOOL, as in DB1.DBX0.3 or M0.3");
        } else if (type != DataType.BOOL && bit != null) {
            row.error("type", "must be BOOL for an address with a bit, got %s".formatted(type));
        } else if (size != null && SIZES.containsKey(size) && type.bytes() > 0 && SIZES.get(size) != type.bytes()) {
            row.error("type", "%s has %d bytes, the address says %d".formatted(type, type.bytes(), SIZES.get(size)));
        }
        OptionalInt length = row.whole("length", 1, 254);
        if (type.string() && length.isEmpty()) {
            row.error("length", "must be given for %s: as many characters as it was declared with".formatted(type));
        } else if (!type.string() && length.isPresent()) {
            row.error("length", "applies to STRING and WSTRING only");
        }
        return new Memory(
                area,
                Integer.parseInt(address.group("byte")),
                type,
                bit == null ? 0 : Integer.parseInt(bit),
                length.orElse(0),
                row.whole("elements", 1, MAX_ELEMENTS).orElse(1));
    }

    /**
     * The bytes of the variable in the driver's syntax. The driver's own decoding of other types is not used: it knows texts, arrays of bits and several
     * types not at all or not as this class' users need them, and an answer that it cannot decode it never gives.
     */
    static String tag(Memory variable) {
        int bytes = variable.bytes();
        return variable.area() + variable.start() + ":BYTE" + (bytes == 1 ? "" : "[" + bytes + "]");
    }
}
