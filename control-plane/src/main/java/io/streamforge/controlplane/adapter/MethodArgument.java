package io.streamforge.controlplane.adapter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a method is called with, as its row says: {@code recipe, count 1..100, speeds[] 0..50}. The gateway that calls it holds every call against it.
 *
 * @param several whether it is a list of values
 * @param min least value, included; null for none
 * @param max greatest value, included; null for none
 */
public record MethodArgument(
        String name,
        boolean several,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max) {

    private static final String NUMBER = "-?\\d+(?:\\.\\d+)?";
    private static final Pattern ONE = Pattern.compile(
            "(?<name>[^\\s,\\[\\]][^,\\[\\]]*?)(?<several>\\[])?(?:\\s+(?<min>%1$s)?\\.\\.(?<max>%1$s)?)?"
                    .formatted(NUMBER));

    /** What a row of a point table says; empty where the method takes nothing. What is not as it must be the gateway refuses with the plan. */
    public static List<MethodArgument> of(JsonNode point) {
        List<MethodArgument> arguments = new ArrayList<>();
        for (String text : point.path("arguments").asString("").split(",")) {
            Matcher match = ONE.matcher(text.strip());
            if (match.matches()) {
                arguments.add(new MethodArgument(
                        match.group("name"),
                        match.group("several") != null,
                        number(match.group("min")),
                        number(match.group("max"))));
            }
        }
        return List.copyOf(arguments);
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}
