package io.streamforge.model;

/** A record's bytes cannot be read and never will be: it belongs to the dead letters. A verdict on data, so it carries no stack trace. */
public final class UndecodableException extends RuntimeException {

    /** Why, as a stable code that dead letters and their statistics are grouped by. */
    public enum Reason {
        /** Does not begin with {@code 0x00} and a 4-byte schema id. */
        BAD_FRAME,
        /** The frame's schema id is not known to the registry. */
        UNKNOWN_SCHEMA,
        /** The writer's schema cannot be resolved to the expected record. */
        INCOMPATIBLE_SCHEMA,
        /** Ends inside a field. */
        TRUNCATED,
        /** A field holds what its type does not allow. */
        MALFORMED,
        /** Goes on after its last field. */
        TRAILING_BYTES
    }

    private final Reason reason;

    UndecodableException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** {@link #reason()} as a dead letter carries it. */
    public String reasonCode() {
        return reason.name();
    }
}
