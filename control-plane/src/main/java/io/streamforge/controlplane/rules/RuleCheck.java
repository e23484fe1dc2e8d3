package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
            Map<String, Object> stated = stated(rule);
            if (stated.isEmpty()) {
                problems.add(new FieldProblem(at, "The rule states nothing: give it a range, or any other check."));
            }
            problems.addAll(new CheckOfChecks(at).of(rule));
            for (String check : stated.keySet()) {
                once(rule, check, i, first).ifPresent(problems::add);
            }
        }
        problems.addAll(Windows.check(rules.aggregates()));
        return problems;
    }

    /** The checks that the rule states, by their names, in the order of the record. */
    private static Map<String, Object> stated(ValidationRule rule) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("range", rule.range());
        all.put("required", rule.required());
        all.put("warning", rule.warning());
        all.put("rate", rule.rate());
        all.put("flatline", rule.flatline());
        all.put("gap", rule.gap());
        all.put("duplicates", rule.duplicates());
        all.put("type", rule.type());
        all.put("unit", rule.unit());
        all.put("allowed", rule.allowed());
        all.put("expression", rule.expression());
        Map<String, Object> stated = new LinkedHashMap<>();
        all.forEach((name, check) -> {
            if (check != null) {
                stated.put(name, check);
            }
        });
        return stated;
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
