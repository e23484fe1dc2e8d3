package io.streamforge.model;

/** What kind of data a point carries; decided by the adapter's configuration, never detected at run time. */
public enum Classification {
    TELEMETRY,
    EVENT,
    ALARM
}
