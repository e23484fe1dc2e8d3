package io.streamforge.controlplane.deadletter;

/** How a dead letter stands. */
enum DeadLetterState {
    /** Nobody has decided, or the decision is under way. */
    PENDING,
    /** It passed by an operator's name, or was handed to its stage again. */
    REPROCESSED,
    DISCARDED,
    /** The decision could not be carried out, or the stage refused it again; the reason says which. */
    REPROCESS_FAILED
}
