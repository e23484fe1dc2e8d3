package io.streamforge.modbus;

import java.util.Locale;

/** The four tables of a Modbus device, with the function that reads each (Modbus Application Protocol V1.1b3 §4.3, §6.1–6.4). */
enum Area {
    COIL(0x01, true, 0),
    DISCRETE(0x02, true, 1),
    HOLDING(0x03, false, 4),
    INPUT(0x04, false, 3);

    /** Most bits in one request (§6.1: 0x7D0). */
    static final int MAX_BITS = 2000;
    /** Most registers in one request (§6.3: 0x7D). */
    static final int MAX_REGISTERS = 125;

    private final int function;
    private final boolean bits;
    private final int modiconDigit;

    Area(int function, boolean bits, int modiconDigit) {
        this.function = function;
        this.bits = bits;
        this.modiconDigit = modiconDigit;
    }

    /** The function code that reads it. */
    int function() {
        return function;
    }

    /** True if an address is one bit, false if it is a 16-bit register. */
    boolean bits() {
        return bits;
    }

    /** True if it is the device's outputs, false for its inputs. */
    boolean writable() {
        return this == COIL || this == HOLDING;
    }

    /** The leading digit of a modicon address, 0 for coils. */
    int modiconDigit() {
        return modiconDigit;
    }

    /** An address as manuals write it, with a digit for the area and from 1: 400001 for the first holding register. */
    int modicon(int address) {
        return modiconDigit * 100_000 + address + 1;
    }

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
