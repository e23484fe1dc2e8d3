package io.streamforge.it.bench;

import java.util.List;

/** What stands behind {@code ./streamforge bench NAME}. */
public record Arguments(List<String> words) {

    /** Whether the result is also wanted as one line of JSON. */
    public boolean json() {
        return words.contains("--json");
    }

    /** The whole number behind an option. */
    public int number(String option, int otherwise) {
        int at = words.indexOf(option);
        if (at < 0) {
            return otherwise;
        }
        String given = at + 1 < words.size() ? words.get(at + 1) : "nothing";
        if (!given.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    "Option %s must be a whole number from 1, got %s.".formatted(option, given));
        }
        return Integer.parseInt(given);
    }
}
