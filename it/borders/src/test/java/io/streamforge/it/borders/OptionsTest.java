package io.streamforge.it.borders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of a connector or template, and every column of a point table, is set to something else than its default in a test of what carries it out: one that
 * nobody sets may as well do nothing. A floor and no proof, what it brings about is that test's to show.
 */
class OptionsTest {

    private static final Path ROOT = Path.of("../..");
    private static final Path KAMELETS = ROOT.resolve("kamelets/src/main/resources/kamelets");
    private static final Path TEMPLATES = ROOT.resolve("route-templates/src/main/resources/route-templates");
    private static final String KAMELET = ".kamelet.yaml";
    /** Where connectors run in the templates that they are made for, and tables that several components share are read. */
    private static final List<String> SHARED = List.of("route-templates", "components/adapter");

    private static final Pattern COMPONENT = Pattern.compile("mvn:io\\.streamforge:streamforge-([a-z0-9]+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<String> connectors() {
        return names(KAMELETS).stream()
                .filter(name -> name.endsWith(KAMELET))
                .map(name -> name.substring(0, name.length() - KAMELET.length()))
                .toList();
    }

    static List<String> templates() {
        return names(TEMPLATES);
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void everyOptionOfAConnectorIsSetInATest(String id) throws IOException {
        JsonNode kamelet = YAML.readTree(KAMELETS.resolve(id + KAMELET).toFile());
        Matcher component = COMPONENT.matcher(kamelet.at("/spec/dependencies").toString());
        assertThat(component.find()).isTrue();
        String tests = tests("components/" + component.group(1));
        // no endpoint is made without what its address is made of
        String address = kamelet.at("/spec/template/from/uri").asText();
        Map<String, JsonNode> options = fields(kamelet.at("/spec/definition/properties"));
        options.keySet().removeIf(name -> address.contains("{{" + name + "}}"));
        assertThat(neverSet(options, tests)).isEmpty();
        Path points = KAMELETS.resolve(id + ".points.schema.json");
        if (Files.exists(points)) {
            assertThat(neverSet(fields(JSON.readTree(points.toFile()).at("/items/properties")), tests))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyParameterOfATemplateIsSetInATest(String name) throws IOException {
        JsonNode schema = JSON.readTree(
                TEMPLATES.resolve(name).resolve("parameters.schema.json").toFile());
        String tests = tests("components/" + name);
        assertThat(neverSet(fields(schema.get("properties")), tests)).isEmpty();
        // a table's rows are fields of their own
        for (JsonNode rows : schema.findValues("items")) {
            assertThat(neverSet(fields(rows.path("properties")), tests)).isEmpty();
        }
    }

    private static List<String> neverSet(Map<String, JsonNode> options, String tests) {
        return options.entrySet().stream()
                .filter(option -> values(option.getKey(), tests)
                        .allMatch(value ->
                                value.equals(option.getValue().path("default").asText("null"))))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** As they stand in a URI, in JSON or beside a key in Java. */
    private static Stream<String> values(String option, String tests) {
        return Pattern.compile("(?:[?&.]|(?<=\"))%s(?:=|\"\\s*[:,]\\s*)\"?([^\"&,}\\s)\\]]*)".formatted(option))
                .matcher(tests)
                .results()
                .map((MatchResult found) -> found.group(1));
    }

    private static String tests(String module) {
        return Stream.concat(Stream.of(module), SHARED.stream())
                .distinct()
                .map(folder -> ROOT.resolve(folder).resolve("src/test/java"))
                .filter(Files::exists)
                .flatMap(OptionsTest::sources)
                .map(source -> source.replace("\\\"", "\"").replace('\'', '"'))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> sources(Path folder) {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources.stream();
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonNode> fields(JsonNode properties) {
        return properties.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
