package io.streamforge.controlplane.catalogue;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Checks values against JSON Schemas (2020-12) and says what is wrong in our words, with a pointer. Where a text is
 * wanted, a secret reference {@code {"$secret": name}} will do, and where the schema asks for a password nothing else.
 */
public final class SchemaCheck {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<JsonNode, Schema> SCHEMAS = new ConcurrentHashMap<>();
    private static final String SECRET = "$secret";

    private SchemaCheck() {}

    /**
     * Checks a value.
     *
     * @param pointer of the value itself, put before those of its parts
     */
    public static List<FieldProblem> check(JsonNode schema, JsonNode value, String pointer) {
        Set<String> secrets = new HashSet<>();
        JsonNode plain = withoutSecrets(value, "", secrets);
        List<FieldProblem> problems = new ArrayList<>();
        for (Error error : SCHEMAS.computeIfAbsent(schema, REGISTRY::getSchema).validate(plain)) {
            String at = pointer(error);
            if (secrets.contains(at)) {
                continue;
            }
            String property = error.getProperty();
            boolean names = property != null
                    && switch (error.getKeyword()) {
                        case "required", "additionalProperties", "unevaluatedProperties", "dependentRequired" -> true;
                        default -> false;
                    };
            String full = pointer + at + (names ? "/" + escape(property) : "");
            problems.add(new FieldProblem(full, sentence(name(full), error)));
        }
        passwords(schema, plain, "", secrets, pointer, problems);
        return problems;
    }

    private static void passwords(
            JsonNode schema,
            JsonNode value,
            String at,
            Set<String> secrets,
            String pointer,
            List<FieldProblem> problems) {
        schema.path("properties").properties().forEach(entry -> {
            String here = at + "/" + escape(entry.getKey());
            JsonNode given = value.path(entry.getKey());
            if ("password".equals(entry.getValue().path("format").asString(""))
                    && !given.isMissingNode()
                    && !secrets.contains(here)) {
                problems.add(new FieldProblem(
                        pointer + here,
                        "%s must be a reference {\"$secret\": \"name\"}: the control plane keeps no secrets."
                                .formatted(entry.getKey())));
            }
        });
    }

    private static JsonNode withoutSecrets(JsonNode value, String pointer, Set<String> secrets) {
        if (value instanceof ObjectNode object) {
            if (object.size() == 1 && object.path(SECRET).isString()) {
                secrets.add(pointer);
                return StringNode.valueOf("secret");
            }
            ObjectNode copy = object.objectNode();
            object.properties()
                    .forEach(entry -> copy.set(
                            entry.getKey(),
                            withoutSecrets(entry.getValue(), pointer + "/" + escape(entry.getKey()), secrets)));
            return copy;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            for (int i = 0; i < array.size(); i++) {
                copy.add(withoutSecrets(array.get(i), pointer + "/" + i, secrets));
            }
            return copy;
        }
        return value;
    }

    private static String pointer(Error error) {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            pointer.append('/')
                    .append(escape(String.valueOf(error.getInstanceLocation().getElement(i))));
        }
        return pointer.toString();
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String name(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }

    private static String sentence(String name, Error error) {
        JsonNode wanted = error.getSchemaNode();
        String rule =
                switch (error.getKeyword()) {
                    case "required" -> "is missing";
                    case "additionalProperties", "unevaluatedProperties" -> "is not known here";
                    case "minimum" -> "must be at least " + wanted;
                    case "maximum" -> "must be at most " + wanted;
                    case "exclusiveMinimum" -> "must be more than " + wanted;
                    case "exclusiveMaximum" -> "must be less than " + wanted;
                    case "enum" -> "must be one of " + wanted;
                    case "const" -> "must be " + wanted;
                    case "type" -> "must be " + wanted.toString().replace("\"", "");
                    case "pattern" -> "must match " + wanted.asString();
                    case "minLength" -> "must have at least %s characters".formatted(wanted);
                    case "maxLength" -> "must have at most %s characters".formatted(wanted);
                    case "minItems" -> "must have at least %s entries".formatted(wanted);
                    case "maxItems" -> "must have at most %s entries".formatted(wanted);
                    default -> error.getMessage();
                };
        JsonNode got = error.getInstanceNode();
        boolean shown = got != null && got.isValueNode() && got.toString().length() <= 100 && !rule.startsWith("is ");
        return "%s %s%s.".formatted(name, rule, shown ? ", got " + got : "");
    }
}
