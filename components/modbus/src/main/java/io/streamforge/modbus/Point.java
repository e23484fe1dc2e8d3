package io.streamforge.modbus;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One mapped signal of a device.
 *
 * @param row its row in the point table, from 0
 * @param name the signal's name, unique within its asset
 * @param asset the asset it belongs to, or null for the adapter's own
 * @param unitId the unit behind the connection that has it, 0–255
 * @param area the unit's table
 * @param address as on the wire, from 0
 * @param type how its registers are read
 * @param length of a string in characters, 0 for any other type
 * @param bit for a BOOL in a register: 0 (least significant) to 15, or null if any value but 0 is true
 * @param byteOrder of the two bytes within a register
 * @param wordOrder of the registers of one value
 * @param scale the raw value's factor, never 0
 * @param offset added after scaling
 * @param unit UCUM code where one exists, empty for none
 * @param event for a BOOL: each change is an event, too
 */
record Point(
        int row,
        String name,
        @Nullable String asset,
        int unitId,
        Area area,
        int address,
        DataType type,
        int length,
        @Nullable Integer bit,
        Order byteOrder,
        Order wordOrder,
        BigDecimal scale,
        BigDecimal offset,
        String unit,
        boolean event) {

    /** How many registers it takes. */
    int registers() {
        return type == DataType.STRING ? (length + 1) / 2 : type.registers();
    }

    /** The first address after it. */
    int end() {
        return address + (area.bits() ? 1 : registers());
    }

    /** True if a whole number stays one. */
    boolean unscaled() {
        return scale.compareTo(BigDecimal.ONE) == 0 && offset.signum() == 0;
    }

    /** Where it is, as the wire says it and as manuals do: {@code unit 1 holding 0 = 400001}. */
    String place() {
        return "unit %d %s %d = %06d".formatted(unitId, area.key(), address, area.modicon(address));
    }
}
