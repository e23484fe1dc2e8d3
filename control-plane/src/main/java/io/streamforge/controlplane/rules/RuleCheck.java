package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks a rule set by itself. */
public final class RuleCheck {

    private RuleCheck() {}

    /** Everything that is wrong, with pointers into the definition. */
    public static List<FieldProblem> check(RuleSetDefinition rules) {
        List<FieldProblem> problems = new ArrayList<>();
        Map<List<String>, Integer> first = new HashMap<>();
        for (int i = 0; i < rules.validation().size(); i++) {
            ValidationRule rule = rules.validation().get(i);
            String at = "/validation/" + i;
            ValidationRule.Range range = rule.range();
            if (range == null && rule.required() == null) {
                problems.add(new FieldProblem(at, "The rule states nothing: give it a range, or required."));
            }
            if (range != null && range.min() == null && range.max() == null) {
                problems.add(new FieldProblem(at + "/range", "range must have min, max or both."));
            }
            if (range != null && range.min() != null && range.max() != null && range.min() > range.max()) {
                problems.add(new FieldProblem(
                        at + "/range/min", "min must be at most max, %s, got %s.".formatted(range.max(), range.min())));
            }
            if (range != null) {
                once(rule, "range", i, first).ifPresent(problems::add);
            }
            if (rule.required() != null) {
                once(rule, "required", i, first).ifPresent(problems::add);
            }
        }
        problems.addAll(Windows.check(rules.aggregates()));
        return problems;
    }

    private static Optional<FieldProblem> once(
            ValidationRule rule, String check, int index, Map<List<String>, Integer> first) {
        Integer earlier = first.putIfAbsent(List.of(rule.asset(), rule.parameter(), check), index);
        return earlier == null
                ? Optional.empty()
                : Optional.of(new FieldProblem(
                        "/validation/%d/%s".formatted(index, check),
                        "%s of asset '%s' and parameter '%s' is stated at /validation/%d already."
                                .formatted(check, rule.asset(), rule.parameter(), earlier)));
    }
}
