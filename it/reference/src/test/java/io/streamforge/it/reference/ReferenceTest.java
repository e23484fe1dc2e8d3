package io.streamforge.it.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceTest {

    private static final Path HOME = Path.of("../..");
    private static final Path KAMELETS = HOME.resolve("kamelets/src/main/resources/kamelets");
    private static final Path TEMPLATES = HOME.resolve("route-templates/src/main/resources/route-templates");
    private static final Path FOLDER = HOME.resolve("docs/reference");
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)[^)]*\\)");

    static List<Path> kamelets() throws IOException {
        try (Stream<Path> files = Files.list(KAMELETS)) {
            return files.filter(file -> file.toString().endsWith(".kamelet.yaml"))
                    .toList();
        }
    }

    static List<Path> templates() throws IOException {
        try (Stream<Path> folders = Files.list(TEMPLATES)) {
            return folders.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void everyOptionOfAConnectorIsInTheTables(Path kamelet) throws IOException {
        String page = Reference.connectors(KAMELETS);
        assertRows(page, new YAMLMapper().readTree(kamelet.toFile()).at("/spec/definition"));
        Path points = Path.of(kamelet.toString().replace(".kamelet.yaml", ".points.schema.json"));
        if (Files.exists(points)) {
            assertRows(page, new ObjectMapper().readTree(points.toFile()).path("items"));
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyParameterOfATemplateIsInTheTables(Path template) throws IOException {
        assertRows(
                Reference.templates(TEMPLATES),
                new ObjectMapper()
                        .readTree(template.resolve("parameters.schema.json").toFile()));
    }

    @Test
    void rowSaysTypeUnitDefaultAndLimits() throws IOException {
        assertThat(Reference.connectors(KAMELETS))
                .contains("| `pollIntervalMs` | integer | ms | `1000` | 50 to 86400000 | Poll interval: ")
                .contains("| `host` | string |  | required | 1 to 253 characters; `")
                .contains("| `area` | string |  | `holding` | `holding`, `input`, `coil`, `discrete` | Area: ")
                .contains("| `bit` | integer or null |  | empty | 0 to 15 | Bit: ")
                .contains("| `type` | string or null |  | empty | `BOOL`, `BYTE`, ")
                .contains("| `scale` | number |  | `1` | not `0` | Scale: ")
                .contains("| `password` | secret |  | empty |");
        assertThat(Reference.templates(TEMPLATES))
                .contains("| `rules[].range.min` | number |")
                .contains("| `rules[].rate.maxPerSecond` | number |  | required | more than 0 |")
                .contains("| `rules[].type` | string |  |  | `number`, `flag`, `text` |")
                .contains("## Validate (`validate@1`)");
    }

    @Test
    void writesBothPages(@TempDir Path target) throws IOException {
        Reference.main(new String[] {HOME.toString(), target.resolve("pages").toString()});
        assertThat(target.resolve("pages/connectors.md")).content().contains("### Example", "### Notes", "### Points");
        assertThat(target.resolve("pages/templates.md")).content().contains("### Parameters", "### Example");
    }

    @Test
    void overviewLinksEveryConnectorAndTemplateAndNothingThatIsNotThere() throws IOException {
        String page = Files.readString(FOLDER.resolve("README.md"));
        Stream<Path> all = Stream.concat(kamelets().stream(), templates().stream());
        assertThat(all.map(path -> FOLDER.relativize(path).toString()))
                .allSatisfy(path -> assertThat(page).contains("(" + path));
        assertThat(LINK.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(FOLDER.resolve(link)).exists());
    }

    private static void assertRows(String page, JsonNode schema) {
        schema.path("properties").fields().forEachRemaining(property -> assertThat(page)
                .containsPattern("\\| `%s` \\|.*%s"
                        .formatted(
                                property.getKey(),
                                Pattern.quote(
                                        property.getValue().path("description").asText()))));
    }
}
