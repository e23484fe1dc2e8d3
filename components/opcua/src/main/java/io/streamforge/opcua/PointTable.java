package io.streamforge.opcua;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.WriteTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.UaRuntimeException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.jspecify.annotations.Nullable;

/** Reads a point table (kamelets/opcua-source.points.schema.json) and reports everything that is wrong with it at once. */
final class PointTable {

    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of(
                            "name",
                            "asset",
                            "node",
                            "part",
                            "unit",
                            "samplingIntervalMs",
                            "deadband",
                            "deadbandType",
                            "event",
                            "method",
                            "object",
                            "arguments"),
                    WriteTable.COLUMNS.stream())
            .collect(Collectors.toUnmodifiableSet());

    /** Elements and fields, from the outside in. */
    private static final Pattern PART = Pattern.compile("(\\[\\d{1,9}]|\\.[^.\\[\\]/]+)+");

    private static final int LONGEST_SAMPLING_MS = 3_600_000;

    private enum DeadbandType {
        ABSOLUTE,
        PERCENT;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private PointTable() {}

    /**
     * @param table an array of objects
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Point> parse(JsonNode table) {
        return TableRow.readAll("OPC UA points", table, FIELDS, PointTable::point);
    }

    private static Point point(TableRow row) {
        BigDecimal deadband = row.decimal("deadband", BigDecimal.ZERO);
        DeadbandType type = row.choice("deadbandType", DeadbandType.values(), DeadbandType::key)
                .orElse(DeadbandType.ABSOLUTE);
        if (deadband.signum() < 0) {
            row.error("deadband", "must be at least 0, got " + deadband);
        } else if (type == DeadbandType.PERCENT && deadband.compareTo(BigDecimal.valueOf(100)) > 0) {
            row.error("deadband", "must be at most 100 percent, got " + deadband);
        }
        OptionalInt sampling = row.whole("samplingIntervalMs", 0, LONGEST_SAMPLING_MS);
        return new Point(
                row.index(),
                row.name(),
                row.asset(),
                node(row, "node", row.required("node")),
                part(row),
                row.text("unit", ""),
                sampling.isPresent() ? Duration.ofMillis(sampling.getAsInt()) : null,
                deadband.doubleValue(),
                type == DeadbandType.PERCENT,
                row.flag("event"),
                method(row));
    }

    private static Point.@Nullable Method method(TableRow row) {
        String object = row.text("object", "");
        if (!row.flag("method")) {
            if (!object.isEmpty()) {
                row.error("object", "applies to methods only");
            }
            return null;
        }
        if (row.flag("event") || !row.text("part", "").isEmpty()) {
            row.error("method", "is called, not monitored: event and part do not apply");
        }
        return new Point.Method(object.isEmpty() ? null : node(row, "object", object));
    }

    private static String part(TableRow row) {
        String part = row.text("part", "");
        if (!part.isEmpty() && !PART.matcher(part).matches()) {
            row.error("part", "must be elements and fields as [2] or .motor[0].speed, got '%s'".formatted(part));
        } else if (part.contains(".") && row.flag("writable")) {
            row.error("writable", "applies to elements of arrays, not to fields of structures, got part " + part);
        }
        return part;
    }

    private static ExpandedNodeId node(TableRow row, String field, String text) {
        if (!text.isBlank()) {
            try {
                return ExpandedNodeId.parse(text);
            } catch (UaRuntimeException e) {
                row.error(
                        field,
                        "must be a node id as nsu=urn:plant;s=Temperature or ns=2;i=1001, got '%s'".formatted(text));
            }
        }
        return ExpandedNodeId.NULL_VALUE;
    }
}
