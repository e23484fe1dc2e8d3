package io.streamforge.model;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * For how long, never for when: begins at the wall clock's time and goes on by what has elapsed. A gateway whose time is set while it runs (by the first answer
 * of a time server, or by hand) waits neither longer nor shorter for it.
 */
public final class ElapsedClock extends Clock {

    private final Instant begin;
    private final long beginNanos;
    private final LongSupplier nanos;

    public ElapsedClock() {
        this(Clock.systemUTC().instant(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    ElapsedClock(Instant begin, LongSupplier nanos) {
        this.begin = begin;
        this.beginNanos = nanos.getAsLong();
        this.nanos = nanos;
    }

    @Override
    public Instant instant() {
        return begin.plusNanos(nanos.getAsLong() - beginNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Nobody reads the hour from it. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
