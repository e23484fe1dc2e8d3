package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesUpToTheLongestAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));
        assertThat(backoff.next()).isBetween(50_000_000L, 100_000_000L);
        assertThat(backoff.next()).isBetween(100_000_000L, 200_000_000L);
        assertThat(backoff.next()).isBetween(175_000_000L, 350_000_000L);
        backoff.reset();
        assertThat(backoff.next()).isBetween(50_000_000L, 100_000_000L);
    }

    @Test
    void noTwoSourcesComeBackInStep() {
        assertThat(Stream.generate(() -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)).next())
                        .limit(20)
                        .distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void neverWaitsLongerThanTheLongestHoweverOftenItFails() {
        Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofHours(1));
        for (int i = 0; i < 100; i++) {
            backoff.next();
        }
        assertThat(backoff.next())
                .isBetween(Duration.ofMinutes(30).toNanos(), Duration.ofHours(1).toNanos());
    }
}
