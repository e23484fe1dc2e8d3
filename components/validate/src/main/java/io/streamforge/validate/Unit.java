package io.streamforge.validate;

import io.streamforge.model.ReadingView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The unit that a rule asks for, compared where it lies in a record. */
final class Unit {

    private final String code;
    private final byte[] bytes;

    /** @param code UCUM, empty for none */
    Unit(String code) {
        this.code = code;
        this.bytes = code.getBytes(StandardCharsets.UTF_8);
    }

    boolean is(ReadingView reading) {
        int at = reading.unitOffset();
        return Arrays.equals(bytes, 0, bytes.length, reading.bytes(), at, at + reading.unitLength());
    }

    @Override
    public String toString() {
        return code;
    }
}
