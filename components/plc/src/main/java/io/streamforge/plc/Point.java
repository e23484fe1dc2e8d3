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

    /**
     * A variable of the PLC.
     *
     * @param area as the driver's address begins: {@code %DB1:}, {@code %M}
     * @param start its first byte
     * @param bit of a BOOL, 0 (least significant) to 7; 0 for all others
     * @param length of a text, in characters, as it was declared; 0 for all others
     * @param elements how many, 1 if it is no array
     */
    record Variable(String area, int start, DataType type, int bit, int length, int elements) {

        /** The bytes of one element; those of bits share them. */
        int size() {
            return switch (type) {
                case STRING -> 2 + length;
                case WSTRING -> 4 + 2 * length;
                default -> type.bytes();
            };
        }

        /** The bytes of all elements. */
        int bytes() {
            return type == DataType.BOOL ? (bit + elements + 7) / 8 : size() * elements;
        }
    }

    /** True if a whole number stays one. */
    boolean unscaled() {
        return scale.compareTo(BigDecimal.ONE) == 0 && offset.signum() == 0;
    }
}
