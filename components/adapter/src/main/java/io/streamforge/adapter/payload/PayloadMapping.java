package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.payload.PayloadRow.Findings;
import io.streamforge.model.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds readings in JSON by a table of {@link PayloadRow}s.
 *
 * <p>Nothing here throws for what a device sends: a row whose value is not there, or is of no use, is a {@link Fault}.
 */
public final class PayloadMapping {

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

    private final List<PayloadRow> rows;
    private final EpochUnit epochUnit;

    private PayloadMapping(List<PayloadRow> rows, EpochUnit epochUnit) {
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
        return new PayloadMapping(
                TableRow.readAll(
                        subject,
                        table,
                        PayloadRow.FIELDS,
                        row -> PayloadRow.of(row, row.name(), row.asset(), row.required("path"), names)),
                epochUnit);
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
        return rows.get(row).isSingle();
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
        for (PayloadRow row : rows) {
            row.read(document, known, epochUnit, gatewayTime, new Findings() {
                @Override
                public void found(Sample sample) {
                    found.add(new Found(row.index(), sample));
                }

                @Override
                public void fault(boolean missing, String reason) {
                    faults.add(new Fault(row.index(), missing, reason));
                }
            });
        }
        return new Result(found, faults);
    }
}
