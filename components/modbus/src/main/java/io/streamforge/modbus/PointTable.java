package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.WriteTable;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a point table (kamelets/modbus-*-source.points.schema.json) and reports everything that is wrong with it at once. */
final class PointTable {

    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of(
                            "name",
                            "asset",
                            "unitId",
                            "area",
                            "address",
                            "type",
                            "length",
                            "bit",
                            "byteOrder",
                            "wordOrder",
                            "scale",
                            "offset",
                            "unit",
                            "event"),
                    WriteTable.COLUMNS.stream())
            .collect(Collectors.toUnmodifiableSet());

    /** How manuals write an address in a text: the area's digit, an x, and the number from 1. */
    private static final Pattern WITH_AREA = Pattern.compile("(?<digit>[0134])[xX](?<number>\\d{4,5})");

    /** More addresses than this an area does not have (Modbus Application Protocol V1.1b3 §4.4). */
    private static final int ADDRESSES = 65536;

    private final ModbusConfig config;

    private PointTable(ModbusConfig config) {
        this.config = config;
    }

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table, ModbusConfig config) {
        PointTable reader = new PointTable(config);
        return TableRow.readAll("Modbus points", table, FIELDS, reader::point);
    }

    private Point point(TableRow row) {
        String name = row.name();
        Area area = row.choice("area", Area.values(), Area::key).orElse(Area.HOLDING);
        DataType type = row.choice("type", DataType.values(), DataType::key)
                .orElse(area.bits() ? DataType.BOOL : DataType.INT16);
        if (area.bits() && type != DataType.BOOL) {
            row.error("type", "must be bool in area %s, got %s".formatted(area.key(), type.key()));
        }
        Point point = new Point(
                row.index(),
                name,
                row.asset(),
                row.whole(
                                "unitId",
                                config.transport().leastUnit(),
                                config.transport().greatestUnit())
                        .orElse(config.unitId()),
                area,
                address(row, area),
                type,
                length(row, type),
                bit(row, area, type),
                row.choice("byteOrder", Order.values(), Order::key).orElse(Order.BIG),
                row.choice("wordOrder", Order.values(), Order::key).orElse(Order.BIG),
                row.decimal("scale", BigDecimal.ONE),
                row.decimal("offset", BigDecimal.ZERO),
                row.text("unit", ""),
                event(row, type));
        if (point.scale().signum() == 0) {
            row.error("scale", "must not be 0");
        }
        if ((type == DataType.BOOL || type == DataType.STRING) && !point.unscaled()) {
            row.error("scale", "and offset do not apply to %s".formatted(type.key()));
        }
        if (row.flag("writable") && !area.writable()) {
            row.error("writable", "applies to areas coil and holding, got %s".formatted(area.key()));
        }
        if (point.end() > ADDRESSES) {
            row.error("address", "leaves no room for %s at the end of the area".formatted(type.key()));
        }
        return point;
    }

    private int length(TableRow row, DataType type) {
        if (type != DataType.STRING) {
            if (row.has("length")) {
                row.error("length", "applies to string only, got type %s".formatted(type.key()));
            }
            return 0;
        }
        if (!row.has("length")) {
            row.error("length", "is missing, a string has a number of characters");
            return 1;
        }
        int most = Math.min(config.maxBlock(), Request.MAX_WRITTEN_REGISTERS) * 2;
        return row.whole("length", 1, most).orElse(1);
    }

    private int address(TableRow row, Area area) {
        JsonNode value = row.field("address");
        if (value.isTextual()) {
            return address(row, area, value.textValue());
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            row.error("address", value.isMissingNode() ? "is missing" : "must be a whole number, got " + value);
            return 0;
        }
        return address(row, area, value.intValue());
    }

    private int address(TableRow row, Area area, String text) {
        Matcher withArea = WITH_AREA.matcher(text);
        if (withArea.matches() && config.addressing() == Addressing.MODICON) {
            if (Integer.parseInt(withArea.group("digit")) != area.modiconDigit()) {
                row.error(
                        "address",
                        "must begin with %dx for area %s, got '%s'".formatted(area.modiconDigit(), area.key(), text));
                return 0;
            }
            return address(row, area, area.modiconDigit() * 100_000 + Integer.parseInt(withArea.group("number")));
        }
        if (!text.matches("\\d{1,6}")) {
            row.error(
                    "address",
                    "must be a whole number%s, got '%s'"
                            .formatted(
                                    config.addressing() == Addressing.MODICON ? ", or 4x00001 and the like" : "",
                                    text));
            return 0;
        }
        return address(row, area, Integer.parseInt(text));
    }

    private int address(TableRow row, Area area, int address) {
        if (config.addressing() == Addressing.ZERO_BASED) {
            if (address < 0 || address >= ADDRESSES) {
                row.error("address", "must be 0 to 65535 with zero-based addressing, got %d".formatted(address));
                return 0;
            }
            return address;
        }
        int six = area.modiconDigit() * 100_000;
        int five = area.modiconDigit() * 10_000;
        if (address > six && address <= six + ADDRESSES) {
            return address - six - 1;
        }
        if (address > five && address < five + 10_000) {
            return address - five - 1;
        }
        row.error(
                "address",
                area == Area.COIL
                        ? "must be 1 to 65536 for area coil with modicon addressing, got %d".formatted(address)
                        : "must be %d to %d or %d to %d for area %s with modicon addressing, got %d"
                                .formatted(five + 1, five + 9999, six + 1, six + ADDRESSES, area.key(), address));
        return 0;
    }

    private static @Nullable Integer bit(TableRow row, Area area, DataType type) {
        if (row.has("bit") && (type != DataType.BOOL || area.bits())) {
            row.error("bit", "applies to a bool in a register only");
            return null;
        }
        OptionalInt bit = row.whole("bit", 0, 15);
        return bit.isPresent() ? bit.getAsInt() : null;
    }

    private static boolean event(TableRow row, DataType type) {
        boolean event = row.flag("event");
        if (event && type != DataType.BOOL) {
            row.error("event", "applies to bool only, got type %s".formatted(type.key()));
        }
        return event;
    }
}
