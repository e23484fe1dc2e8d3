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
                        "/validation/0: The rule states nothing: give it a range, or required.",
                        "/validation/1/range: range must have min, max or both.",
                        "/validation/2/range/min: min must be at most max, 1.0, got 5.0.",
                        "/validation/4/range: range of asset 'b' and parameter 'p' is stated at /validation/2 already.");
    }

    @Test
    void minutesNeedTheirSeconds() {
        assertThat(check("[]", "[{\"resolutionMs\":60000}]"))
                .containsExactly("/aggregates: resolutionMs 60000 needs 1000 too: a minute is made of its seconds.");
        assertThat(check("[]", "[{\"resolutionMs\":1000},{\"resolutionMs\":1000},{\"resolutionMs\":5}]"))
                .containsExactly(
                        "/aggregates/1/resolutionMs: resolutionMs 1000 is listed twice.",
                        "/aggregates/2/resolutionMs: resolutionMs must be 1000 or 60000, got 5.");
    }
}
