package io.streamforge.it.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What stands behind {@code ./streamforge bench NAME}: {@code --json}, and options with a whole number each. */
public final class Arguments {

    /** What was asked for does not exist. */
    static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }

    private static final String JSON = "--json";

    private final Map<String, Integer> numbers = new HashMap<>();
    private final boolean json;

    private Arguments(boolean json) {
        this.json = json;
    }

    /**
     * @param known the options of this benchmark, each with a number behind it
     * @throws UsageException for anything else
     */
    public static Arguments of(String[] words, String... known) {
        List<String> rest = new ArrayList<>(List.of(words));
        Arguments arguments = new Arguments(rest.remove(JSON));
        List<String> options = List.of(known);
        for (int i = 0; i < rest.size(); i += 2) {
            String option = rest.get(i);
            if (!options.contains(option)) {
                throw new UsageException(
                        "Unknown option '%s'. Known: %s.".formatted(option, String.join(", ", with(options))));
            }
            String given = i + 1 < rest.size() ? rest.get(i + 1) : "nothing";
            if (!given.matches("[1-9][0-9]{0,8}")) {
                throw new UsageException("Option %s must be a whole number from 1, got %s.".formatted(option, given));
            }
            arguments.numbers.put(option, Integer.parseInt(given));
        }
        return arguments;
    }

    private static List<String> with(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.add(JSON);
        return all;
    }

    /** Whether the result is also wanted as one line of JSON. */
    public boolean json() {
        return json;
    }

    /** The whole number behind an option. */
    public int number(String option, int otherwise) {
        return Objects.requireNonNullElse(numbers.get(option), otherwise);
    }
}
