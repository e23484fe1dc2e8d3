package io.streamforge.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the console and the gateway rely on, for every file in {@code kamelets/}. */
class KameletContractTest {

    private static final Path FOLDER = Path.of("src/main/resources/kamelets");
    private static final String SUFFIX = ".kamelet.yaml";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)(?::[^}]*)?}}");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<String> ids() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("ids")
    void isNamedAsItsFileAndSaysWhatItIs(String id) {
        JsonNode kamelet = kamelet(id);
        assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(id);
        String type =
                kamelet.at("/metadata/labels/camel.apache.org~1kamelet.type").asText();
        assertThat(type).isIn("source", "sink", "action");
        assertThat(id).endsWith("-" + type);
        assertThat(kamelet.at("/metadata/annotations/streamforge.io~1version").asText())
                .matches("\\d{1,4}");
        assertThat(kamelet.at("/spec/definition/title").asText()).isNotBlank();
        assertThat(kamelet.at("/spec/definition/description").asText()).isNotBlank();
        assertThat(FOLDER.resolve(id + ".notes.md")).isNotEmptyFile();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void everyPropertyMakesAFormField(String id) {
        JsonNode definition = kamelet(id).at("/spec/definition");
        assertThat(definition.path("additionalProperties").asBoolean(true))
                .as("additionalProperties")
                .isFalse();
        Set<String> required = new TreeSet<>();
        definition.path("required").forEach(name -> required.add(name.asText()));
        definition.path("properties").fields().forEachRemaining(entry -> {
            JsonNode property = entry.getValue();
            String name = entry.getKey();
            assertThat(property.path("title").asText()).as(name).isNotBlank();
            assertThat(property.path("description").asText()).as(name).endsWith(".");
            assertThat(property.path("type").asText()).as(name).isIn("string", "integer", "number", "boolean");
            if (property.path("type").asText().equals("integer")) {
                assertThat(property.has("minimum") && property.has("maximum"))
                        .as(name + " has limits")
                        .isTrue();
            }
            assertThat(property.has("default"))
                    .as(name + " is either required or has a default")
                    .isNotEqualTo(required.contains(name));
            if (property.has("default")) {
                assertThat(SCHEMAS.getSchema(property).validate(property.get("default")))
                        .as(name)
                        .isEmpty();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ids")
    void declaresWhatItUsesAndUsesWhatItDeclares(String id) {
        JsonNode kamelet = kamelet(id);
        Set<String> used = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(kamelet.at("/spec/template").toString());
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        Set<String> declared = new TreeSet<>();
        kamelet.at("/spec/definition/properties").fieldNames().forEachRemaining(declared::add);
        if (Files.exists(points(id))) {
            declared.add("points");
        }
        used.removeAll(Set.of("routeId", "origin"));
        assertThat(used).isEqualTo(declared);
    }

    /** What it does is its component's to do; see ADR 0050. */
    @ParameterizedTest
    @MethodSource("ids")
    void isOneEndpoint(String id) {
        JsonNode from = kamelet(id).at("/spec/template/from");
        assertThat(from.path("uri").isTextual()).isTrue();
        assertThat(from.path("steps")).hasSize(1);
        assertThat(from.path("steps").path(0).fieldNames()).toIterable().containsExactly("to");
    }

    /** Two options that changed places would both be used. */
    @ParameterizedTest
    @MethodSource("ids")
    void passesEachOptionOnUnderItsOwnName(String id) {
        kamelet(id).at("/spec/template").findValues("parameters").forEach(parameters -> parameters
                .fields()
                .forEachRemaining(parameter -> assertThat(parameter.getValue().asText())
                        .containsPattern(
                                "\\{\\{%s}}".formatted(parameter.getKey().replaceFirst("^driver\\.", "")))));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void itsExampleIsValid(String id) {
        JsonNode example = json(FOLDER.resolve(id + ".example.json"));
        JsonSchema definition = SCHEMAS.getSchema(kamelet(id).at("/spec/definition"));
        assertThat(definition.validate(withoutSecrets(example.path("properties"))))
                .isEmpty();
        assertThat(example.has("points")).isEqualTo(Files.exists(points(id)));
        if (example.has("points")) {
            assertThat(SCHEMAS.getSchema(json(points(id))).validate(example.get("points")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("ids")
    void itsPointsMakeATable(String id) {
        if (!Files.exists(points(id))) {
            return;
        }
        JsonNode row = json(points(id)).path("items");
        Set<String> required = new TreeSet<>();
        row.path("required").forEach(name -> required.add(name.asText()));
        assertThat(required).contains("name");
        row.path("properties").fields().forEachRemaining(entry -> {
            JsonNode column = entry.getValue();
            String name = entry.getKey();
            assertThat(column.path("title").asText()).as(name).isNotBlank();
            assertThat(column.path("description").asText()).as(name).endsWith(".");
            assertThat(column.has("default"))
                    .as(name + " is either required or has a default")
                    .isNotEqualTo(required.contains(name));
            if (column.has("default")) {
                assertThat(SCHEMAS.getSchema(column).validate(column.get("default")))
                        .as(name)
                        .isEmpty();
            }
        });
        assertThat(row.path("properties").has("unit")).isTrue();
        assertThat(row.path("properties").has("asset")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void camelLoadsIt(String id) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(id + SUFFIX, Files.readString(FOLDER.resolve(id + SUFFIX))));
            assertThat(context.getRouteTemplateDefinition(id)).isNotNull();
        }
        JsonNode template = kamelet(id).at("/spec/template");
        List<String> uris = new ArrayList<>();
        template.findValues("uri").forEach(uri -> uris.add(uri.asText()));
        template.findValues("to")
                .forEach(to ->
                        uris.add(to.isTextual() ? to.asText() : to.path("uri").asText()));
        assertThat(uris).contains(id.endsWith("-source") ? "kamelet:sink" : "kamelet:source");
    }

    private static Path points(String id) {
        return FOLDER.resolve(id + ".points.schema.json");
    }

    private static JsonNode kamelet(String id) {
        try {
            return new YAMLMapper().readTree(FOLDER.resolve(id + SUFFIX).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A secret is a reference wherever it is written, and a text by the time the connector sees it. */
    private static JsonNode withoutSecrets(JsonNode properties) {
        ObjectNode resolved = properties.deepCopy();
        properties.fields().forEachRemaining(entry -> {
            if (entry.getValue().has("$secret")) {
                resolved.set(entry.getKey(), TextNode.valueOf("secret"));
            }
        });
        return resolved;
    }
}
