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
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table that says where in JSON a value stands: {@code path}, a JSON path into the document or, where {@code items} leads to a list, into
 * each of its elements. {@code name} and {@code asset} may hold placeholders ({@code {$.id}} is a JSON path as well), {@code time} leads to the device's
 * time, {@code type}, {@code scale} and {@code offset} say what becomes of the value.
 *
 * @param index from 0
 * @param label the name as the table writes it, for messages
 * @param items leads to what the paths start from; null for the document itself
 * @param time leads to the device's time; null if there is none
 * @param scale the raw value's factor, never 0
 * @param offset added after scaling
 * @param unit UCUM code where one exists, empty for none
 */
public record PayloadRow(
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

    /** What a table that is read row by row may have, beside columns of its own. */
    public static final Set<String> FIELDS =
            Set.of("name", "asset", "items", "path", "time", "type", "scale", "offset", "unit");

    /** What a row gave. */
    public interface Findings {

        /** A value: GOOD, with a time if the row has one and the document, too. */
        void found(Sample sample);

        /** @param missing if what the row looks for is not in the document; otherwise it is of no use */
        void fault(boolean missing, String reason);
    }

    /**
     * Reads a row; what is wrong with it is noted there.
     *
     * @param name and asset as the row writes them or as the source completes them
     * @param path likewise; blank for the whole document
     * @param names the placeholders that the source itself can fill
     */
    public static PayloadRow of(TableRow row, String name, @Nullable String asset, String path, Set<String> names) {
        PayloadRow made = new PayloadRow(
                row.index(),
                name,
                pattern(row, "name", name, names),
                asset == null ? null : pattern(row, "asset", asset, names),
                row.has("items") ? selector(row, "items", row.required("items")) : null,
                selector(row, "path", path),
                row.has("time") ? selector(row, "time", row.required("time")) : null,
                row.choice("type", ScalarType.values(), ScalarType::key).orElse(ScalarType.AUTO),
                row.decimal("scale", BigDecimal.ONE),
                row.decimal("offset", BigDecimal.ZERO),
                row.text("unit", ""));
        if (made.scale.signum() == 0) {
            row.error("scale", "must not be 0");
        }
        if (made.scaled() && (made.type == ScalarType.TEXT || made.type == ScalarType.BOOL)) {
            row.error("scale", "and offset do not apply to " + made.type.key());
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

    private boolean scaled() {
        return scale.compareTo(BigDecimal.ONE) != 0 || offset.signum() != 0;
    }

    /** The asset that the row names; null for the adapter's own, or if it depends on what comes. */
    public @Nullable String owner() {
        return asset == null ? null : asset.constant();
    }

    /**
     * What has to stand in a payload for the point to have a value.
     *
     * @return a number as BigDecimal, a flag or a text
     * @throws IllegalArgumentException if the point cannot have it: of another type, or between two steps of its scale
     */
    public Object leaf(Value value) {
        Object leaf = Scalars.leaf(value);
        if (scaled() && leaf instanceof BigDecimal number) {
            try {
                leaf = number.subtract(offset).divide(scale);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "must be a multiple of scale %s, got %s".formatted(scale, number), e);
            }
        }
        held(leaf);
        return leaf;
    }

    /** What the point has with a {@link #leaf}. */
    public Value held(Object leaf) {
        return type.value(leaf, scaled() ? scale : null, offset);
    }

    /** True if its value is a text whatever it looks like. */
    public boolean isText() {
        return type == ScalarType.TEXT;
    }

    /** True if the row always gives one and the same point: no list, no placeholders. */
    public boolean isSingle() {
        return items == null && name.constant() != null && (asset == null || asset.constant() != null);
    }

    /**
     * Never throws for what a device sends.
     *
     * @param known the source's value of a name, null if it has none now
     * @param gatewayTime when the document was received
     */
    public void read(
            JsonNode document,
            Function<String, @Nullable String> known,
            EpochUnit epochUnit,
            Instant gatewayTime,
            Findings findings) {
        if (items == null) {
            readOne(document, known, epochUnit, gatewayTime, findings);
            return;
        }
        List<JsonNode> all = items.all(document);
        if (all.isEmpty()) {
            findings.fault(true, "value: %s is missing".formatted(items));
        }
        for (JsonNode item : all) {
            readOne(item, known, epochUnit, gatewayTime, findings);
        }
    }

    private void readOne(
            JsonNode item,
            Function<String, @Nullable String> known,
            EpochUnit epochUnit,
            Instant gatewayTime,
            Findings findings) {
        String looking = "value";
        try {
            Object leaf = path.one(item);
            if (leaf == null) {
                findings.fault(true, "value: %s is missing".formatted(path));
                return;
            }
            Value value = type.value(leaf, scaled() ? scale : null, offset);
            looking = "time";
            Object stamp = time == null ? null : time.one(item);
            Instant deviceTime = stamp == null ? null : epochUnit.timestamp(stamp.toString());
            looking = "name";
            String parameter = named(name, item, known, "name");
            if (!Scalars.PARAMETER.matcher(parameter).matches()) {
                throw new IllegalArgumentException(
                        "must hold no slash and at most 200 characters, got '%s'".formatted(Scalars.shown(parameter)));
            }
            looking = "asset";
            String owner = asset == null ? null : named(asset, item, known, "asset");
            if (owner != null && !Scalars.ASSET.matcher(owner).matches()) {
                throw new IllegalArgumentException("must be letters, digits, . _ - and at most 128 characters, got '%s'"
                        .formatted(Scalars.shown(owner)));
            }
            findings.found(new Sample(
                    owner,
                    parameter,
                    value,
                    unit,
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    deviceTime,
                    gatewayTime));
        } catch (IllegalArgumentException | DateTimeException e) {
            findings.fault(false, "%s: %s".formatted(looking, e.getMessage()));
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
