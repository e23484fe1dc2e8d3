package io.streamforge.adapter;

import java.util.Locale;

/** Whether a source's samples carry the device's own time. */
enum DeviceClock {
    /** The protocol or the device has no clock: the gateway's time stands in, and the quality is not touched. */
    NONE,
    /** Every sample should carry one: where it is missing, the gateway's time stands in and the quality is at best UNCERTAIN. */
    DEVICE;

    /** How a configuration writes it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
