package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON path, compiled once. */
public final class Selector {

    private static final JacksonJsonNodeJsonProvider JACKSON = new JacksonJsonNodeJsonProvider();

    private static final Configuration QUIET = Configuration.builder()
            .jsonProvider(JACKSON)
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.SUPPRESS_EXCEPTIONS)
            .build();

    private final String text;
    private final JsonPath path;

    private Selector(String text, JsonPath path) {
        this.text = text;
        this.path = path;
    }

    /** @throws JsonPathException if it is none */
    static Selector of(String text) {
        return new Selector(text, JsonPath.compile(text));
    }

    /**
     * What the path leads to: a number, a text, a flag, or a node that holds others; null if it leads nowhere, or to null.
     *
     * @throws IllegalArgumentException if it leads to more than one place
     */
    @Nullable
    Object one(JsonNode root) {
        Object found = path.read(root, QUIET);
        if (!path.isDefinite() && found instanceof ArrayNode matches) {
            if (matches.size() > 1) {
                throw new IllegalArgumentException("leads to %d places".formatted(matches.size()));
            }
            found = matches.get(0);
        }
        return found == null ? null : JACKSON.unwrap(found);
    }

    /** Everything the path leads to; of a list, its elements. */
    List<JsonNode> all(JsonNode root) {
        Object found = path.read(root, QUIET);
        List<JsonNode> items = new ArrayList<>();
        if (found instanceof ArrayNode matches && !path.isDefinite()) {
            matches.forEach(match -> spread(match, items));
        } else if (found instanceof JsonNode node) {
            spread(node, items);
        }
        return items;
    }

    private static void spread(JsonNode node, List<JsonNode> items) {
        if (node.isArray()) {
            node.forEach(items::add);
        } else {
            items.add(node);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
