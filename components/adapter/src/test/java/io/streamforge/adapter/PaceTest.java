package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void withoutPauseAndCeilingNobodyWaits() throws Exception {
        Pace pace = new Pace(Duration.ZERO, 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.begin()).isTrue();
            pace.end();
        }
        assertThat(pace.requests()).isEqualTo(10_000);
        assertThat(pace.ceiling()).isZero();
    }

    @Test
    void noMoreThanTheCeilingBeginInAnySecond() throws Exception {
        Pace pace = new Pace(Duration.ZERO, 50);
        long begun = System.nanoTime();
        for (int i = 0; i < 51; i++) {
            assertThat(pace.begin()).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theFirstRequestNeedsNoPauseTheSecondDoesFromTheFirstOnesEnd() throws Exception {
        Pace pace = new Pace(Duration.ofMillis(20), 0);
        assertThat(pace.begin()).isTrue();
        long ending = System.nanoTime();
        pace.end();
        assertThat(pace.begin()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - ending)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void whoWaitsIsToldOfTheClose() throws Exception {
        Pace pace = new Pace(LONG, 1);
        assertThat(pace.begin()).isTrue();
        pace.end();
        CompletableFuture<Boolean> waits = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                waits.complete(pace.begin());
            } catch (InterruptedException e) {
                waits.completeExceptionally(e);
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        pace.close();
        assertThat(waits).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
        assertThat(pace.begin()).isFalse();
        assertThat(pace.requests()).isEqualTo(1);
    }

    @Test
    void aCeilingBeyondAllMeasureIsAnErrorOfTheConfiguration() {
        OptionErrors errors = new OptionErrors();
        Pace.check(errors, 0);
        Pace.check(errors, 1000);
        errors.throwIfAny("Device");
        Pace.check(errors, 1001);
        Pace.check(errors, -1);
        assertThatThrownBy(() -> errors.throwIfAny("Device"))
                .hasMessage(
                        "Device: maxRequestsPerSecond must be at most 1000, got 1001; maxRequestsPerSecond must be at least 0, got -1.");
    }
}
