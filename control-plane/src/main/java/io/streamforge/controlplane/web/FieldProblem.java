package io.streamforge.controlplane.web;

import java.util.List;

/**
 * One thing that is wrong with one field.
 *
 * @param pointer JSON pointer (RFC 6901) into the request body, empty for the whole body
 */
public record FieldProblem(String pointer, String message) {

    /** The same problem of something that lies deeper. */
    public FieldProblem under(String prefix) {
        return new FieldProblem(prefix + pointer, message);
    }

    /** The only message, or how many there are. */
    public static String summary(List<FieldProblem> problems) {
        return problems.size() == 1
                ? problems.get(0).message()
                : "%d fields are wrong; see errors.".formatted(problems.size());
    }
}
