package io.streamforge.validate;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule set, addressed by asset and parameter patterns. For each kind of check the most specific rule that states it wins: an exact asset
 * before an asset pattern, a pattern that spells out more before one that spells out less, then the parameter by the same order, then the
 * rule that stands first. So a plant-wide {@code required} stays in force where a rule for one signal only adds a range.
 */
public final class Rules {

    private static final Set<String> FIELDS = Set.of("asset", "parameter", "range", "required");
    private static final Set<String> RANGE_FIELDS = Set.of("min", "max");

    /** One rule as it stands in the configuration; a check it does not state is null. */
    private record Rule(
            Glob asset,
            Glob parameter,
            @Nullable Range range,
            @Nullable Boolean required) {}

    /**
     * What is asked of one signal.
     *
     * @param range null for none
     * @param required whether a missing value is refused
     */
    record Checks(Range.@Nullable Limits range, boolean required) {}

    private final List<Rule> mostSpecificFirst;

    private Rules(List<Rule> rules) {
        this.mostSpecificFirst = rules.stream()
                .sorted(Comparator.comparing(Rule::asset)
                        .thenComparing(Rule::parameter)
                        .reversed())
                .toList();
    }

    /**
     * Reads {@code [{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120},"required":true}, …]}.
     *
     * @param name of the rule set, for messages
     * @throws IllegalArgumentException naming every mistake at once
     */
    public static Rules parse(String name, JsonNode json) {
        List<String> mistakes = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        if (!json.isArray()) {
            mistakes.add("rules must be an array, got %s".formatted(kind(json)));
        }
        for (int i = 0; i < json.size() && json.isArray(); i++) {
            rule("rules[%d]".formatted(i), json.get(i), mistakes).ifPresent(rules::add);
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(
                    "Validation rules '%s': %s.".formatted(name, String.join("; ", mistakes)));
        }
        return new Rules(rules);
    }

    Checks checksFor(String asset, String parameter) {
        Range range = null;
        Boolean required = null;
        for (Rule rule : mostSpecificFirst) {
            if (rule.asset.matches(asset) && rule.parameter.matches(parameter)) {
                range = range != null ? range : rule.range;
                required = required != null ? required : rule.required;
            }
        }
        return new Checks(range == null ? null : range.limits(), required != null && required);
    }

    private static Optional<Rule> rule(String at, JsonNode json, List<String> mistakes) {
        int before = mistakes.size();
        if (!json.isObject()) {
            mistakes.add("%s must be an object, got %s".formatted(at, kind(json)));
            return Optional.empty();
        }
        knownFields(at, json, FIELDS, mistakes);
        Glob asset = glob(at, json, "asset", mistakes);
        Glob parameter = glob(at, json, "parameter", mistakes);
        Range range = json.has("range") ? range(at + ".range", json.get("range"), mistakes) : null;
        JsonNode required = json.get("required");
        if (required != null && !required.isBoolean()) {
            mistakes.add("%s.required must be true or false, got %s".formatted(at, required));
        }
        if (!json.has("range") && required == null) {
            mistakes.add("%s must state range or required".formatted(at));
        }
        return mistakes.size() > before
                ? Optional.empty()
                : Optional.of(new Rule(asset, parameter, range, required == null ? null : required.asBoolean()));
    }

    /** A missing pattern means every name. */
    private static Glob glob(String at, JsonNode json, String field, List<String> mistakes) {
        JsonNode pattern = json.path(field);
        if (!pattern.isMissingNode()
                && (!pattern.isTextual() || pattern.asText().isEmpty())) {
            mistakes.add("%s.%s must be a name or a pattern with * and ?, got %s".formatted(at, field, pattern));
        }
        return new Glob(pattern.asText("*"));
    }

    private static @Nullable Range range(String at, JsonNode json, List<String> mistakes) {
        if (!json.isObject()) {
            mistakes.add("%s must be an object with min, max or both, got %s".formatted(at, kind(json)));
            return null;
        }
        knownFields(at, json, RANGE_FIELDS, mistakes);
        BigDecimal min = limit(at, json, "min", mistakes);
        BigDecimal max = limit(at, json, "max", mistakes);
        if (!json.has("min") && !json.has("max")) {
            mistakes.add("%s must have min, max or both".formatted(at));
        }
        if (min != null && max != null && min.compareTo(max) > 0) {
            mistakes.add("%s.min must not exceed max, got %s and %s".formatted(at, min, max));
        }
        return new Range(min, max);
    }

    private static @Nullable BigDecimal limit(String at, JsonNode json, String field, List<String> mistakes) {
        JsonNode limit = json.path(field);
        boolean finite = limit.isNumber() && Double.isFinite(limit.doubleValue());
        if (!limit.isMissingNode() && !finite) {
            mistakes.add("%s.%s must be a finite number, got %s".formatted(at, field, limit));
        }
        return finite ? limit.decimalValue() : null;
    }

    private static void knownFields(String at, JsonNode json, Set<String> known, List<String> mistakes) {
        json.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                mistakes.add("%s.%s is unknown, known: %s"
                        .formatted(
                                at,
                                field,
                                String.join(", ", known.stream().sorted().toList())));
            }
        });
    }

    private static String kind(JsonNode json) {
        return json.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
}
