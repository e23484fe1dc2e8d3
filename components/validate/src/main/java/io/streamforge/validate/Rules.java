package io.streamforge.validate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A rule set, addressed by asset and parameter patterns. For each kind of check the most specific rule that states it wins: an exact asset
 * before an asset pattern, a pattern that spells out more before one that spells out less, then the parameter by the same order, then the
 * rule that stands first. So a plant-wide {@code required} stays in force where a rule for one signal only adds a range.
 */
public final class Rules {

    /** For how long a series that has no comparing rule is known: whether it was BAD, and whether its clock was wrong. */
    private static final Duration SHORTEST_HORIZON = Duration.ofMinutes(1);

    /** Where an expression asks for the previous reading or duplicates are looked for. */
    private static final Duration USUAL_HORIZON = Duration.ofMinutes(10);

    /**
     * One rule as it stands in the configuration.
     *
     * @param states what it says; the rest is null
     */
    record Rule(Glob asset, Glob parameter, Checks states) {}

    private final List<Rule> mostSpecificFirst;
    private final Duration horizon;
    private final int digest;
    private final Map<Checks, Checks> shared = new HashMap<>();

    private Rules(List<Rule> rules, int digest) {
        this.digest = digest;
        this.mostSpecificFirst = rules.stream()
                .sorted(Comparator.comparing(Rule::asset)
                        .thenComparing(Rule::parameter)
                        .reversed())
                .toList();
        this.horizon = rules.stream()
                .map(rule -> horizon(rule.states))
                .max(Comparator.naturalOrder())
                .orElse(SHORTEST_HORIZON);
    }

    /**
     * Reads {@code [{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120},"required":true}, …]}.
     *
     * @param name of the rule set, for messages
     * @throws IllegalArgumentException naming every mistake at once
     */
    public static Rules parse(String name, JsonNode json) {
        return new Rules(new RuleReader().read(name, json), json.toString().hashCode());
    }

    /** What is asked of one signal: the same object for all that are asked the same. */
    Checks checksFor(String asset, String parameter) {
        Checks checks = Checks.NONE;
        for (Rule rule : mostSpecificFirst) {
            if (rule.asset.matches(asset) && rule.parameter.matches(parameter)) {
                checks = checks.or(rule.states);
            }
        }
        return shared.computeIfAbsent(checks, same -> same);
    }

    /** Differs for rules that are written differently; the same in every process. */
    int digest() {
        return digest;
    }

    /** For how long, in gateway time, what is known of a silent series matters to any rule; then it is forgotten. */
    Duration horizon() {
        return horizon;
    }

    private static Duration horizon(Checks checks) {
        Duration horizon = checks.compares() ? USUAL_HORIZON : SHORTEST_HORIZON;
        if (checks.rate() != null) {
            horizon = longer(horizon, checks.rate().within());
        }
        if (checks.flatline() != null) {
            horizon = longer(horizon, checks.flatline().after().multipliedBy(2));
        }
        return checks.maxGap() == null
                ? horizon
                : longer(horizon, checks.maxGap().multipliedBy(2));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
