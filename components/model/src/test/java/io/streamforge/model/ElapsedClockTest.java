package io.streamforge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ElapsedClockTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void goesOnByWhatHasElapsed() {
        AtomicLong nanos = new AtomicLong(-5);
        ElapsedClock clock = new ElapsedClock(BEGIN, nanos::get);
        assertThat(clock.instant()).isEqualTo(BEGIN);
        nanos.addAndGet(1_500_000_000L);
        assertThat(clock.instant()).isEqualTo(BEGIN.plusMillis(1_500));
    }

    @Test
    void beginsAtTheWallClocksTime() {
        Instant before = Instant.now();
        Instant begun = new ElapsedClock().instant();
        assertThat(begun).isBetween(before, before.plusSeconds(60));
    }
}
