package io.streamforge.http;

/** A body that is not taken; a verdict on data, so it carries no stack trace. */
final class RefusedException extends Exception {

    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.detail(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
