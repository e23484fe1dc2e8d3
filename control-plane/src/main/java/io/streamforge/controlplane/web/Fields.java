package io.streamforge.controlplane.web;

import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;

/** The checks that a record's own annotations say, as field problems: for what is checked without being written. */
@Component
public class Fields {

    private final Validator validator;

    Fields(Validator validator) {
        this.validator = validator;
    }

    public List<FieldProblem> check(Object record) {
        return validator.validate(record).stream()
                .map(violation -> {
                    String pointer = ProblemAdvice.pointer(violation.getPropertyPath());
                    return new FieldProblem(
                            pointer,
                            ProblemAdvice.sentence(pointer, violation.getMessage(), violation.getInvalidValue()));
                })
                .sorted(Comparator.comparing(FieldProblem::pointer).thenComparing(FieldProblem::message))
                .toList();
    }
}
