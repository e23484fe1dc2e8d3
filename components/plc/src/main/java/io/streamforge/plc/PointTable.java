package io.streamforge.plc;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.WriteTable;
import io.streamforge.plc.DataType.Kind;
import io.streamforge.plc.Variable.Memory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a point table (kamelets/s7-source.points.schema.json and those of the other drivers) and reports everything that is wrong with it at once. */
final class PointTable {

    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of(
                            "name",
                            "asset",
                            "address",
                            "type",
                            "length",
                            "elements",
                            "scale",
                            "offset",
                            "unit",
                            "event"),
                    WriteTable.COLUMNS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final Driver driver;
    private int signals;

    private PointTable(Driver driver) {
        this.driver = driver;
    }

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table, Driver driver) {
        PointTable reader = new PointTable(driver);
        return TableRow.readAll(driver.title() + " points", table, FIELDS, reader::point);
    }

    private Point point(TableRow row) {
        Point point = new Point(
                signals,
                row.name(),
                row.asset(),
                driver.variable(row),
                row.decimal("scale", BigDecimal.ONE),
                row.decimal("offset", BigDecimal.ZERO),
                row.text("unit", ""),
                row.flag("event"));
        if (!(point.variable() instanceof Memory)) {
            for (String field : List.of("type", "length")) {
                if (row.has(field)) {
                    row.error(field, "does not apply: the device says of which type a variable is");
                }
            }
        }
        signals += point.variable().elements();
        if (point.scale().signum() == 0) {
            row.error("scale", "must not be 0");
        }
        boolean time =
                point.variable() instanceof Memory memory && memory.type().kind() == Kind.TIME;
        if (row.flag("writable") && (point.variable().elements() > 1 || time)) {
            row.error(
                    "writable",
                    "does not apply to arrays, nor to %s"
                            .formatted(point.variable().shown()));
        }
        return point;
    }

    /** The row's type, and whether it may be scaled. */
    static DataType type(TableRow row, DataType otherwise) {
        DataType type = row.choice("type", DataType.declared(), DataType::name).orElse(otherwise);
        if (!type.number()
                && (row.has("scale") || row.has("offset"))
                && (row.decimal("scale", BigDecimal.ONE).compareTo(BigDecimal.ONE) != 0
                        || row.decimal("offset", BigDecimal.ZERO).signum() != 0)) {
            row.error("scale", "and offset do not apply to %s".formatted(type));
        }
        return type;
    }
}
