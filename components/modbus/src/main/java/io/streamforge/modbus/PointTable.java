package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a point table (kamelets/modbus-tcp-source.points.schema.json) and reports everything that is wrong with it at once. */
final class PointTable {

    private static final Set<String> FIELDS = Set.of(
            "name",
            "asset",
            "area",
            "address",
            "type",
            "bit",
            "byteOrder",
            "wordOrder",
            "scale",
            "offset",
            "unit",
            "event");

    /** More addresses than this an area does not have (Modbus Application Protocol V1.1b3 §4.4). */
    private static final int ADDRESSES = 65536;

    private final Addressing addressing;

    private PointTable(Addressing addressing) {
        this.addressing = addressing;
    }

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table, Addressing addressing) {
        PointTable reader = new PointTable(addressing);
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
                area,
                address(row, area),
                type,
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
        if (type == DataType.BOOL && !point.unscaled()) {
            row.error("scale", "and offset do not apply to bool");
        }
        if (point.end() > ADDRESSES) {
            row.error("address", "leaves no room for %s at the end of the area".formatted(type.key()));
        }
        return point;
    }

    private int address(TableRow row, Area area) {
        JsonNode value = row.field("address");
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            row.error("address", value.isMissingNode() ? "is missing" : "must be a whole number, got " + value);
            return 0;
        }
        int address = value.intValue();
        if (addressing == Addressing.ZERO_BASED) {
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
