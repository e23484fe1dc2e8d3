package io.streamforge.ledger;

import java.util.List;

/** The topics the ledger is kept from, and its own. */
final class Topics {

    static final String RAW = "telemetry.raw";
    /** Dead letters that an operator sends through the rules again. */
    static final String REPROCESS = "telemetry.reprocess";

    static final String CLEAN = "telemetry.clean";
    static final String DEAD = "dlq.telemetry";
    static final String SINK_DEAD = "dlq.sink";
    static final String LEDGER = "audit.ledger";

    /** What the stage counts. */
    static final List<String> COUNTED = List.of(RAW, REPROCESS, CLEAN, DEAD, SINK_DEAD);

    private Topics() {}
}
