package io.streamforge.controlplane.adapter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Under which conditions a point may be written, as its row says; the gateway that writes it holds every write against them.
 *
 * @param min least value, included; null for none
 * @param max greatest value, included; null for none
 * @param intervalMs least time from one write to the next, null for none
 * @param onlyIf the point that must have a value at that moment, null for none
 * @param onlyIfValue the value, null where there is no such point
 */
public record WriteRule(
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable Long intervalMs,
        @Nullable String onlyIf,
        @Nullable String onlyIfValue) {

    /** What a row of a point table says; null if it does not say {@code writable: true}. */
    public static @Nullable WriteRule of(JsonNode point) {
        if (!point.path("writable").asBoolean(false)) {
            return null;
        }
        return new WriteRule(
                point.hasNonNull("writeMin") ? point.get("writeMin").decimalValue() : null,
                point.hasNonNull("writeMax") ? point.get("writeMax").decimalValue() : null,
                point.hasNonNull("writeIntervalMs")
                        ? point.get("writeIntervalMs").longValue()
                        : null,
                point.hasNonNull("writeIf") ? point.get("writeIf").asString() : null,
                point.hasNonNull("writeIfValue") ? point.get("writeIfValue").asString() : null);
    }
}
