package io.streamforge.model;

/** Which {@link Value} a reading holds. The order is that of the union in the reading's schema. */
public enum ValueKind {
    NONE,
    REAL,
    WHOLE,
    FLAG,
    TEXT
}
