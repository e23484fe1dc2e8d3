package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private final List<String> errors = new ArrayList<>();
    private int row;

    private PointTable(Addressing addressing) {
        this.addressing = addressing;
    }

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table, Addressing addressing) {
        return new PointTable(addressing).parse(table);
    }

    private List<Point> parse(JsonNode table) {
        List<Point> points = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (!table.isArray() || table.isEmpty()) {
            errors.add("points must be a list with at least one point");
        }
        for (JsonNode node : table) {
            int before = errors.size();
            Point point = point(node);
            if (errors.size() == before && point != null) {
                if (!names.add(point.asset() + "/" + point.name())) {
                    error("name", "must be unique within its asset, got '%s' twice".formatted(point.name()));
                }
                points.add(point);
            }
            row++;
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("Modbus points: " + String.join("; ", errors) + ".");
        }
        return List.copyOf(points);
    }

    private @Nullable Point point(JsonNode node) {
        if (!node.isObject()) {
            errors.add("points[%d] must be an object".formatted(row));
            return null;
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                error(field, "is unknown, known are " + FIELDS.stream().sorted().collect(Collectors.joining(", ")));
            }
        });
        String name = text(node, "name", "");
        if (name.isBlank()) {
            error("name", "must not be empty");
        }
        String asset = text(node, "asset", "");
        Area area = choice(node, "area", Area.values(), Area::key).orElse(Area.HOLDING);
        DataType type = choice(node, "type", DataType.values(), DataType::key)
                .orElse(area.bits() ? DataType.BOOL : DataType.INT16);
        if (area.bits() && type != DataType.BOOL) {
            error("type", "must be bool in area %s, got %s".formatted(area.key(), type.key()));
        }
        Point point = new Point(
                row,
                name,
                asset.isEmpty() ? null : asset,
                area,
                address(node, area),
                type,
                bit(node, area, type),
                choice(node, "byteOrder", Order.values(), Order::key).orElse(Order.BIG),
                choice(node, "wordOrder", Order.values(), Order::key).orElse(Order.BIG),
                decimal(node, "scale", BigDecimal.ONE),
                decimal(node, "offset", BigDecimal.ZERO),
                text(node, "unit", ""),
                event(node, type));
        if (point.scale().signum() == 0) {
            error("scale", "must not be 0");
        }
        if (type == DataType.BOOL && !point.unscaled()) {
            error("scale", "and offset do not apply to bool");
        }
        if (point.end() > ADDRESSES) {
            error("address", "leaves no room for %s at the end of the area".formatted(type.key()));
        }
        return point;
    }

    private int address(JsonNode node, Area area) {
        JsonNode value = node.path("address");
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            error("address", value.isMissingNode() ? "is missing" : "must be a whole number, got " + value);
            return 0;
        }
        int address = value.intValue();
        if (addressing == Addressing.ZERO_BASED) {
            if (address < 0 || address >= ADDRESSES) {
                error("address", "must be 0 to 65535 with zero-based addressing, got %d".formatted(address));
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
        error(
                "address",
                area == Area.COIL
                        ? "must be 1 to 65536 for area coil with modicon addressing, got %d".formatted(address)
                        : "must be %d to %d or %d to %d for area %s with modicon addressing, got %d"
                                .formatted(five + 1, five + 9999, six + 1, six + ADDRESSES, area.key(), address));
        return 0;
    }

    private @Nullable Integer bit(JsonNode node, Area area, DataType type) {
        JsonNode value = node.path("bit");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (type != DataType.BOOL || area.bits()) {
            error("bit", "applies to a bool in a register only");
            return null;
        }
        if (!value.isIntegralNumber() || value.intValue() < 0 || value.intValue() > 15) {
            error("bit", "must be 0 to 15, got " + value);
            return null;
        }
        return value.intValue();
    }

    private boolean event(JsonNode node, DataType type) {
        JsonNode value = node.path("event");
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            error("event", "must be true or false, got " + value);
        } else if (value.booleanValue() && type != DataType.BOOL) {
            error("event", "applies to bool only, got type %s".formatted(type.key()));
        }
        return value.booleanValue();
    }

    private String text(JsonNode node, String field, String otherwise) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            error(field, "must be a text, got " + value);
            return otherwise;
        }
        return value.textValue();
    }

    private BigDecimal decimal(JsonNode node, String field, BigDecimal otherwise) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            error(field, "must be a number, got " + value);
            return otherwise;
        }
        return value.decimalValue();
    }

    private <E> Optional<E> choice(JsonNode node, String field, E[] values, Function<E, String> key) {
        String text = text(node, field, "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<E> found =
                Arrays.stream(values).filter(v -> key.apply(v).equals(text)).findFirst();
        if (found.isEmpty()) {
            error(
                    field,
                    "must be one of %s, got '%s'"
                            .formatted(Arrays.stream(values).map(key).collect(Collectors.joining(", ")), text));
        }
        return found;
    }

    private void error(String field, String rule) {
        errors.add("points[%d].%s %s".formatted(row, field, rule));
    }
}
