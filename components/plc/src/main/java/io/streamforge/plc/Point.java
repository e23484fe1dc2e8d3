package io.streamforge.plc;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One row of the point table: a variable of the PLC, or an array of them.
 *
 * @param row the row of its first element among all elements of the table, from 0
 * @param name the signal's name, unique within its asset; the elements of an array are {@code name[0]}, {@code name[1]} …
 * @param asset the asset it belongs to, or null for the adapter's own
 * @param variable what the PLC holds
 * @param scale the raw value's factor, never 0
 * @param offset added after scaling
 * @param unit UCUM code where one exists, empty for none
 * @param event each change is an event, too
 */
record Point(
        int row,
        String name,
        @Nullable String asset,
        Variable variable,
        BigDecimal scale,
        BigDecimal offset,
        String unit,
        boolean event) {

    /** True if a whole number stays one. */
    boolean unscaled() {
        return scale.compareTo(BigDecimal.ONE) == 0 && offset.signum() == 0;
    }
}
