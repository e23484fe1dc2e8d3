package io.streamforge.templates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the control plane and the gateway rely on, for every folder in {@code route-templates/}. */
class TemplateContractTest {

    private static final Path FOLDER = Path.of("src/main/resources/route-templates");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+)(?::[^}]*)?}}");
    private static final Pattern BEAN = Pattern.compile("#bean:\\{\\{routeId}}\\.([A-Za-z0-9]+)");
    /** What the gateway gives to every template. */
    private static final Set<String> GIVEN = Set.of("routeId", "gatewayId");
    /** What the gateway itself makes use of: a connector's version, properties and point table. */
    private static final Set<String> GATEWAYS = Set.of("connectorVersion", "properties", "points");
    /** Beans that the gateway makes. */
    private static final Set<String> GATEWAYS_BEANS = Set.of("origin");

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema YAML_DSL = yamlDsl();

    static List<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void isWellFormedCamelYaml(String name) throws IOException {
        assertThat(YAML_DSL.validate(new YAMLMapper().readTree(yaml(name)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void camelLoadsItUnderItsNameAndVersion(String name) throws Exception {
        assertThat(definition(name).getId()).matches(Pattern.quote(name) + "@\\d{1,4}");
        assertThat(FOLDER.resolve(name).resolve("notes.md")).isNotEmptyFile();
    }

    /** Two parameters that changed places would both be used. */
    @ParameterizedTest
    @MethodSource("names")
    void passesEachParameterOnUnderItsOwnName(String name) throws IOException {
        new YAMLMapper().readTree(yaml(name)).findValues("parameters").forEach(parameters -> parameters
                .fields()
                .forEachRemaining(parameter -> {
                    Matcher passed = PLACEHOLDER.matcher(parameter.getValue().asText());
                    if (passed.matches()) {
                        assertThat(passed.group(1)).isEqualTo(parameter.getKey());
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("names")
    void declaresWhatItUsesAndUsesWhatItDeclares(String name) throws Exception {
        Set<String> used = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(yaml(name));
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        Set<String> declared = new TreeSet<>();
        for (RouteTemplateParameterDefinition parameter : definition(name).getTemplateParameters()) {
            declared.add(parameter.getName());
        }
        used.removeAll(GIVEN);
        declared.removeAll(GIVEN);
        assertThat(used).isEqualTo(declared);
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsSchemaDescribesItsParametersAndBeans(String name) throws Exception {
        JsonNode schema = schema(name);
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(field -> required.add(field.asText()));

        TreeMap<String, RouteTemplateParameterDefinition> declared = new TreeMap<>();
        for (RouteTemplateParameterDefinition parameter : definition(name).getTemplateParameters()) {
            declared.put(parameter.getName(), parameter);
        }
        Set<String> beans = new TreeSet<>();
        Matcher matcher = BEAN.matcher(yaml(name));
        while (matcher.find()) {
            beans.add(matcher.group(1));
        }
        Set<String> described = new TreeSet<>();
        schema.path("properties").fields().forEachRemaining(entry -> {
            String field = entry.getKey();
            JsonNode property = entry.getValue();
            described.add(field);
            assertThat(property.path("title").asText()).as(field).isNotBlank();
            assertThat(property.path("description").asText()).as(field).endsWith(".");
            RouteTemplateParameterDefinition parameter = declared.get(field);
            if (parameter == null) {
                assertThat(beans.contains(field) || GATEWAYS.contains(field))
                        .as(field + " is used")
                        .isTrue();
            } else {
                assertThat(parameter.isRequired() && parameter.getDefaultValue() == null)
                        .as(field + " is required in both")
                        .isEqualTo(required.contains(field));
                if (property.has("default") || parameter.getDefaultValue() != null) {
                    assertThat(property.path("default").asText()).as(field).isEqualTo(parameter.getDefaultValue());
                }
            }
            if (property.has("default")) {
                assertThat(SCHEMAS.getSchema(property).validate(property.get("default")))
                        .as(field)
                        .isEmpty();
            }
        });
        Set<String> undescribed = new TreeSet<>(declared.keySet());
        undescribed.addAll(beans);
        undescribed.removeAll(described);
        undescribed.removeAll(GIVEN);
        undescribed.removeAll(GATEWAYS_BEANS);
        assertThat(undescribed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsExampleIsValid(String name) {
        JsonNode example = json(FOLDER.resolve(name).resolve("example.json"));
        assertThat(SCHEMAS.getSchema(schema(name)).validate(example)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void staysInTheThreadThatCommits(String name) throws IOException {
        JsonNode route = new YAMLMapper().readTree(yaml(name));
        for (String hop : List.of("threads", "wireTap", "multicast", "recipientList", "split")) {
            assertThat(route.findValues(hop)).as(hop).isEmpty();
        }
        assertThat(yaml(name)).doesNotContain("seda:", "disruptor:", "vm:");
    }

    private static RouteTemplateDefinition definition(String name) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", yaml(name)));
            assertThat(context.getRouteTemplateDefinitions()).hasSize(1);
            return context.getRouteTemplateDefinitions().get(0);
        }
    }

    private static String yaml(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name).resolve(name + ".camel.yaml"));
    }

    private static JsonNode schema(String name) {
        return json(FOLDER.resolve(name).resolve("parameters.schema.json"));
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonSchema yamlDsl() {
        try (InputStream schema = TemplateContractTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
