package io.streamforge.adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Everything that is wrong with a source's options, so that it is told at once. */
public final class OptionErrors {

    private final List<String> errors = new ArrayList<>();

    /** A sentence's part that begins with the option's name and says the rule and what was given. */
    public void add(String error) {
        errors.add(error);
    }

    public void notBlank(String option, String value) {
        if (value.isBlank()) {
            errors.add(option + " must not be empty");
        }
    }

    /** Both limits belong to the range. */
    public void range(String option, long value, long min, long max) {
        if (value < min) {
            errors.add("%s must be at least %d, got %d".formatted(option, min, value));
        } else if (value > max) {
            errors.add("%s must be at most %d, got %d".formatted(option, max, value));
        }
    }

    /** Empty, and an error, if no value has this key. */
    public <E> Optional<E> choice(String option, String given, E[] values, Function<E, String> key) {
        Optional<E> found =
                Arrays.stream(values).filter(v -> key.apply(v).equals(given)).findFirst();
        if (found.isEmpty()) {
            errors.add("%s must be one of %s, got '%s'"
                    .formatted(option, Arrays.stream(values).map(key).collect(Collectors.joining(", ")), given));
        }
        return found;
    }

    /**
     * @param subject what the options are of
     * @throws IllegalArgumentException with all errors, if there are any
     */
    public void throwIfAny(String subject) {
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("%s: %s.".formatted(subject, String.join("; ", errors)));
        }
    }
}
