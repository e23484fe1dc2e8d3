package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a template or a connector may be given, by its JSON Schema (2020-12). Names it does not declare are errors, whether the schema says so or not. */
final class Parameters {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonSchema schema;
    private final Set<String> names = new TreeSet<>();

    Parameters(JsonNode definition) {
        this.schema = FACTORY.getSchema(definition);
        definition.path("properties").fieldNames().forEachRemaining(names::add);
    }

    /**
     * Everything that is wrong with the given parameters.
     *
     * @param subject how a sentence about them begins: {@code Route 'adapter.press-07'}
     * @param given the parameters
     * @param secret names whose values must not appear in a sentence
     */
    List<String> problems(String subject, JsonNode given, Set<String> secret) {
        List<String> problems = new ArrayList<>();
        given.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                problems.add(
                        "%s: unknown parameter '%s'. Known: %s.".formatted(subject, name, String.join(", ", names)));
            }
        });
        for (ValidationMessage message : schema.validate(given)) {
            switch (message.getType()) {
                case "additionalProperties", "unevaluatedProperties" -> {
                    if (message.getInstanceLocation().getNameCount() > 0) {
                        problems.add(sentence(subject, message, secret));
                    }
                }
                case "required" ->
                    problems.add(
                            message.getInstanceLocation().getNameCount() == 0
                                    ? "%s: parameter '%s' is missing.".formatted(subject, message.getProperty())
                                    : sentence(subject, message, secret));
                default -> problems.add(sentence(subject, message, secret));
            }
        }
        return problems;
    }

    private static String sentence(String subject, ValidationMessage message, Set<String> secret) {
        String name = message.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
        if (secret.contains(name)) {
            return "%s: the secret given for parameter '%s' does not satisfy its schema.".formatted(subject, name);
        }
        String text = message.getMessage();
        int colon = text.indexOf(": ");
        String rule = colon < 0 ? text : text.substring(colon + 2);
        JsonNode instance = message.getInstanceNode();
        String got = instance == null || instance.isContainerNode() ? "" : ", got %s".formatted(instance);
        return "%s: parameter '%s' %s%s.".formatted(subject, name, rule, got);
    }
}
