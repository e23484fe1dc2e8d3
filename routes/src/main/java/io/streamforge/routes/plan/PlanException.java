package io.streamforge.routes.plan;

import java.util.List;

/** A plan cannot be run; says everything that is wrong with it at once. */
public final class PlanException extends Exception {

    private final List<String> problems;

    /** @param problems full sentences, at least one */
    public PlanException(List<String> problems) {
        super(String.join(" ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, each a full sentence. */
    public List<String> problems() {
        return problems;
    }
}
