package io.streamforge.demo.plant;

/**
 * The four areas of one Modbus device, filled by reference number as its map prints them (Modbus Application Protocol V1.1b3 §4.3):
 * 1 to 9999 coils, 10001 to 19999 discrete inputs, 30001 to 39999 input registers, 40001 to 49999 holding registers. A register is
 * two bytes, high byte first (§4.2).
 */
final class Registers {

    /** Registers and bits per area; what lies beyond is an illegal address to a client. */
    static final int SIZE = 128;

    /** Which half of a value of two registers has the lower address. */
    enum WordOrder {
        HIGH_FIRST,
        LOW_FIRST
    }

    private final boolean[] coils = new boolean[SIZE];
    private final boolean[] discreteInputs = new boolean[SIZE];
    private final short[] inputRegisters = new short[SIZE];
    private final short[] holdingRegisters = new short[SIZE];

    /** @param reference 1 to 128 or 10001 to 10128 */
    void bit(int reference, boolean value) {
        boolean[] area =
                switch (reference / 10_000) {
                    case 0 -> coils;
                    case 1 -> discreteInputs;
                    default -> throw new IllegalArgumentException("Reference " + reference + " is not a bit.");
                };
        area[reference % 10_000 - 1] = value;
    }

    /**
     * One register holding a scaled number, limited to what the register can hold.
     *
     * @param scale what one count is worth, in the value's unit
     */
    void int16(int reference, double value, double scale) {
        word(reference, clamp(Math.round(value / scale), Short.MIN_VALUE, Short.MAX_VALUE));
    }

    /** As {@link #int16}, from 0 to 65535 counts. */
    void uint16(int reference, double value, double scale) {
        word(reference, clamp(Math.round(value / scale), 0, 0xFFFF));
    }

    /** Two registers; the count wraps at 2^32 as a device's counter does. */
    void uint32(int reference, long value, WordOrder order) {
        pair(reference, (int) value, order);
    }

    /** Two registers, IEEE 754 single precision. */
    void float32(int reference, double value, WordOrder order) {
        pair(reference, Float.floatToIntBits((float) value), order);
    }

    boolean[] coils() {
        return coils;
    }

    boolean[] discreteInputs() {
        return discreteInputs;
    }

    short[] inputRegisters() {
        return inputRegisters;
    }

    short[] holdingRegisters() {
        return holdingRegisters;
    }

    private void pair(int reference, int bits, WordOrder order) {
        int high = order == WordOrder.HIGH_FIRST ? reference : reference + 1;
        int low = order == WordOrder.HIGH_FIRST ? reference + 1 : reference;
        word(high, bits >>> 16);
        word(low, bits & 0xFFFF);
    }

    private void word(int reference, long bits) {
        short[] area =
                switch (reference / 10_000) {
                    case 3 -> inputRegisters;
                    case 4 -> holdingRegisters;
                    default -> throw new IllegalArgumentException("Reference " + reference + " is not a register.");
                };
        area[reference % 10_000 - 1] = (short) bits;
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }
}
