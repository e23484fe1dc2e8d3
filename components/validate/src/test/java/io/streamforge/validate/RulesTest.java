package io.streamforge.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    @ParameterizedTest
    @CsvSource({
        "press-07, press-07, true",
        "press-07, press-070, false",
        "press-*, press-, true",
        "press-*, press, false",
        "*, anything, true",
        "*-07, press-07, true",
        "p*s-*7, press-07, true",
        "p*s-*7, press-08, false",
        "press-0?, press-07, true",
        "press-0?, press-0, false",
        "a*b*c, aXbYbZc, true",
        "a.c, abc, false"
    })
    void patternsMatchNames(String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void anExactAssetWinsOverALongerPatternWhateverTheOrder() {
        Rules rules = rules("""
                [{"asset":"press-line-north-*","parameter":"temperature","range":{"max":1}},
                 {"asset":"p","parameter":"*","range":{"max":2}},
                 {"asset":"press-line-north-7","parameter":"*","range":{"max":3}},
                 {"asset":"*","parameter":"temperature","range":{"max":4}}]""");

        assertThat(max(rules, "press-line-north-7", "temperature")).isEqualTo(3);
        assertThat(max(rules, "press-line-north-8", "temperature")).isEqualTo(1);
        assertThat(max(rules, "boiler", "temperature")).isEqualTo(4);
        assertThat(rules.checksFor("boiler", "pressure").range()).isNull();
    }

    @Test
    void theFirstOfTwoEquallySpecificRulesWins() {
        Rules rules = rules("""
                [{"asset":"press-*","range":{"max":1}},{"asset":"*-press","range":{"max":2}}]""");

        assertThat(max(rules, "press-press", "x")).isEqualTo(1);
    }

    @Test
    void eachKindOfCheckIsDecidedByItself() {
        Rules rules = rules("""
                [{"required":true},
                 {"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}},
                 {"asset":"press-07","parameter":"mode","required":false}]""");

        assertThat(rules.checksFor("press-07", "temperature").required()).isTrue();
        assertThat(rules.checksFor("press-07", "temperature").range()).isNotNull();
        assertThat(rules.checksFor("press-07", "mode").required()).isFalse();
    }

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatThrownBy(() -> rules("""
                [{"asset":"","range":{"min":5,"max":1}},
                 {"range":{"low":1}},
                 {"required":"yes"},
                 {"parameter":7,"range":{"max":"hot"}},
                 {"asset":"a","rnage":{}},
                 3]"""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Validation rules 'plant': "
                        + "rules[0].asset must be a name or a pattern with * and ?, got \"\"; "
                        + "rules[0].range.min must not exceed max, got 5 and 1; "
                        + "rules[1].range.low is unknown, known: max, min; "
                        + "rules[1].range must have min, max or both; "
                        + "rules[2].required must be true or false, got \"yes\"; "
                        + "rules[3].parameter must be a name or a pattern with * and ?, got 7; "
                        + "rules[3].range.max must be a finite number, got \"hot\"; "
                        + "rules[4].rnage is unknown, known: asset, parameter, range, required; "
                        + "rules[4] must state range or required; "
                        + "rules[5] must be an object, got number.");
    }

    @Test
    void refusesWhatIsNoArray() {
        assertThatThrownBy(() -> rules("{}"))
                .hasMessage("Validation rules 'plant': rules must be an array, got object.");
    }

    private static double max(Rules rules, String asset, String parameter) {
        Range.Limits range = rules.checksFor(asset, parameter).range();
        return Objects.requireNonNull(range).max();
    }

    static Rules rules(String json) {
        try {
            return Rules.parse("plant", new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
