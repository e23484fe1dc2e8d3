package io.streamforge.validate;

import org.jspecify.annotations.Nullable;

/** What the validator knows of one series. Those with a rule that compares readings know more: {@link Tracked}. */
sealed class Signal permits Tracked {

    private final Checks checks;
    private long seen;
    private boolean bad;
    private Clocks.@Nullable Skewed skewed;

    Signal(Checks checks) {
        this.checks = checks;
    }

    final Checks checks() {
        return checks;
    }

    /** The gateway time of its latest record, in microseconds. */
    final long seen() {
        return seen;
    }

    final void see(long gatewayTime) {
        seen = Math.max(seen, gatewayTime);
    }

    /** Whether its latest record was BAD. */
    final boolean bad() {
        return bad;
    }

    final void setBad(boolean bad) {
        this.bad = bad;
    }

    /** Nothing was said of it yet. */
    void unmark() {
        bad = false;
    }

    /** The clock of its device as long as that is wrong. */
    final Clocks.@Nullable Skewed skewed() {
        return skewed;
    }

    final void setSkewed(Clocks.@Nullable Skewed skewed) {
        this.skewed = skewed;
    }
}
