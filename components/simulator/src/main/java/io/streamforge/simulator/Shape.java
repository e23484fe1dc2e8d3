package io.streamforge.simulator;

import java.util.Locale;

/** How a simulated value moves between its lowest and its highest. */
enum Shape {
    SINE,
    /** Rises from the lowest to the highest once a period, and falls at once. */
    RAMP,
    /** The highest for the first half of a period, the lowest for the second. */
    SQUARE,
    /** A random step at each poll, from the middle, never beyond lowest and highest. */
    WALK,
    /** A column of the replayed file, one line per poll, again from the top at its end. */
    REPLAY;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
