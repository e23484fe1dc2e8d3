package io.streamforge.modbus;

import java.util.Locale;

/** Most significant first (big, the standard's own, Modbus Application Protocol V1.1b3 §4.2) or last (little, as many devices do). */
enum Order {
    BIG,
    LITTLE;

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
