package io.streamforge.demo.plant;

import java.time.Duration;
import java.time.Instant;

/**
 * What goes wrong with a device, by the clock on the wall: the same minutes of every ten, so that an operator who has read the
 * notes can wait for it.
 *
 * @param kind what a client sees meanwhile
 * @param minute 0 to 9, the minute of every ten (of UTC) in which it begins
 * @param length up to ten minutes
 */
record Failure(Kind kind, int minute, Duration length) {

    enum Kind {
        /** The drum level sensor's wire is broken: its register reads 0xFFFF. */
        LEVEL_SENSOR_STUCK,
        /** Requests stay without an answer. */
        SILENT,
        /** The heater's controller is off: its register answers ILLEGAL_DATA_ADDRESS. */
        HEATER_ADDRESS_ILLEGAL
    }

    private static final long EVERY_S = Duration.ofMinutes(10).toSeconds();

    boolean active(Instant now) {
        long since = Math.floorMod(now.getEpochSecond() - 60L * minute, EVERY_S);
        return since < length.toSeconds();
    }
}
