package io.streamforge.routes.runtime;

/** What became of a plan that the reconciler was given. */
public sealed interface Outcome {

    /** It runs and is remembered. */
    record Applied() implements Outcome {}

    /** It ran already. */
    record Unchanged() implements Outcome {}

    /** The gateway is stopping; nothing was decided. */
    record Interrupted() implements Outcome {}

    /** It is not run; what ran before does, or runs again. The same hash is not tried again. */
    record Rejected(String reason) implements Outcome {}
}
