package io.streamforge.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of a point table as it was written. Whatever is wrong with a field is noted with row and field, and a stand-in returned, so that all errors of
 * a table are told at once.
 */
public final class TableRow {

    private final int index;
    private final JsonNode node;
    private final List<String> errors;
    private final Set<String> identities;

    private TableRow(int index, JsonNode node, List<String> errors, Set<String> identities) {
        this.index = index;
        this.node = node;
        this.errors = errors;
        this.identities = identities;
    }

    /**
     * Reads a whole table.
     *
     * @param subject what messages begin with: {@code Modbus points}
     * @param fields all that a row may have; where those of {@link WriteTable} are among them, what they say is checked, too
     * @param point makes a row's point; what it returns counts only if the row had no errors
     * @throws IllegalArgumentException naming every error by its row and field, also if there is no row
     */
    public static <P> List<P> readAll(String subject, JsonNode table, Set<String> fields, Function<TableRow, P> point) {
        List<String> errors = new ArrayList<>();
        Set<String> identities = new HashSet<>();
        List<P> points = new ArrayList<>();
        if (!table.isArray() || table.isEmpty()) {
            errors.add("points must be a list with at least one point");
        }
        int index = 0;
        for (JsonNode node : table) {
            TableRow row = new TableRow(index, node, errors, identities);
            if (node.isObject()) {
                row.checkFields(fields);
                points.add(point.apply(row));
            } else {
                errors.add("row %d must be an object".formatted(index + 1));
            }
            index++;
        }
        if (fields.containsAll(WriteTable.COLUMNS)) {
            errors.addAll(WriteTable.problems(table));
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(subject + ": " + String.join("; ", errors) + ".");
        }
        return List.copyOf(points);
    }

    private void checkFields(Set<String> fields) {
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                error(field, "is unknown, known are " + fields.stream().sorted().collect(Collectors.joining(", ")));
            }
        });
    }

    /** From 0. */
    public int index() {
        return index;
    }

    /** The asset the row names, or null for the adapter's own. */
    public @Nullable String asset() {
        String asset = text("asset", "");
        return asset.isEmpty() ? null : asset;
    }

    /** The row's name, which no other row of the same asset may have. */
    public String name() {
        String name = required("name");
        String asset = node.path("asset").asText("");
        if (!name.isBlank() && !identities.add(asset + "/" + name)) {
            error("name", "must be unique within its asset, got '%s' twice".formatted(name));
        }
        return name;
    }

    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    public String required(String field) {
        String text = text(field, "");
        if (text.isBlank()) {
            error(field, "must not be empty");
        }
        return text;
    }

    public String text(String field, String otherwise) {
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

    public BigDecimal decimal(String field, BigDecimal otherwise) {
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

    /** Empty if the field is left out, or wrong, which is noted; both limits belong to the range. */
    public OptionalInt whole(String field, int min, int max) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            error(field, "must be %d to %d, got %s".formatted(min, max, value));
            return OptionalInt.empty();
        }
        return OptionalInt.of(value.intValue());
    }

    /** False if it is left out. */
    public boolean flag(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            error(field, "must be true or false, got " + value);
        }
        return value.booleanValue();
    }

    /** Empty if the field is left out, or wrong, which is noted. */
    public <E> Optional<E> choice(String field, E[] values, Function<E, String> key) {
        String text = text(field, "");
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

    /** Notes what is wrong with a field: the rule, and what was given. */
    public void error(String field, String rule) {
        errors.add("row %d: %s %s".formatted(index + 1, field, rule));
    }

    /** The raw field, for what has a form of its own; missing if it is left out. */
    public JsonNode field(String field) {
        return node.path(field);
    }
}
