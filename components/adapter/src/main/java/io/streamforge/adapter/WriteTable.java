package io.streamforge.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a point table says about writing, the same in every protocol: the columns {@link #COLUMNS}, read here for the gateway that guards writes and
 * for the connectors that check their tables. A row that does not say {@code writable: true} cannot be written; one that says {@code method: true}, where the
 * connector has methods, is called under the same conditions instead.
 */
public final class WriteTable {

    /** The columns of a row that are about writing. */
    public static final Set<String> COLUMNS =
            Set.of("writable", "writeMin", "writeMax", "writeIntervalMs", "writeIf", "writeIfValue");

    private static final long LONGEST_INTERVAL_MS = Duration.ofDays(1).toMillis();

    /** @param arguments of a method, null where the row is a point */
    private record Row(
            @Nullable String asset,
            String name,
            @Nullable WriteRule rule,
            @Nullable List<MethodArgument> arguments) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    private WriteTable(JsonNode points) {
        for (JsonNode point : points) {
            rows.add(new Row(
                    point.path("asset").textValue(),
                    point.path("name").asText(""),
                    null,
                    arguments(rows.size(), point)));
        }
        for (int row = 0; row < rows.size(); row++) {
            JsonNode point = points.get(row);
            if (present(point, "writable")) {
                Row plain = rows.get(row);
                rows.set(row, new Row(plain.asset(), plain.name(), rule(row, point), plain.arguments()));
            }
        }
    }

    /**
     * Reads a table.
     *
     * @param points an array of rows with at least {@code name}, and {@code asset} where it is not the adapter's
     * @throws IllegalArgumentException naming every error by its row and column
     */
    public static WriteTable read(JsonNode points) {
        WriteTable table = new WriteTable(points);
        if (!table.errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", table.errors) + ".");
        }
        return table;
    }

    /** Everything that is wrong with the columns about writing, by row and column. */
    public static List<String> problems(JsonNode points) {
        return List.copyOf(new WriteTable(points).errors);
    }

    /**
     * The row of a point.
     *
     * @param asset the point's
     * @param adapterAsset the asset of rows that name none
     */
    public OptionalInt row(String asset, String adapterAsset, String name) {
        for (int row = 0; row < rows.size(); row++) {
            String owner = rows.get(row).asset();
            if (rows.get(row).name().equals(name) && asset.equals(owner == null ? adapterAsset : owner)) {
                return OptionalInt.of(row);
            }
        }
        return OptionalInt.empty();
    }

    /** The name of a row's point. */
    public String name(int row) {
        return rows.get(row).name();
    }

    /** Under which conditions a row may be written; empty if it may not. */
    public Optional<WriteRule> rule(int row) {
        return Optional.ofNullable(rows.get(row).rule());
    }

    /** What the method of a row is called with; empty if the row is a point. */
    public Optional<List<MethodArgument>> arguments(int row) {
        return Optional.ofNullable(rows.get(row).arguments());
    }

    private @Nullable List<MethodArgument> arguments(int row, JsonNode point) {
        if (!point.path("method").asBoolean(false)) {
            if (!point.path("arguments").asText("").isEmpty()) {
                error(row, "arguments", "applies to methods only");
            }
            return null;
        }
        if (present(point, "writeMin") || present(point, "writeMax")) {
            error(row, "writeMin", "and writeMax do not apply to a method, its arguments have ranges of their own");
        }
        try {
            return MethodArgument.parse(point.path("arguments").asText(""));
        } catch (IllegalArgumentException e) {
            error(row, "arguments", String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private @Nullable WriteRule rule(int row, JsonNode point) {
        JsonNode writable = point.get("writable");
        if (!writable.isBoolean()) {
            error(row, "writable", "must be true or false, got " + writable);
            return null;
        }
        if (!writable.booleanValue()) {
            return null;
        }
        BigDecimal min = decimal(row, point, "writeMin");
        BigDecimal max = decimal(row, point, "writeMax");
        if (min != null && max != null && min.compareTo(max) > 0) {
            error(
                    row,
                    "writeMin",
                    "must be at most writeMax %s, got %s".formatted(max.toPlainString(), min.toPlainString()));
        }
        return new WriteRule(min, max, interval(row, point), interlock(row, point));
    }

    private Duration interval(int row, JsonNode point) {
        if (!present(point, "writeIntervalMs")) {
            return Duration.ZERO;
        }
        JsonNode value = point.get("writeIntervalMs");
        if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > LONGEST_INTERVAL_MS) {
            error(row, "writeIntervalMs", "must be 0 to %d, got %s".formatted(LONGEST_INTERVAL_MS, value));
            return Duration.ZERO;
        }
        return Duration.ofMillis(value.asLong());
    }

    private WriteRule.@Nullable Interlock interlock(int row, JsonNode point) {
        if (!present(point, "writeIf")) {
            if (present(point, "writeIfValue")) {
                error(row, "writeIf", "is missing, writeIfValue says what it must be");
            }
            return null;
        }
        if (!present(point, "writeIfValue")) {
            error(row, "writeIfValue", "is missing, writeIf says of which point");
            return null;
        }
        String wanted = point.get("writeIf").asText();
        for (int other = 0; other < rows.size(); other++) {
            if (named(rows.get(other), rows.get(row), wanted)) {
                return new WriteRule.Interlock(other, value(point.get("writeIfValue")));
            }
        }
        error(
                row,
                "writeIf",
                "must be the name of a point of the same asset, or <asset>/<name>, got '%s'".formatted(wanted));
        return null;
    }

    private static boolean named(Row candidate, Row from, String wanted) {
        String asset = candidate.asset();
        return (candidate.name().equals(wanted) && Objects.equals(asset, from.asset()))
                || (asset != null && wanted.equals(asset + "/" + candidate.name()));
    }

    /** The console's editor knows texts: {@code true}, {@code false} and numbers are meant as such. */
    private static Value value(JsonNode node) {
        String text = node.asText();
        if (text.equals("true") || text.equals("false")) {
            return new Value.Flag(Boolean.parseBoolean(text));
        }
        try {
            return new Value.Real(new BigDecimal(text).doubleValue());
        } catch (NumberFormatException e) {
            return new Value.Text(text);
        }
    }

    private @Nullable BigDecimal decimal(int row, JsonNode point, String column) {
        if (!present(point, column)) {
            return null;
        }
        JsonNode value = point.get(column);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            error(row, column, "must be a number, got " + value);
            return null;
        }
        return value.decimalValue();
    }

    private static boolean present(JsonNode point, String column) {
        return point.hasNonNull(column);
    }

    private void error(int row, String column, String rule) {
        errors.add("row %d: %s %s".formatted(row + 1, column, rule));
    }
}
