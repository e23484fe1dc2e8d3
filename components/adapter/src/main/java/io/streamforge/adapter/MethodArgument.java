package io.streamforge.adapter;

import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a method is called with, as its row's column {@code arguments} says: {@code recipe, count 1..100, speeds[] 0..50}.
 *
 * @param name as people know it, in the device's order
 * @param several whether it is a list of values
 * @param range of its values
 */
public record MethodArgument(String name, boolean several, WriteRule range) {

    private static final String NUMBER = "-?\\d+(?:\\.\\d+)?";
    private static final Pattern ONE = Pattern.compile(
            "(?<name>[^\\s,\\[\\]][^,\\[\\]]*?)(?<several>\\[])?(?:\\s+(?<min>%1$s)?\\.\\.(?<max>%1$s)?)?"
                    .formatted(NUMBER));

    /**
     * Reads the column.
     *
     * @throws IllegalArgumentException saying what it must be
     */
    static List<MethodArgument> parse(String column) {
        List<MethodArgument> arguments = new ArrayList<>();
        for (String text : column.isBlank() ? new String[0] : column.split(",", -1)) {
            Matcher match = ONE.matcher(text.strip());
            if (!match.matches()) {
                throw wrong(column);
            }
            BigDecimal min = number(match.group("min"));
            BigDecimal max = number(match.group("max"));
            if ((min != null && max != null && min.compareTo(max) > 0)
                    || arguments.stream().anyMatch(before -> before.name.equals(match.group("name")))) {
                throw wrong(column);
            }
            arguments.add(new MethodArgument(
                    match.group("name"), match.group("several") != null, new WriteRule(min, max, Duration.ZERO, null)));
        }
        return List.copyOf(arguments);
    }

    private static IllegalArgumentException wrong(String column) {
        return new IllegalArgumentException(
                "must be different names, each with [] for a list, and a range or none, as recipe, count 1..100, speeds[] 0..50, got '%s'"
                        .formatted(column));
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    /** Why values are refused, as the rest of a sentence that begins with the argument's name; empty if they are not. */
    public Optional<String> refusal(List<Value> values) {
        if (!several && values.size() != 1) {
            return Optional.of("must be one value, got %d".formatted(values.size()));
        }
        return values.stream().map(range::refusal).flatMap(Optional::stream).findFirst();
    }
}
