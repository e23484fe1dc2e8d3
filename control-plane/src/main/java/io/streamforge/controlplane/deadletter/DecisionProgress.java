package io.streamforge.controlplane.deadletter;

/** How far a decision is for one letter. */
enum DecisionProgress {
    /** The gateway has not taken it: it may be offline. */
    WAITING,
    /** It is in the gateway's stream. */
    TAKEN,
    /** The gateway has said what became of it. */
    DONE
}
