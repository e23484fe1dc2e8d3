package io.streamforge.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "value < 80; true",
                "value < 24; false",
                "value * 2 > 48 && value - 1 < 24; true",
                "value > 24 ? quality == 'GOOD' : true; true",
                "value in [1, 24.1]; true",
                "unit == 'Cel' && quality == 'SUSPECT'; false",
                "previous - value < 1 && seconds == 5; true",
                "(value - previous) / seconds <= 0.03; true",
                "double(size(unit)) == 3; true",
                "unit.matches('^C.l$'); true",
                "double(unit == 'Cel' ? '1' : '2') == 1; true"
            })
    void saysWhetherTheConditionHolds(String text, boolean expected) throws Exception {
        assertThat(Expression.compile(text).holds(24.1, "GOOD", "Cel", 24.0, 5.0))
                .isEqualTo(expected);
    }

    @Test
    void textsAndFlagsAreValuesToo() throws Exception {
        assertThat(Expression.compile("value in ['AUTO', 'MANUAL']").holds("AUTO", "GOOD", "", null, 0))
                .isTrue();
        assertThat(Expression.compile("value || previous").holds(false, "GOOD", "", true, 1))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "valu > 3; at 1:1: undeclared reference to 'valu'",
                "value > 3 && limit < valu; at 1:14: undeclared reference to 'limit'",
                "value >; at 1:8: mismatched input '<EOF>'",
                "value + 1; expected type 'bool'",
                "1 + 1; expected type 'bool' but found 'double'",
                "[1, 2].all(x, x > 0); undeclared reference to 'all'",
                "java.lang.System.exit(0) == 1; undeclared reference to 'exit'",
                "unit.matches('['); at 1:14: Regex validation failed"
            })
    void aMistakeIsNamedWithItsPosition(String text, String message) {
        assertThatThrownBy(() -> Expression.compile(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThatThrownBy(() -> Expression.compile("a > 1 && b > 1"))
                .hasMessageContaining("at 1:1: undeclared reference to 'a'")
                .hasMessageContaining("at 1:10: undeclared reference to 'b'");
    }

    @Test
    void lengthAndDepthAreBounded() {
        String longest = "value > 1" + " ".repeat(Expression.MAX_LENGTH - 9);

        assertThat(Expression.compile(longest)).hasToString(longest);
        assertThatThrownBy(() -> Expression.compile(longest + " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Expression.compile("(".repeat(40) + "value > 1" + ")".repeat(40)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeComparedIsAnEvaluationError() {
        assertThatThrownBy(() -> Expression.compile("value > 3").holds("hot", "GOOD", "", null, 0))
                .isInstanceOf(Expression.EvaluationException.class)
                .hasMessageContaining("No matching overload");
        assertThatThrownBy(() -> Expression.compile("value || false").holds(1.0, "GOOD", "", null, 0))
                .isInstanceOf(Expression.EvaluationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"value > previous", "seconds < 5"})
    void knowsWhetherItNeedsAPreviousReading(String text) {
        assertThat(Expression.compile(text).comparing()).isTrue();
        assertThat(Expression.compile("value > 3 || quality == 'previous'").comparing())
                .isFalse();
    }
}
