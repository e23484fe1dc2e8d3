package io.streamforge.simulator;

import java.util.Locale;

/** What goes wrong with a point, from time to time. */
enum Fault {
    NONE,
    /** Value and device time stay what they were. */
    STALE,
    /** The value is no number: the point is BAD. */
    NAN,
    /** The value is off by the fault's size. */
    SPIKE,
    /** The point is BAD at every other poll. */
    FLAP,
    /** The device answers later by the fault's size in milliseconds, for all its points. */
    LATENCY,
    /** The device is away, with all its points. */
    DISCONNECT;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
