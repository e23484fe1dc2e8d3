package io.streamforge.knx;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.WriteTable;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a point table (kamelets/knx-source.points.schema.json) and reports everything that is wrong with it at once. */
final class PointTable {

    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of("name", "asset", "address", "type", "unit", "listenOnly", "event", "writeAddress"),
                    WriteTable.COLUMNS.stream())
            .collect(Collectors.toUnmodifiableSet());

    /** Stand in where a row has none, which is an error. */
    private static final GroupAddress NOWHERE = new GroupAddress(1);

    private static final Datapoint ANY = Datapoint.parse("1.001");

    private PointTable() {}

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table) {
        return TableRow.readAll("KNX points", table, FIELDS, PointTable::point);
    }

    private static Point point(TableRow row) {
        String name = row.name();
        GroupAddress group = parsed(row, "address", GroupAddress::parse, NOWHERE);
        Datapoint type = parsed(row, "type", Datapoint::parse, ANY);
        boolean elsewhere = !row.text("writeAddress", "").isEmpty();
        if (elsewhere && !row.flag("writable")) {
            row.error("writeAddress", "applies to writable rows only");
        }
        if (row.flag("writable") && !type.writable()) {
            row.error("writable", "does not apply to DPT %s, which is read only".formatted(type.name()));
        }
        String unit = row.text("unit", "");
        return new Point(
                row.index(),
                name,
                row.asset(),
                group,
                elsewhere ? parsed(row, "writeAddress", GroupAddress::parse, group) : group,
                type,
                unit.isEmpty() ? type.unit() : unit,
                row.flag("listenOnly"),
                row.flag("event"));
    }

    private static <T> T parsed(TableRow row, String field, Function<String, T> parser, T otherwise) {
        String text = row.required(field);
        if (!text.isBlank()) {
            try {
                return parser.apply(text.strip());
            } catch (IllegalArgumentException e) {
                row.error(field, String.valueOf(e.getMessage()));
            }
        }
        return otherwise;
    }
}
