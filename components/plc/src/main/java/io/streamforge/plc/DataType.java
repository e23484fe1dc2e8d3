package io.streamforge.plc;

import java.util.stream.Stream;

/** The types of IEC 61131-3 and STEP 7 that a variable can have. */
enum DataType {
    BOOL(0, Kind.STATE),
    BYTE(1, Kind.UNSIGNED),
    WORD(2, Kind.UNSIGNED),
    DWORD(4, Kind.UNSIGNED),
    LWORD(8, Kind.UNSIGNED),
    SINT(1, Kind.SIGNED),
    INT(2, Kind.SIGNED),
    DINT(4, Kind.SIGNED),
    LINT(8, Kind.SIGNED),
    USINT(1, Kind.UNSIGNED),
    UINT(2, Kind.UNSIGNED),
    UDINT(4, Kind.UNSIGNED),
    ULINT(8, Kind.UNSIGNED),
    REAL(4, Kind.REAL),
    LREAL(8, Kind.REAL),
    CHAR(1, Kind.TEXT),
    WCHAR(2, Kind.TEXT),
    /** Its size depends on the length it was declared with. */
    STRING(0, Kind.TEXT),
    WSTRING(0, Kind.TEXT),
    /** Milliseconds. */
    TIME(4, Kind.SIGNED),
    /** Nanoseconds. */
    LTIME(8, Kind.SIGNED),
    S5TIME(2, Kind.TIME),
    DATE(2, Kind.TIME),
    TIME_OF_DAY(4, Kind.TIME),
    DATE_AND_TIME(8, Kind.TIME),
    DTL(12, Kind.TIME),
    /** Of the timers' area: an S5TIME, in seconds. */
    TIMER(2, Kind.TIME),
    /** Of the counters' area: three decimal digits. */
    COUNTER(2, Kind.TIME);

    /** What the bits mean. */
    enum Kind {
        STATE,
        SIGNED,
        UNSIGNED,
        REAL,
        TEXT,
        /** A form of its own, which can be read but not written. */
        TIME
    }

    private final int bytes;
    private final Kind kind;

    DataType(int bytes, Kind kind) {
        this.bytes = bytes;
        this.kind = kind;
    }

    /** Its size in a PLC's memory; 0 for a bit, and for what has no fixed size. */
    int bytes() {
        return bytes;
    }

    Kind kind() {
        return kind;
    }

    /** Those that a variable is declared with; a timer or counter is known by its address. */
    static DataType[] declared() {
        return Stream.of(values()).filter(type -> !type.numbered()).toArray(DataType[]::new);
    }

    /** True if it can be scaled. */
    boolean number() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED || kind == Kind.REAL || this == S5TIME || numbered();
    }

    /** True of timers and counters, which have a number and no address in bytes. */
    boolean numbered() {
        return this == TIMER || this == COUNTER;
    }

    boolean string() {
        return this == STRING || this == WSTRING;
    }
}
