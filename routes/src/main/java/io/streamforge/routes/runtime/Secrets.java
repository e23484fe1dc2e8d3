package io.streamforge.routes.runtime;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values behind a plan's {@code {"$secret":"name"}}: from the environment as {@code STREAMFORGE_SECRET_<NAME>} (upper case, everything but
 * letters and digits as an underscore), else from {@code secrets.json} in the data folder. Read anew for each route, so that a rotation takes a
 * restart of the route only.
 */
final class Secrets {

    /** The member that marks a reference. */
    static final String REFERENCE = "$secret";

    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Map<String, String> environment;

    Secrets(Path data, Map<String, String> environment) {
        this.file = data.resolve("secrets.json");
        this.environment = environment;
    }

    Optional<String> value(String name) throws IOException {
        String fromEnvironment = environment.get(variable(name));
        if (fromEnvironment != null) {
            return Optional.of(fromEnvironment);
        }
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> stored =
                JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {});
        return Optional.ofNullable(stored.get(name));
    }

    /**
     * The value of a name that must have one.
     *
     * @throws IOException if this gateway does not know it, saying where it looked
     */
    String required(String name) throws IOException {
        return value(name)
                .orElseThrow(() -> new IOException(
                        "Secret '%s' is not known to this gateway. Set %s.".formatted(name, places(name))));
    }

    /** A connector's properties with the values in the place of the references; they must go no further than to the connector. */
    JsonNode resolve(JsonNode properties) throws IOException {
        JsonNode resolved = properties.deepCopy();
        if (resolved instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property : object.properties()) {
                JsonNode reference = property.getValue().path(REFERENCE);
                if (reference.isTextual()) {
                    property.setValue(TextNode.valueOf(required(reference.textValue())));
                }
            }
        }
        return resolved;
    }

    /**
     * A value as the registry holds it for references: Camel looks for placeholders in a {@code String} that a reference leads to, and quotes all of it when it
     * does not know one.
     */
    static CharSequence bean(String value) {
        return new StringBuilder(value);
    }

    /** Where a value is looked for, for a sentence. */
    private String places(String name) {
        return "%s in the environment or \"%s\" in %s".formatted(variable(name), name, file);
    }

    private static String variable(String name) {
        return "STREAMFORGE_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
