package io.streamforge.model;

/** How far a value may be trusted. The order is the Avro enum's and goes from best to worst; a stage may only ever move a value to the right. */
public enum Quality {
    /** Passed everything that was asked of it. */
    GOOD,
    /** Plausible but anomalous, for instance in a warning band. */
    SUSPECT,
    /** Low confidence, for instance no device clock where one was expected. */
    UNCERTAIN,
    /** Not to be used: goes to the dead letters, never to an average. */
    BAD
}
