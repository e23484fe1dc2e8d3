package io.streamforge.modbus;

import java.util.Locale;

/** How a point table writes addresses. */
enum Addressing {
    /** As manuals do: a leading digit for the area, then a number from 1, five or six digits in all. */
    MODICON,
    /** As the wire does: from 0 in each area. */
    ZERO_BASED;

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
