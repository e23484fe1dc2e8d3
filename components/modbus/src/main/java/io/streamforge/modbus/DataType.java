package io.streamforge.modbus;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a point's registers or bit are read. */
enum DataType {
    BOOL(1, null, null),
    INT16(1, "-32768", "32767"),
    UINT16(1, "0", "65535"),
    INT32(2, "-2147483648", "2147483647"),
    UINT32(2, "0", "4294967295"),
    INT64(4, "-9223372036854775808", "9223372036854775807"),
    UINT64(4, "0", "18446744073709551615"),
    FLOAT32(2, null, null),
    FLOAT64(4, null, null),
    /** Four decimal digits, four bits each, the most significant first. */
    BCD16(1, "0", "9999"),
    /** Eight decimal digits. */
    BCD32(2, "0", "99999999"),
    /** ISO 8859-1, two characters to a register, as many as the point says. */
    STRING(0, null, null);

    private final int registers;
    private final @Nullable BigDecimal least;
    private final @Nullable BigDecimal greatest;

    DataType(int registers, @Nullable String least, @Nullable String greatest) {
        this.registers = registers;
        this.least = least == null ? null : new BigDecimal(least);
        this.greatest = greatest == null ? null : new BigDecimal(greatest);
    }

    /** How many registers a value takes; 0 for a string, whose point says. */
    int registers() {
        return registers;
    }

    /** The least raw number, null where it is not a whole one. */
    @Nullable
    BigDecimal least() {
        return least;
    }

    /** The greatest raw number, null where it is not a whole one. */
    @Nullable
    BigDecimal greatest() {
        return greatest;
    }

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
