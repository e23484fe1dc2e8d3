package io.streamforge.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
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

        assertThat(rules.checksFor("press-07", "temperature").asksForValue()).isTrue();
        assertThat(rules.checksFor("press-07", "temperature").range()).isNotNull();
        assertThat(rules.checksFor("press-07", "mode").asksForValue()).isFalse();
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
                        + "rules[4].rnage is unknown, known: allowed, asset, duplicates, expression, flatline, gap,"
                        + " parameter, range, rate, required, type, unit, warning; "
                        + "rules[4] must state at least one of range, required, warning, rate, flatline, gap,"
                        + " duplicates, type, unit, allowed, expression; "
                        + "rules[5] must be an object, got number.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rate':{}} | rules[0].rate.maxPerSecond must be a number above 0, got none",
                "{'rate':{'maxPerSecond':0}} | rules[0].rate.maxPerSecond must be a number above 0, got 0",
                "{'rate':{'maxPerSecond':1e999}} | rules[0].rate.maxPerSecond must be a number above 0, got \"Infinity\"",
                "{'rate':{'maxPerSecond':1,'withinMs':0}} | rules[0].rate.withinMs must be 1 to 86400000, got 0",
                "{'rate':5} | rules[0].rate must be an object with maxPerSecond, withinMs, got number",
                "{'rate':{'maxPerSecond':1,'x':1}} | rules[0].rate.x is unknown, known: maxPerSecond, withinMs",
                "{'flatline':{}} | rules[0].flatline.afterMs must be 1 to 86400000, got none",
                "{'flatline':{'afterMs':86400001}} | rules[0].flatline.afterMs must be 1 to 86400000, got 86400001",
                "{'flatline':{'afterMs':1.5}} | rules[0].flatline.afterMs must be 1 to 86400000, got 1.5",
                "{'flatline':{'afterMs':1,'tolerance':-1}} | rules[0].flatline.tolerance must be a number of at least 0, got -1",
                "{'flatline':{'afterMs':1,'tolerance':'a'}} | rules[0].flatline.tolerance must be a number of at least 0, got \"a\"",
                "{'flatline':true} | rules[0].flatline must be an object with afterMs, tolerance, got boolean",
                "{'gap':{'maxGapMs':-1}} | rules[0].gap.maxGapMs must be 1 to 86400000, got -1",
                "{'gap':5} | rules[0].gap must be an object with maxGapMs, got number",
                "{'duplicates':{'remember':1001}} | rules[0].duplicates.remember must be 0 (off) to 1000, got 1001",
                "{'duplicates':{'remember':-1}} | rules[0].duplicates.remember must be 0 (off) to 1000, got -1",
                "{'duplicates':true} | rules[0].duplicates must be an object with remember, got boolean",
                "{'type':'int'} | rules[0].type must be number, flag or text, got \"int\"",
                "{'unit':5} | rules[0].unit must be a UCUM code, empty for none, got 5",
                "{'allowed':[]} | rules[0].allowed must be a list of 1 to 1000 values, got 0",
                "{'allowed':'a'} | rules[0].allowed must be a list of 1 to 1000 values, got string",
                "{'allowed':[1,null,9007199254740992]} | rules[0].allowed[1] must be a number below 2^53, true, false or a text, got null; rules[0].allowed[2] must be a number below 2^53, true, false or a text, got 9007199254740992",
                "{'expression':{}} | rules[0].expression.test must be an expression, got none",
                "{'expression':'value'} | rules[0].expression must be an object with test, verdict, got string",
                "{'expression':{'test':'value < 3','verdict':'GOOD'}} | rules[0].expression.verdict must be SUSPECT or BAD, got \"GOOD\"",
                "{'expression':{'test':'valu < 3'}} | rules[0].expression.test 'valu < 3': at 1:1: undeclared reference to 'valu' (in container '')",
                "{'warning':{}} | rules[0].warning must have min, max or both"
            })
    void namesTheMistakeInEachKind(String rule, String mistake) {
        assertThatThrownBy(() -> rules("[" + rule.replace('\'', '"') + "]"))
                .hasMessage("Validation rules 'plant': " + mistake + ".");
    }

    @Test
    void theLimitsThemselvesAreAllowed() {
        Checks checks = rules("""
                [{"rate":{"maxPerSecond":0.1,"withinMs":86400000},"flatline":{"afterMs":1,"tolerance":0},
                  "gap":{"maxGapMs":86400000},"duplicates":{"remember":1000},"allowed":[9007199254740991]}]""").checksFor("a", "p");

        assertThat(checks.rate()).isEqualTo(new Checks.Rate(0.1, Duration.ofDays(1)));
        assertThat(checks.flatline()).isEqualTo(new Checks.Flatline(Duration.ofMillis(1), 0));
        assertThat(checks.maxGap()).isEqualTo(Duration.ofDays(1));
        assertThat(checks.remembered()).isEqualTo(1_000);
    }

    @Test
    void eachKindFindsItsOwnRule() {
        Rules rules = rules("""
                [{"range":{"max":1},"required":true,"warning":{"max":1},"rate":{"maxPerSecond":1},
                  "flatline":{"afterMs":1},"gap":{"maxGapMs":1},"duplicates":{"remember":1},"type":"number",
                  "unit":"a","allowed":[1],"expression":{"test":"value < 1"}},
                 {"asset":"press-07","range":{"max":2}},
                 {"asset":"press-07","required":false,"warning":{"max":2},"rate":{"maxPerSecond":2},
                  "flatline":{"afterMs":2},"gap":{"maxGapMs":2},"duplicates":{"remember":2},"type":"flag",
                  "unit":"b","allowed":[2],"expression":{"test":"value < 2"}}]""");

        assertThat(said(rules.checksFor("boiler", "p")))
                .isEqualTo("at most 1 true at most 1 1.0 1 1 1 NUMBER a 1 value < 1");
        assertThat(said(rules.checksFor("press-07", "p")))
                .isEqualTo("at most 2 false at most 2 2.0 2 2 2 FLAG b 2 value < 2");
    }

    private static String said(Checks checks) {
        return "%s %s %s %s %s %s %s %s %s %s %s"
                .formatted(
                        Objects.requireNonNull(checks.range()).sentence(),
                        checks.required(),
                        Objects.requireNonNull(checks.warning()).sentence(),
                        Objects.requireNonNull(checks.rate()).maxPerSecond(),
                        Objects.requireNonNull(checks.flatline()).after().toMillis(),
                        Objects.requireNonNull(checks.maxGap()).toMillis(),
                        checks.remembered(),
                        checks.type(),
                        checks.unit(),
                        checks.allowed(),
                        Objects.requireNonNull(checks.condition()).expression());
    }

    @Test
    void signalsThatAreAskedTheSameShareIt() {
        Rules rules = rules("[{\"asset\":\"press-*\",\"range\":{\"max\":1}},{\"required\":true}]");

        assertThat(rules.checksFor("press-1", "p")).isSameAs(rules.checksFor("press-2", "q"));
        assertThat(rules.checksFor("boiler", "p")).isNotSameAs(rules.checksFor("press-2", "q"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'range':{'max':1}} | 60",
                "{'rate':{'maxPerSecond':1}} | 600",
                "{'rate':{'maxPerSecond':1,'withinMs':1200000}} | 1200",
                "{'flatline':{'afterMs':1000}} | 600",
                "{'flatline':{'afterMs':600000}} | 1200",
                "{'gap':{'maxGapMs':600000}} | 1200",
                "{'duplicates':{}} | 600",
                "{'duplicates':{'remember':0}} | 60",
                "{'expression':{'test':'value < 5'}} | 60",
                "{'expression':{'test':'value < previous'}} | 600"
            })
    void theHorizonIsAsFarAsAnyRuleLooks(String rule, long seconds) {
        assertThat(rules("[{'required':true}, %s]".formatted(rule).replace('\'', '"'))
                        .horizon())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void refusesWhatIsNoArray() {
        assertThatThrownBy(() -> rules("{}"))
                .hasMessage("Validation rules 'plant': rules must be an array, got object.");
    }

    private static long max(Rules rules, String asset, String parameter) {
        String sentence = Objects.requireNonNull(
                        rules.checksFor(asset, parameter).range())
                .sentence();
        return Long.parseLong(sentence.substring("at most ".length()));
    }

    static Rules rules(String json) {
        try {
            return Rules.parse("plant", new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
