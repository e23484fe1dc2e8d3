package io.streamforge.ledger;

/** The topics the ledger is kept from, and its own. */
final class Topics {

    static final String RAW = "telemetry.raw";
    static final String CLEAN = "telemetry.clean";
    static final String DEAD = "dlq.telemetry";
    static final String SINK_DEAD = "dlq.sink";
    static final String LEDGER = "audit.ledger";

    private Topics() {}
}
