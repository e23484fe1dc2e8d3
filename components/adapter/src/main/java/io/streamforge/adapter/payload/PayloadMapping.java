package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.JsonPathException;
import io.streamforge.adapter.TableRow;
import io.streamforge.model.Classification;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds readings in JSON by a table of rows, each of which says where its value is: {@code path}, a JSON path into the document or, where
 * {@code items} leads to a list, into each of its elements. {@code name} and {@code asset} may hold placeholders ({@code {$.id}} is a JSON path as
 * well), {@code time} leads to the device's time, {@code type}, {@code scale} and {@code offset} say what becomes of the value.
 *
 * <p>Nothing here throws for what a device sends: a row whose value is not there, or is of no use, is a {@link Fault}.
 */
public final class PayloadMapping {

    private static final Set<String> FIELDS =
            Set.of("name", "asset", "items", "path", "time", "type", "scale", "offset", "unit");

    /**
     * One line of the table.
     *
     * @param index from 0
     * @param items leads to what the paths start from; null for the document itself
     * @param time leads to the device's time; null if there is none
     * @param scale the raw value's factor, never 0
     * @param offset added after scaling
     * @param unit UCUM code where one exists, empty for none
     */
    private record Row(
            int index,
            String label,
            TextPattern name,
            @Nullable TextPattern asset,
            @Nullable Selector items,
            Selector path,
            @Nullable Selector time,
            ScalarType type,
            BigDecimal scale,
            BigDecimal offset,
            String unit) {

        private boolean scaled() {
            return scale.compareTo(BigDecimal.ONE) != 0 || offset.signum() != 0;
        }
    }

    /**
     * What a row gave.
     *
     * @param row its index in the table
     * @param sample GOOD, with a value
     */
    public record Found(int row, Sample sample) {}

    /**
     * Why a row gave nothing, or one of its items did.
     *
     * @param row its index in the table
     * @param missing if what it looks for is not in the document; otherwise it is of no use
     * @param reason the rule and what was found, as a point's reason
     */
    public record Fault(int row, boolean missing, String reason) {}

    /** Everything the table found in one document. */
    public record Result(List<Found> found, List<Fault> faults) {}

    private final List<Row> rows;
    private final EpochUnit epochUnit;

    private PayloadMapping(List<Row> rows, EpochUnit epochUnit) {
        this.rows = rows;
        this.epochUnit = epochUnit;
    }

    /**
     * @param subject what messages begin with: {@code MQTT points}
     * @param names the placeholders that the source itself can fill
     * @param epochUnit of timestamps that are numbers
     * @throws IllegalArgumentException naming every error by its row and field
     */
    public static PayloadMapping of(String subject, JsonNode table, Set<String> names, EpochUnit epochUnit) {
        return new PayloadMapping(TableRow.readAll(subject, table, FIELDS, row -> row(row, names)), epochUnit);
    }

    private static Row row(TableRow row, Set<String> names) {
        String name = row.name();
        String asset = row.asset();
        Row made = new Row(
                row.index(),
                name,
                pattern(row, "name", name, names),
                asset == null ? null : pattern(row, "asset", asset, names),
                row.has("items") ? selector(row, "items", row.required("items")) : null,
                selector(row, "path", row.required("path")),
                row.has("time") ? selector(row, "time", row.required("time")) : null,
                row.choice("type", ScalarType.values(), ScalarType::key).orElse(ScalarType.AUTO),
                row.decimal("scale", BigDecimal.ONE),
                row.decimal("offset", BigDecimal.ZERO),
                row.text("unit", ""));
        if (made.scale().signum() == 0) {
            row.error("scale", "must not be 0");
        }
        if (made.scaled() && (made.type() == ScalarType.TEXT || made.type() == ScalarType.BOOL)) {
            row.error("scale", "and offset do not apply to " + made.type().key());
        }
        return made;
    }

    private static TextPattern pattern(TableRow row, String field, String text, Set<String> names) {
        try {
            return new TextPattern(text, names);
        } catch (IllegalArgumentException e) {
            row.error(field, String.valueOf(e.getMessage()));
            return new TextPattern("", names);
        }
    }

