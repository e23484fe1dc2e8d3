package io.streamforge.modbus;

import java.util.Locale;

/** How a point's registers or bit are read. */
enum DataType {
    BOOL(1),
    INT16(1),
    UINT16(1),
    INT32(2),
    UINT32(2),
    INT64(4),
    UINT64(4),
    FLOAT32(2),
    FLOAT64(4);

    private final int registers;

    DataType(int registers) {
        this.registers = registers;
    }

    /** How many registers a value takes. */
    int registers() {
        return registers;
    }

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
