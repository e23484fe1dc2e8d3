package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CausesTest {

    @Test
    void namesEachCauseOnce() {
        assertThat(Causes.sentence(new RuntimeException("a: b is away", new IllegalStateException("b is away"))))
                .isEqualTo("b is away");
        assertThat(Causes.sentence(new RuntimeException("a cannot start", new NullPointerException())))
                .isEqualTo("a cannot start: NullPointerException");
    }

    @Test
    void aCauseWithoutWordsDoesNotTakeAwayThoseThatNameIt() {
        assertThat(Causes.sentence(new IllegalStateException(
                        "The stream did not make its topics within 10 s: TimeoutException", new TimeoutException())))
                .isEqualTo("The stream did not make its topics within 10 s: TimeoutException");
    }
}
