package io.streamforge.adapter;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Holds the requests to one device apart: none begins sooner after the last one's end than the device needs, and no more than so many within any one
 * second, however many points there are and whoever asks.
 */
public final class Pace {

    /** More a second than any device that must be spared would stand. */
    public static final int GREATEST_CEILING = 1000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long pause;
    /** When the latest requests began, as a ring; as many as the ceiling. */
    private final long[] begun;

    private long ended = System.nanoTime();
    private long requests;
    private boolean closed;

    /**
     * @param pause from the end of a request to the beginning of the next, zero for none
     * @param ceiling most requests in a second, up to {@link #GREATEST_CEILING}, 0 for any number
     */
    public Pace(Duration pause, int ceiling) {
        this.pause = pause.toNanos();
        this.begun = new long[ceiling];
    }

    /** Adds to the errors of a configuration whose ceiling cannot be. */
    public static void check(OptionErrors errors, int ceiling) {
        errors.range("maxRequestsPerSecond", ceiling, 0, GREATEST_CEILING);
    }

    /**
     * Waits until the next request may go out, and counts it.
     *
     * @return false if it may not because the pace was closed
     */
    public synchronized boolean begin() throws InterruptedException {
        for (long left = left(); left > 0 && !closed; left = left()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (closed) {
            return false;
        }
        if (begun.length > 0) {
            begun[(int) (requests % begun.length)] = System.nanoTime();
        }
        requests++;
        return true;
    }

    /** Nanoseconds for which {@link #begin} would wait; none if not positive. */
    public synchronized long left() {
        long now = System.nanoTime();
        long rested = ended + pause - now;
        if (requests < begun.length || begun.length == 0) {
            return requests == 0 ? 0 : rested;
        }
        return Math.max(rested, begun[(int) (requests % begun.length)] + SECOND - now);
    }

    /** The answer came, or nobody waits for it any longer. */
    public synchronized void end() {
        ended = System.nanoTime();
    }

    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Requests that went out so far. */
    public synchronized long requests() {
        return requests;
    }

    /** Most requests in a second; 0 for any number. */
    public int ceiling() {
        return begun.length;
    }
}