    private static Selector selector(TableRow row, String field, String text) {
        try {
            return Selector.of(text.isBlank() ? "$" : text);
        } catch (JsonPathException e) {
            row.error(
                    field, "must be a JSON path such as $.data[0].value, got '%s': %s".formatted(text, e.getMessage()));
            return Selector.of("$");
        }
    }

    /** How many rows the table has. */
    public int rows() {
        return rows.size();
    }

    /** The name as the table writes it, for messages. */
    public String label(int row) {
        return rows.get(row).label();
    }

    /** True if the row always gives one and the same point: no list, no placeholders. */
    public boolean isSingle(int row) {
        Row candidate = rows.get(row);
        TextPattern asset = candidate.asset();
        return candidate.items() == null
                && candidate.name().constant() != null
                && (asset == null || asset.constant() != null);
    }

    /** The asset that a single row names; null for the adapter's own. */
    public @Nullable String asset(int row) {
        TextPattern asset = rows.get(row).asset();
        return asset == null ? null : asset.constant();
    }

    public String unit(int row) {
        return rows.get(row).unit();
    }

    /**
     * @param known the source's value of a name, null if it has none now
     * @param gatewayTime when the document was received
     */
    public Result read(JsonNode document, Function<String, @Nullable String> known, Instant gatewayTime) {
        List<Found> found = new ArrayList<>(rows.size());
        List<Fault> faults = new ArrayList<>(0);
        for (Row row : rows) {
            Selector items = row.items();
            if (items == null) {
                read(row, document, known, gatewayTime, found, faults);
                continue;
            }
            List<JsonNode> all = items.all(document);
            if (all.isEmpty()) {
                faults.add(new Fault(row.index(), true, "value: %s is missing".formatted(items)));
            }
            for (JsonNode item : all) {
                read(row, item, known, gatewayTime, found, faults);
            }
        }
        return new Result(found, faults);
    }

    private void read(
            Row row,
            JsonNode item,
            Function<String, @Nullable String> known,
            Instant gatewayTime,
            List<Found> found,
            List<Fault> faults) {
        String looking = "value";
        try {
            Object leaf = row.path().one(item);
            if (leaf == null) {
                faults.add(new Fault(row.index(), true, "value: %s is missing".formatted(row.path())));
                return;
            }
            Value value = row.type().value(leaf, row.scaled() ? row.scale() : null, row.offset());
            looking = "time";
            Selector time = row.time();
            Object stamp = time == null ? null : time.one(item);
            Instant deviceTime = stamp == null ? null : epochUnit.timestamp(stamp.toString());
            looking = "name";
            String name = named(row.name(), item, known, "name");
            if (!Scalars.PARAMETER.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "must hold no slash and at most 200 characters, got '%s'".formatted(Scalars.shown(name)));
            }
            looking = "asset";
            TextPattern assets = row.asset();
            String asset = assets == null ? null : named(assets, item, known, "asset");
            if (asset != null && !Scalars.ASSET.matcher(asset).matches()) {
                throw new IllegalArgumentException("must be letters, digits, . _ - and at most 128 characters, got '%s'"
                        .formatted(Scalars.shown(asset)));
            }
            found.add(new Found(
                    row.index(),
                    new Sample(
                            asset,
                            name,
                            value,
                            row.unit(),
                            Classification.TELEMETRY,
                            Quality.GOOD,
                            null,
                            deviceTime,
                            gatewayTime)));
        } catch (IllegalArgumentException | DateTimeException e) {
            faults.add(new Fault(row.index(), false, "%s: %s".formatted(looking, e.getMessage())));
        }
    }

    private static String named(
            TextPattern pattern, JsonNode item, Function<String, @Nullable String> known, String what) {
        String text = pattern.fill(item, known);
        if (text == null) {
            throw new IllegalArgumentException("a placeholder of the %s leads nowhere".formatted(what));
        }
        return text;
    }
}
