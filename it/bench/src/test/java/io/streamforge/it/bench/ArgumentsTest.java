package io.streamforge.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void takesNumbersAndJsonInAnyOrder() {
        Arguments given = of("--rounds", "3", "--json", "--forks", "2");
        assertThat(given.json()).isTrue();
        assertThat(given.number("--rounds", 5)).isEqualTo(3);
        assertThat(given.number("--forks", 5)).isEqualTo(2);
        assertThat(of().json()).isFalse();
        assertThat(of().number("--rounds", 5)).isEqualTo(5);
    }

    @Test
    void saysWhatItDoesNotKnowInsteadOfMeasuring() {
        assertThatThrownBy(() -> of("--help"))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage("Unknown option '--help'. Known: --rounds, --forks, --json.");
        assertThatThrownBy(() -> of("--rounds", "0"))
                .hasMessage("Option --rounds must be a whole number from 1, got 0.");
        assertThatThrownBy(() -> of("--json", "--rounds"))
                .hasMessage("Option --rounds must be a whole number from 1, got nothing.");
    }

    private static Arguments of(String... words) {
        return Arguments.of(words, "--rounds", "--forks");
    }
}
