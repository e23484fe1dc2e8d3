package io.streamforge.it.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private final ObjectNode line = new ObjectMapper()
            .createObjectNode()
            .put("bench", "validate")
            .put("ratio_hand", 0.9)
            .put("p99_ratio", 1.51);

    @Test
    void aLimitBelongsToWhatIsAllowed() {
        Limits limits = new Limits(line).atLeast("ratio_hand", 0.9).atMost("p99_ratio", 1.51);
        assertThatCode(limits::check).doesNotThrowAnyException();
    }

    @Test
    void namesEveryFigureThatMissesItsLimitOrIsNotThere() {
        assertThatThrownBy(() -> new Limits(line)
                        .atLeast("ratio_hand", 0.91)
                        .atMost("p99_ratio", 1.5)
                        .atLeast("ratio_copy", 0.8)
                        .check())
                .hasMessage(
                        "Bench 'validate': ratio_hand must be at least 0.91, got 0.9; p99_ratio must be at most 1.5, got 1.51; "
                                + "ratio_copy must be at least 0.8, got NaN.");
    }
}
