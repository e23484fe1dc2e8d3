package io.streamforge.controlplane.web;

import java.util.List;

/** What is wrong with something that was only checked. */
public record Validity(boolean valid, List<FieldProblem> errors) {

    public static Validity of(List<FieldProblem> errors) {
        return new Validity(errors.isEmpty(), List.copyOf(errors));
    }
}
