package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a rule set's window lengths: what each is made of (the longest finer ones that fit into it whole, else the readings) and how
 * long it waits and holds.
 *
 * @param name of the topic after {@code telemetry.}, for instance {@code 1min}
 * @param finer name of the windows it is made of; null: of readings
 */
public record Windows(
        String name,
        @Nullable String finer,
        int resolutionMs,
        int allowedLatenessMs,
        int heldMs,
        AggregateRule.@Nullable CountedQuality worstCounted) {

    private static final int DAY_MS = 86_400_000;
    private static final int SHORTEST_MS = 100;
    /** Longer windows would keep too many readings each. */
    private static final int LONGEST_OF_READINGS_MS = 60_000;

    private static final int LONGEST_WAIT_MS = DAY_MS;
    private static final int LATENESS_OF_READINGS_MS = 2000;
    private static final int LATENESS_OF_WINDOWS_MS = 5000;
    private static final int HELD_MS = 30_000;

    /** The stages in the order in which they feed each other. The rules must have passed {@link #check}. */
    public static List<Windows> of(List<AggregateRule> rules) {
        List<Windows> stages = new ArrayList<>();
        for (AggregateRule rule : sorted(rules)) {
            stages.add(stage(rule, finer(rule, stages)));
        }
        return List.copyOf(stages);
    }

    /** The topic it is read from. */
    public String source() {
        return finer == null ? "telemetry.clean" : "telemetry." + finer;
    }

    /** The topic it is written to. */
    public String target() {
        return "telemetry." + name;
    }

    static List<FieldProblem> check(List<AggregateRule> rules) {
        List<FieldProblem> problems = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            int resolution = rules.get(i).resolutionMs();
            String at = "/aggregates/%d/resolutionMs".formatted(i);
            if (resolution < SHORTEST_MS || resolution > DAY_MS) {
                problems.add(new FieldProblem(
                        at,
                        "resolutionMs must be %d to %d (a day), got %d.".formatted(SHORTEST_MS, DAY_MS, resolution)));
            } else if (DAY_MS % resolution != 0) {
                problems.add(new FieldProblem(
                        at,
                        "resolutionMs must divide a day (%d) without a rest, so that windows begin at midnight, got %d."
                                .formatted(DAY_MS, resolution)));
            } else if (!seen.add(resolution)) {
                problems.add(new FieldProblem(at, "resolutionMs %d is listed twice.".formatted(resolution)));
            }
        }
        if (problems.isEmpty()) {
            List<Windows> stages = new ArrayList<>();
            for (AggregateRule rule : sorted(rules)) {
                Windows finer = finer(rule, stages);
                String at = "/aggregates/" + rules.indexOf(rule);
                made(rule, finer, stages, at, problems);
                times(rule, finer, at, problems);
                stages.add(stage(rule, finer));
            }
        }
        return problems;
    }

    private static void made(
            AggregateRule rule, @Nullable Windows finer, List<Windows> stages, String at, List<FieldProblem> problems) {
        if (finer == null && !stages.isEmpty()) {
            problems.add(new FieldProblem(
                    at + "/resolutionMs",
                    "resolutionMs must be a multiple of a finer one that is listed (%s), got %d."
                            .formatted(listed(stages), rule.resolutionMs())));
        } else if (finer == null && rule.resolutionMs() > LONGEST_OF_READINGS_MS) {
            problems.add(new FieldProblem(
                    at + "/resolutionMs",
                    "resolutionMs %d needs a finer one too, of at most %d: only windows up to that are made of readings."
                            .formatted(rule.resolutionMs(), LONGEST_OF_READINGS_MS)));
        }
        if (finer != null && rule.worstCounted() != null) {
            problems.add(new FieldProblem(
                    at + "/worstCounted",
                    "worstCounted can only be stated where windows are made of readings; those of %d ms are made of those of %d ms."
                            .formatted(rule.resolutionMs(), finer.resolutionMs())));
        }
    }

    private static void times(AggregateRule rule, @Nullable Windows finer, String at, List<FieldProblem> problems) {
        Integer lateness = rule.allowedLatenessMs();
        if (lateness != null && (lateness < 0 || lateness > LONGEST_WAIT_MS)) {
            problems.add(new FieldProblem(
                    at + "/allowedLatenessMs",
                    "allowedLatenessMs must be 0 to %d, got %d.".formatted(LONGEST_WAIT_MS, lateness)));
        }
        Integer held = rule.heldMs();
        int atLeast = Math.max(latenessOf(rule, finer), finer == null ? 0 : finer.heldMs());
        if (held != null && held < atLeast) {
            problems.add(new FieldProblem(
                    at + "/heldMs",
                    "heldMs must be at least %d, the allowed lateness and what the finer windows hold, got %d."
                            .formatted(atLeast, held)));
        } else if (held != null && held > LONGEST_WAIT_MS) {
            problems.add(new FieldProblem(
                    at + "/heldMs", "heldMs must be at most %d, got %d.".formatted(LONGEST_WAIT_MS, held)));
        }
    }

    private static List<AggregateRule> sorted(List<AggregateRule> rules) {
        return rules.stream()
                .sorted(Comparator.comparingInt(AggregateRule::resolutionMs))
                .toList();
    }

    /** The longest of the finer windows that fit into the rule's whole. */
    private static @Nullable Windows finer(AggregateRule rule, List<Windows> stages) {
        Windows longest = null;
        for (Windows stage : stages) {
            if (rule.resolutionMs() % stage.resolutionMs() == 0) {
                longest = stage;
            }
        }
        return longest;
    }

    private static Windows stage(AggregateRule rule, @Nullable Windows finer) {
        int lateness = latenessOf(rule, finer);
        int held = rule.heldMs() != null
                ? rule.heldMs()
                : Math.max(Math.max(HELD_MS, lateness), finer == null ? 0 : finer.heldMs());
        return new Windows(
                nameOf(rule.resolutionMs()),
                finer == null ? null : finer.name(),
                rule.resolutionMs(),
                lateness,
                held,
                rule.worstCounted());
    }

    private static int latenessOf(AggregateRule rule, @Nullable Windows finer) {
        return rule.allowedLatenessMs() != null
                ? rule.allowedLatenessMs()
                : finer == null ? LATENESS_OF_READINGS_MS : LATENESS_OF_WINDOWS_MS;
    }

    private static String nameOf(int resolutionMs) {
        for (Unit unit : Unit.values()) {
            if (resolutionMs % unit.ms == 0) {
                return resolutionMs / unit.ms + unit.name;
            }
        }
        return resolutionMs + "ms";
    }

    private static String listed(List<Windows> stages) {
        return stages.stream()
                .map(stage -> Integer.toString(stage.resolutionMs()))
                .collect(Collectors.joining(", "));
    }

    private enum Unit {
        DAY(DAY_MS, "day"),
        HOUR(3_600_000, "hour"),
        MINUTE(60_000, "min"),
        SECOND(1000, "s");

        private final int ms;
        private final String name;

        Unit(int ms, String name) {
            this.ms = ms;
            this.name = name;
        }
    }
}
