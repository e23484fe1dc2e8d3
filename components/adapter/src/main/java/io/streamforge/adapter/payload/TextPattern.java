package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.JsonPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with placeholders in braces: {@code {$.id}} is a JSON path into what is mapped, any other a name that the source knows. */
public final class TextPattern {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** A piece of the text: exactly one of the three is there. */
    private record Piece(
            @Nullable String literal,
            @Nullable String name,
            @Nullable Selector path) {}

    private final List<Piece> pieces = new ArrayList<>();

    /**
     * @param names what the source knows
     * @throws IllegalArgumentException whose message is the rule that it breaks
     */
    public TextPattern(String text, Set<String> names) {
        Matcher placeholders = PLACEHOLDER.matcher(text);
        int end = 0;
        while (placeholders.find()) {
            literal(text.substring(end, placeholders.start()));
            end = placeholders.end();
            String name = placeholders.group(1);
            if (name.startsWith("$")) {
                try {
                    pieces.add(new Piece(null, null, Selector.of(name)));
                } catch (JsonPathException e) {
                    throw new IllegalArgumentException(
                            "must hold JSON paths, got {%s}: %s".formatted(name, e.getMessage()), e);
                }
            } else if (names.contains(name)) {
                pieces.add(new Piece(null, name, null));
            } else {
                throw new IllegalArgumentException(
                        "must hold known placeholders, got {%s}, known are a JSON path such as {$.id}%s"
                                .formatted(
                                        name,
                                        names.stream()
                                                .sorted()
                                                .map(", {%s}"::formatted)
                                                .reduce("", String::concat)));
            }
        }
        literal(text.substring(end));
    }

    private void literal(String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(text, null, null));
        }
    }

    /** The text itself, if nothing in it has to be filled in. */
    @Nullable
    String constant() {
        return pieces.size() == 1 ? pieces.get(0).literal() : null;
    }

    /**
     * @param known the source's value of a name, null if it has none now
     * @return null if a placeholder leads nowhere
     */
    @Nullable
    public String fill(JsonNode item, Function<String, @Nullable String> known) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            Selector path = piece.path();
            String name = piece.name();
            Object filled = path != null ? path.one(item) : name != null ? known.apply(name) : piece.literal();
            if (filled == null) {
                return null;
            }
            text.append(filled);
        }
        return text.toString();
    }
}
