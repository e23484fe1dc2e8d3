package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.routes.runtime.RestartBudget.Decision;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    private final SettableClock clock = new SettableClock(START);
    private final RestartBudget budget = new RestartBudget(clock);

    @Test
    void doublesTheDelayAndGivesUpAfterFiveRestarts() {
        for (int delay : new int[] {1, 2, 4, 8, 16}) {
            assertThat(budget.failed("a"))
                    .isEqualTo(new Decision.Restart(clock.instant().plusSeconds(delay)));
            clock.advance(Duration.ofSeconds(delay));
        }
        assertThat(budget.failed("a")).isEqualTo(new Decision.GiveUp());
    }

    @Test
    void oneRouteDoesNotUseUpAnothersBudget() {
        for (int i = 0; i < 6; i++) {
            budget.failed("a");
        }
        assertThat(budget.failed("b")).isEqualTo(new Decision.Restart(START.plusSeconds(1)));
    }

    @Test
    void restartsOlderThanFiveMinutesAreForgotten() {
        for (int i = 0; i < 5; i++) {
            budget.failed("a");
        }
        clock.advance(Duration.ofMinutes(5));

        assertThat(budget.failed("a"))
                .isEqualTo(new Decision.Restart(clock.instant().plusSeconds(1)));
    }

    @Test
    void aFreshStartBeginsAnew() {
        for (int i = 0; i < 6; i++) {
            budget.failed("a");
        }
        budget.forget("a");

        assertThat(budget.failed("a")).isEqualTo(new Decision.Restart(START.plusSeconds(1)));
    }
}
