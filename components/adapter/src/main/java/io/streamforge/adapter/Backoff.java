package io.streamforge.adapter;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Delays between attempts that double up to a longest one; each is drawn from its upper half, so that many sources do not return in step. */
public final class Backoff {

    private final long first;
    private final long longest;
    private int attempts;

    /** The first delay is at most the longest. */
    public Backoff(Duration first, Duration longest) {
        this.first = Math.min(first.toNanos(), longest.toNanos());
        this.longest = longest.toNanos();
    }

    /** How long to wait after one more failure, in nanoseconds. */
    public long next() {
        long doubled = attempts < 30 ? first << attempts : longest;
        long delay = doubled <= 0 ? longest : Math.min(longest, doubled);
        attempts++;
        return delay / 2 + ThreadLocalRandom.current().nextLong(Math.max(1, delay / 2));
    }

    /** Something worked: the next failure is the first again. */
    public void reset() {
        attempts = 0;
    }
}
