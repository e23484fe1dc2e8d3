package io.streamforge.controlplane.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RuleCheckTest {

    private static List<String> check(String validation, String aggregates) {
        RuleSetDefinition rules = JsonMapper.shared()
                .readValue(
                        "{\"id\":\"r\",\"name\":\"R\",\"validation\":%s,\"aggregates\":%s}"
                                .formatted(validation, aggregates),
                        RuleSetDefinition.class);
        return RuleCheck.check(rules).stream()
                .map(p -> p.pointer() + ": " + p.message())
                .toList();
    }

    @Test
    void rulesThatCannotMeanAnythingAreNamed() {
        assertThat(check("""
                                [{"asset":"a","parameter":"p"},
                                 {"asset":"a","parameter":"p","range":{}},
                                 {"asset":"b","parameter":"p","range":{"min":5,"max":1}},
                                 {"asset":"b","parameter":"p","required":true},
                                 {"asset":"b","parameter":"p","range":{"max":9}}]""", "[]"))
                .containsExactly(
                        "/validation/0: The rule states nothing: give it a range, or any other check.",
                        "/validation/1/range: range must have min, max or both.",
                        "/validation/2/range/min: min must be at most max, 1.0, got 5.0.",
                        "/validation/4/range: range of asset 'b' and parameter 'p' is stated at /validation/2 already.");
    }

    @Test
    void everyMistakeOfEveryKindIsNamedAtItsPlace() {
        assertThat(check("""
                                [{"asset":"a","parameter":"p","warning":{"min":5,"max":1},"rate":{"maxPerSecond":0,"withinMs":0},
                                  "flatline":{"afterMs":86400001,"tolerance":-1},"gap":{},"duplicates":{"remember":1001},
                                  "type":"int","allowed":[1,null,9007199254740992],
                                  "expression":{"test":"valu < 80","verdict":"GOOD"}},
                                 {"asset":"b","parameter":"p","warning":{},"rate":{},"flatline":{},"allowed":[],
                                  "duplicates":{"remember":-1}}]""", "[]"))
                .containsExactly(
                        "/validation/0/warning/min: min must be at most max, 1.0, got 5.0.",
                        "/validation/0/rate/maxPerSecond: maxPerSecond must be a number above 0, got 0.0.",
                        "/validation/0/rate/withinMs: withinMs must be 1 to 86400000, got 0.",
                        "/validation/0/flatline/afterMs: afterMs must be 1 to 86400000, got 86400001.",
                        "/validation/0/flatline/tolerance: tolerance must be at least 0, got -1.0.",
                        "/validation/0/gap/maxGapMs: maxGapMs must be 1 to 86400000, got null.",
                        "/validation/0/duplicates/remember: remember must be 0 (off) to 1000, got 1001.",
                        "/validation/0/type: type must be number, flag or text, got 'int'.",
                        "/validation/0/allowed/1: An allowed value must be a number below 2^53, true, false or a text, got null.",
                        "/validation/0/allowed/2: An allowed value must be a number below 2^53, true, false or a text, got 9007199254740992.",
                        "/validation/0/expression/verdict: verdict must be SUSPECT or BAD, got 'GOOD'.",
                        "/validation/0/expression/test: The condition cannot be read: at 1:1: undeclared reference to 'valu' (in container '').",
                        "/validation/1/warning: warning must have min, max or both.",
                        "/validation/1/rate/maxPerSecond: maxPerSecond must be a number above 0, got null.",
                        "/validation/1/flatline/afterMs: afterMs must be 1 to 86400000, got null.",
                        "/validation/1/duplicates/remember: remember must be 0 (off) to 1000, got -1.",
                        "/validation/1/allowed: allowed must have 1 to 1000 values, got 0.");
    }

    @Test
    void aRuleOfEveryKindIsRight() {
        assertThat(check("""
                                [{"asset":"a","parameter":"p","range":{"min":0},"required":true,"warning":{"max":1},
                                  "rate":{"maxPerSecond":0.1,"withinMs":1},"flatline":{"afterMs":86400000,"tolerance":0},
                                  "gap":{"maxGapMs":1},"duplicates":{},"type":"text","unit":"","allowed":[1,"a",true],
                                  "expression":{"test":"value < 80","verdict":"BAD"}},
                                 {"asset":"a","parameter":"q","duplicates":{"remember":1000},"expression":{"test":"true"}}]""", "[]")).isEmpty();
    }

    @Test
    void eachKindIsStatedOnceForOneAddress() {
        assertThat(check("""
                                [{"asset":"a","parameter":"p","unit":"Cel","gap":{"maxGapMs":1}},
                                 {"asset":"a","parameter":"p","unit":"K","type":"text"}]""", "[]"))
                .containsExactly(
                        "/validation/1/unit: unit of asset 'a' and parameter 'p' is stated at /validation/0 already.");
    }

    @Test
    void windowsOfAnyLengthThatDividesADay() {
        assertThat(check("[]", "[{\"resolutionMs\":1000},{\"resolutionMs\":60000},{\"resolutionMs\":3600000}]"))
                .isEmpty();
        assertThat(check("[]", "[{\"resolutionMs\":60000}]")).isEmpty();
        assertThat(
                        check(
                                "[]",
                                "[{\"resolutionMs\":99},{\"resolutionMs\":86400001},{\"resolutionMs\":7000},{\"resolutionMs\":1000},{\"resolutionMs\":1000}]"))
                .containsExactly(
                        "/aggregates/0/resolutionMs: resolutionMs must be 100 to 86400000 (a day), got 99.",
                        "/aggregates/1/resolutionMs: resolutionMs must be 100 to 86400000 (a day), got 86400001.",
                        "/aggregates/2/resolutionMs: resolutionMs must divide a day (86400000) without a rest, so that windows begin at midnight, got 7000.",
                        "/aggregates/4/resolutionMs: resolutionMs 1000 is listed twice.");
    }

    @Test
    void windowsAreMadeOfFinerOnesThatFit() {
        assertThat(check("[]", "[{\"resolutionMs\":1500},{\"resolutionMs\":1000}]"))
                .containsExactly(
                        "/aggregates/0/resolutionMs: resolutionMs must be a multiple of a finer one that is listed (1000), got 1500.");
        assertThat(check("[]", "[{\"resolutionMs\":3600000}]"))
                .containsExactly(
                        "/aggregates/0/resolutionMs: resolutionMs 3600000 needs a finer one too, of at most 60000: only windows up to that are made of readings.");
    }

    @Test
    void latenessHoldingAndQualityHaveTheirBounds() {
        assertThat(check(
                        "[]",
                        "[{\"resolutionMs\":1000,\"allowedLatenessMs\":0,\"heldMs\":60000,\"worstCounted\":\"GOOD\"},"
                                + "{\"resolutionMs\":60000,\"heldMs\":60000}]"))
                .isEmpty();
        assertThat(check(
                        "[]",
                        "[{\"resolutionMs\":1000,\"allowedLatenessMs\":-1,\"heldMs\":86400001},"
                                + "{\"resolutionMs\":60000,\"heldMs\":5,\"worstCounted\":\"GOOD\"},"
                                + "{\"resolutionMs\":3600000,\"allowedLatenessMs\":86400001,\"heldMs\":86400000}]"))
                .containsExactly(
                        "/aggregates/0/allowedLatenessMs: allowedLatenessMs must be 0 to 86400000, got -1.",
                        "/aggregates/0/heldMs: heldMs must be at most 86400000, got 86400001.",
                        "/aggregates/1/worstCounted: worstCounted can only be stated where windows are made of readings; those of 60000 ms are made of those of 1000 ms.",
                        "/aggregates/1/heldMs: heldMs must be at least 86400001, the allowed lateness and what the finer windows hold, got 5.",
                        "/aggregates/2/allowedLatenessMs: allowedLatenessMs must be 0 to 86400000, got 86400001.",
                        "/aggregates/2/heldMs: heldMs must be at least 86400001, the allowed lateness and what the finer windows hold, got 86400000.");
    }

    @Test
    void eachLengthHasATopicAndIsMadeOfTheLongestThatFits() {
        RuleSetDefinition rules = JsonMapper.shared().readValue("""
                        {"id":"r","name":"R","validation":[],"aggregates":[{"resolutionMs":86400000},{"resolutionMs":3600000},
                         {"resolutionMs":900000},{"resolutionMs":60000},{"resolutionMs":10000,"heldMs":50000},{"resolutionMs":1000,"allowedLatenessMs":40000},
                         {"resolutionMs":500}]}""", RuleSetDefinition.class);
        assertThat(Windows.of(rules.aggregates()))
                .extracting(stage -> "%s %s %d %d"
                        .formatted(stage.source(), stage.target(), stage.allowedLatenessMs(), stage.heldMs()))
                .containsExactly(
                        "telemetry.clean telemetry.500ms 2000 30000",
                        "telemetry.500ms telemetry.1s 40000 40000",
                        "telemetry.1s telemetry.10s 5000 50000",
                        "telemetry.10s telemetry.1min 5000 50000",
                        "telemetry.1min telemetry.15min 5000 50000",
                        "telemetry.15min telemetry.1hour 5000 50000",
                        "telemetry.1hour telemetry.1day 5000 50000");
    }
}
