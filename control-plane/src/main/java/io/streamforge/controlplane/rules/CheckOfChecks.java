package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with the checks of one rule, by the limits of the gateway's validator. Used once. */
final class CheckOfChecks {

    private static final long LONGEST_MS = 86_400_000;
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_ALLOWED = 1_000;
    private static final double LARGEST_ALLOWED = 1L << 53;
    private static final Set<String> TYPES = Set.of("number", "flag", "text");
    private static final Set<String> VERDICTS = Set.of("SUSPECT", "BAD");

    private final List<FieldProblem> problems = new ArrayList<>();
    private final String at;

    /** @param at the rule's pointer */
    CheckOfChecks(String at) {
        this.at = at;
    }

    List<FieldProblem> of(ValidationRule rule) {
        range("/range", rule.range());
        range("/warning", rule.warning());
        if (rule.rate() != null) {
            Double most = rule.rate().maxPerSecond();
            if (most == null || !(most > 0) || most.isInfinite()) {
                add("/rate/maxPerSecond", "maxPerSecond must be a number above 0, got %s.".formatted(most));
            }
            if (rule.rate().withinMs() != null) {
                millis("/rate/", "withinMs", rule.rate().withinMs());
            }
        }
        if (rule.flatline() != null) {
            millis("/flatline/", "afterMs", rule.flatline().afterMs());
            Double tolerance = rule.flatline().tolerance();
            if (tolerance != null && (!(tolerance >= 0) || tolerance.isInfinite())) {
                add("/flatline/tolerance", "tolerance must be at least 0, got %s.".formatted(tolerance));
            }
        }
        if (rule.gap() != null) {
            millis("/gap/", "maxGapMs", rule.gap().maxGapMs());
        }
        Integer remember = rule.duplicates() == null ? null : rule.duplicates().remember();
        if (remember != null && (remember < 0 || remember > MOST_REMEMBERED)) {
            add("/duplicates/remember", "remember must be 0 (off) to %d, got %d.".formatted(MOST_REMEMBERED, remember));
        }
        if (rule.type() != null && !TYPES.contains(rule.type())) {
            add("/type", "type must be number, flag or text, got '%s'.".formatted(rule.type()));
        }
        if (rule.allowed() != null) {
            allowed(rule.allowed());
        }
        if (rule.expression() != null) {
            expression(rule.expression());
        }
        return problems;
    }

    private void range(String pointer, ValidationRule.@Nullable Range range) {
        if (range == null) {
            return;
        }
        if (range.min() == null && range.max() == null) {
            add(pointer, "%s must have min, max or both.".formatted(pointer.substring(1)));
        }
        if (range.min() != null && range.max() != null && range.min() > range.max()) {
            add(pointer + "/min", "min must be at most max, %s, got %s.".formatted(range.max(), range.min()));
        }
    }

    private void millis(String check, String field, @Nullable Long millis) {
        if (millis == null || millis < 1 || millis > LONGEST_MS) {
            add(check + field, "%s must be 1 to %d, got %s.".formatted(field, LONGEST_MS, millis));
        }
    }

    private void allowed(List<Object> values) {
        if (values.isEmpty() || values.size() > MOST_ALLOWED) {
            add("/allowed", "allowed must have 1 to %d values, got %d.".formatted(MOST_ALLOWED, values.size()));
        }
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            boolean right = value instanceof String
                    || value instanceof Boolean
                    || value instanceof Number number && Math.abs(number.doubleValue()) < LARGEST_ALLOWED;
            if (!right) {
                add(
                        "/allowed/" + i,
                        "An allowed value must be a number below 2^53, true, false or a text, got %s."
                                .formatted(value));
            }
        }
    }

    private void expression(ValidationRule.Expression expression) {
        if (expression.verdict() != null && !VERDICTS.contains(expression.verdict())) {
            add("/expression/verdict", "verdict must be SUSPECT or BAD, got '%s'.".formatted(expression.verdict()));
        }
        try {
            Expression.compile(expression.test());
        } catch (IllegalArgumentException e) {
            add("/expression/test", "The condition cannot be read: %s.".formatted(e.getMessage()));
        }
    }

    private void add(String pointer, String message) {
        problems.add(new FieldProblem(at + pointer, message));
    }
}
