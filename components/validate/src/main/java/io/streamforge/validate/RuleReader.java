package io.streamforge.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.expression.Expression;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads rules from JSON and gathers every mistake. Used once. */
final class RuleReader {

    private static final List<String> ADDRESS = List.of("asset", "parameter");
    private static final List<String> KINDS = List.of(
            "range",
            "required",
            "warning",
            "rate",
            "flatline",
            "gap",
            "duplicates",
            "type",
            "unit",
            "allowed",
            "expression");
    private static final long LONGEST_MS = Duration.ofDays(1).toMillis();
    private static final int DEFAULT_REMEMBERED = 8;
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_ALLOWED = 1_000;
    private static final Duration DEFAULT_WITHIN = Duration.ofMinutes(10);

    private final List<String> mistakes = new ArrayList<>();

    List<Rules.Rule> read(String name, JsonNode json) {
        List<Rules.Rule> rules = new ArrayList<>();
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                rule("rules[%d]".formatted(i), json.get(i), rules);
            }
        } else {
            mistakes.add("rules must be an array, got %s".formatted(kind(json)));
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(
                    "Validation rules '%s': %s.".formatted(name, String.join("; ", mistakes)));
        }
        return rules;
    }

    private void rule(String at, JsonNode json, List<Rules.Rule> rules) {
        if (!json.isObject()) {
            mistakes.add("%s must be an object, got %s".formatted(at, kind(json)));
            return;
        }
        List<String> known = new ArrayList<>(ADDRESS);
        known.addAll(KINDS);
        knownFields(at, json, known);
        Glob asset = glob(at, json, "asset");
        Glob parameter = glob(at, json, "parameter");
        if (KINDS.stream().noneMatch(json::has)) {
            mistakes.add("%s must state at least one of %s".formatted(at, String.join(", ", KINDS)));
        }
        Checks states = new Checks(
                stated(at, json, "range", this::range),
                stated(at, json, "required", this::flag),
                stated(at, json, "warning", this::range),
                stated(at, json, "rate", this::rate),
                stated(at, json, "flatline", this::flatline),
                stated(at, json, "gap", this::gap),
                stated(at, json, "duplicates", this::duplicates),
                stated(at, json, "type", this::type),
                stated(at, json, "unit", this::unit),
                stated(at, json, "allowed", this::allowed),
                stated(at, json, "expression", this::expression));
        rules.add(new Rules.Rule(asset, parameter, states));
    }

    private static <T> @Nullable T stated(
            String at, JsonNode json, String field, BiFunction<String, JsonNode, @Nullable T> read) {
        return json.has(field) ? read.apply(at + "." + field, json.get(field)) : null;
    }

    /** A missing pattern means every name. */
    private Glob glob(String at, JsonNode json, String field) {
        JsonNode pattern = json.path(field);
        if (!pattern.isMissingNode()
                && (!pattern.isTextual() || pattern.asText().isEmpty())) {
            mistakes.add("%s.%s must be a name or a pattern with * and ?, got %s".formatted(at, field, pattern));
        }
        return new Glob(pattern.asText("*"));
    }

    private @Nullable Range range(String at, JsonNode json) {
        if (!object(at, json, List.of("min", "max"))) {
            return null;
        }
        BigDecimal min = limit(at, json, "min");
        BigDecimal max = limit(at, json, "max");
        if (!json.has("min") && !json.has("max")) {
            mistakes.add("%s must have min, max or both".formatted(at));
        }
        if (min != null && max != null && min.compareTo(max) > 0) {
            mistakes.add("%s.min must not exceed max, got %s and %s".formatted(at, min, max));
        }
        return new Range(min, max);
    }

    private @Nullable BigDecimal limit(String at, JsonNode json, String field) {
        JsonNode limit = json.path(field);
        boolean finite = limit.isNumber() && Double.isFinite(limit.doubleValue());
        if (!limit.isMissingNode() && !finite) {
            mistakes.add("%s.%s must be a finite number, got %s".formatted(at, field, limit));
        }
        return finite ? limit.decimalValue() : null;
    }

    private @Nullable Boolean flag(String at, JsonNode json) {
        if (!json.isBoolean()) {
            mistakes.add("%s must be true or false, got %s".formatted(at, json));
            return null;
        }
        return json.asBoolean();
    }

    private Checks.@Nullable Rate rate(String at, JsonNode json) {
        if (!object(at, json, List.of("maxPerSecond", "withinMs"))) {
            return null;
        }
        JsonNode max = json.path("maxPerSecond");
        if (!max.isNumber() || !(max.doubleValue() > 0) || !Double.isFinite(max.doubleValue())) {
            mistakes.add("%s.maxPerSecond must be a number above 0, got %s".formatted(at, shown(max)));
        }
        return new Checks.Rate(max.doubleValue(), json.has("withinMs") ? millis(at, json, "withinMs") : DEFAULT_WITHIN);
    }

    private Checks.@Nullable Flatline flatline(String at, JsonNode json) {
        if (!object(at, json, List.of("afterMs", "tolerance"))) {
            return null;
        }
        JsonNode tolerance = json.path("tolerance");
        if (!tolerance.isMissingNode()
                && (!tolerance.isNumber()
                        || tolerance.doubleValue() < 0
                        || !Double.isFinite(tolerance.doubleValue()))) {
            mistakes.add("%s.tolerance must be a number of at least 0, got %s".formatted(at, tolerance));
        }
        return new Checks.Flatline(millis(at, json, "afterMs"), tolerance.doubleValue());
    }

    private @Nullable Duration gap(String at, JsonNode json) {
        return object(at, json, List.of("maxGapMs")) ? millis(at, json, "maxGapMs") : null;
    }

    private @Nullable Integer duplicates(String at, JsonNode json) {
        if (!object(at, json, List.of("remember"))) {
            return null;
        }
        JsonNode remember = json.path("remember");
        if (remember.isMissingNode()) {
            return DEFAULT_REMEMBERED;
        }
        if (!remember.isInt() || remember.intValue() < 0 || remember.intValue() > MOST_REMEMBERED) {
            mistakes.add("%s.remember must be 0 (off) to %d, got %s".formatted(at, MOST_REMEMBERED, remember));
        }
        return remember.intValue();
    }

    private Checks.@Nullable Type type(String at, JsonNode json) {
        return switch (json.asText()) {
            case "number" -> Checks.Type.NUMBER;
            case "flag" -> Checks.Type.FLAG;
            case "text" -> Checks.Type.TEXT;
            default -> {
                mistakes.add("%s must be number, flag or text, got %s".formatted(at, json));
                yield null;
            }
        };
    }

    private Unit unit(String at, JsonNode json) {
        if (!json.isTextual()) {
            mistakes.add("%s must be a UCUM code, empty for none, got %s".formatted(at, json));
        }
        return new Unit(json.asText());
    }

    private @Nullable Allowed allowed(String at, JsonNode json) {
        if (!json.isArray() || json.isEmpty() || json.size() > MOST_ALLOWED) {
            mistakes.add("%s must be a list of 1 to %d values, got %s"
                    .formatted(at, MOST_ALLOWED, json.isArray() ? json.size() : kind(json)));
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            JsonNode value = json.get(i);
            if (value.isNumber() && Math.abs(value.doubleValue()) < Allowed.LIMIT) {
                values.add(value.doubleValue());
            } else if (value.isBoolean()) {
                values.add(value.booleanValue());
            } else if (value.isTextual()) {
                values.add(value.textValue());
            } else {
                mistakes.add(
                        "%s[%d] must be a number below 2^53, true, false or a text, got %s".formatted(at, i, value));
            }
        }
        return new Allowed(values);
    }

    private Checks.@Nullable Condition expression(String at, JsonNode json) {
        if (!object(at, json, List.of("test", "verdict"))) {
            return null;
        }
        JsonNode verdict = json.path("verdict");
        if (!verdict.isMissingNode() && !List.of("SUSPECT", "BAD").contains(verdict.asText())) {
            mistakes.add("%s.verdict must be SUSPECT or BAD, got %s".formatted(at, verdict));
        }
        JsonNode test = json.path("test");
        if (!test.isTextual()) {
            mistakes.add("%s.test must be an expression, got %s".formatted(at, shown(test)));
            return null;
        }
        try {
            return new Checks.Condition(
                    Expression.compile(test.textValue()), verdict.asText().equals("BAD"));
        } catch (IllegalArgumentException e) {
            mistakes.add("%s.test '%s': %s".formatted(at, test.textValue(), e.getMessage()));
            return null;
        }
    }

    private Duration millis(String at, JsonNode json, String field) {
        JsonNode millis = json.path(field);
        boolean right = millis.canConvertToLong()
                && millis.isIntegralNumber()
                && millis.longValue() >= 1
                && millis.longValue() <= LONGEST_MS;
        if (!right) {
            mistakes.add("%s.%s must be 1 to %d, got %s".formatted(at, field, LONGEST_MS, shown(millis)));
        }
        return Duration.ofMillis(right ? millis.longValue() : 1);
    }

    private boolean object(String at, JsonNode json, List<String> known) {
        if (!json.isObject()) {
            mistakes.add("%s must be an object with %s, got %s".formatted(at, String.join(", ", known), kind(json)));
            return false;
        }
        knownFields(at, json, known);
        return true;
    }

    private void knownFields(String at, JsonNode json, List<String> known) {
        json.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                mistakes.add(
                        "%s.%s is unknown, known: %s".formatted(at, field, String.join(", ", new TreeSet<>(known))));
            }
        });
    }

    private static String shown(JsonNode json) {
        return json.isMissingNode() ? "none" : json.toString();
    }

    private static String kind(JsonNode json) {
        return json.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
