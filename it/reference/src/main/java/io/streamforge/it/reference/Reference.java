package io.streamforge.it.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes {@code connectors.md} and {@code templates.md}: what can be set, with limits and help, an example and the notes. */
public final class Reference {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String KAMELET = ".kamelet.yaml";

    private Reference() {}

    /** @param arguments the project's folder, and the folder to write to */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        Path target = Files.createDirectories(Path.of(arguments[1]));
        Files.writeString(
                target.resolve("connectors.md"), connectors(home.resolve("kamelets/src/main/resources/kamelets")));
        Files.writeString(
                target.resolve("templates.md"),
                templates(home.resolve("route-templates/src/main/resources/route-templates")));
    }

    /** @param folder the Kamelets with their points, examples and notes */
    static String connectors(Path folder) throws IOException {
        StringBuilder page = new StringBuilder("# Connectors\n");
        for (Path file : list(folder, KAMELET)) {
            JsonNode kamelet = YAML.readTree(file.toFile());
            JsonNode definition = kamelet.at("/spec/definition");
            String id = kamelet.at("/metadata/name").asText();
            String version =
                    kamelet.at("/metadata/annotations/streamforge.io~1version").asText();
            heading(page, definition, id + "@" + version);
            page.append("\n### Options\n");
            table(page, definition);
            Path points = folder.resolve(id + ".points.schema.json");
            if (Files.exists(points)) {
                JsonNode schema = JSON.readTree(points.toFile());
                page.append("\n### Points\n\n")
                        .append(schema.path("description").asText())
                        .append('\n');
                table(page, schema.path("items"));
            }
            exampleAndNotes(page, folder.resolve(id + ".example.json"), folder.resolve(id + ".notes.md"));
        }
        return page.toString();
    }

    /** @param folder one folder per template */
    static String templates(Path folder) throws IOException {
        StringBuilder page = new StringBuilder("# Route templates\n");
        for (Path template : list(folder, "")) {
            Path route = list(template, ".camel.yaml").get(0);
            JsonNode schema =
                    JSON.readTree(template.resolve("parameters.schema.json").toFile());
            heading(
                    page,
                    schema,
                    YAML.readTree(route.toFile()).at("/0/routeTemplate/id").asText());
            page.append("\n### Parameters\n");
            table(page, schema);
            exampleAndNotes(page, template.resolve("example.json"), template.resolve("notes.md"));
        }
        return page.toString();
    }

    private static List<Path> list(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static void heading(StringBuilder page, JsonNode schema, String id) {
        page.append("\n## %s (`%s`)\n\n%s\n"
                .formatted(
                        schema.path("title").asText(),
                        id,
                        schema.path("description").asText()));
    }

    private static void exampleAndNotes(StringBuilder page, Path example, Path notes) throws IOException {
        page.append("\n### Example\n\n```json\n")
                .append(Files.readString(example).strip())
                .append("\n```\n");
        List<String> lines = Files.readAllLines(notes);
        page.append("\n### Notes\n");
        for (String line : lines.subList(1, lines.size())) {
            page.append(line.startsWith("#") ? "##" + line : line).append('\n');
        }
    }

    private static void table(StringBuilder page, JsonNode schema) {
        page.append("\n| Name | Type | Unit | Default | Limits | |\n|---|---|---|---|---|---|\n");
        rows(page, "", schema);
    }

    /** A row for each property, those of objects and of lists of objects beneath theirs. */
    private static void rows(StringBuilder page, String prefix, JsonNode schema) {
        List<String> required = texts(schema.path("required"));
        schema.path("properties").fields().forEachRemaining(property -> {
            String name = prefix + property.getKey();
            JsonNode about = property.getValue();
            String standard = about.has("default")
                    ? code(about.get("default"))
                    : required.contains(property.getKey()) ? "required" : "";
            page.append("| `%s` | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            name,
                            type(about),
                            cell(about.path("x-unit").asText()),
                            standard,
                            limits(about),
                            cell("%s: %s"
                                    .formatted(
                                            about.path("title").asText(),
                                            about.path("description").asText()))));
            rows(page, name + ".", about);
            rows(page, name + "[].", about.path("items"));
        });
    }

    private static String type(JsonNode about) {
        JsonNode type = about.path("type");
        return about.path("format").asText().equals("password")
                ? "secret"
                : String.join(" or ", type.isArray() ? texts(type) : List.of(type.asText()));
    }

    private static String limits(JsonNode about) {
        if (about.has("enum")) {
            return String.join(
                    ", ",
                    texts(about.get("enum")).stream()
                            .filter(value -> !value.equals("null"))
                            .map(value -> "`" + value + "`")
                            .toList());
        }
        Stream<String> range = Stream.of(
                        between(about, "minimum", "maximum", ""),
                        about.has("exclusiveMinimum")
                                ? "more than " + about.get("exclusiveMinimum").asText()
                                : "",
                        between(about, "minLength", "maxLength", " characters"),
                        between(about, "minItems", "maxItems", " rows"),
                        about.has("not") ? "not " + code(about.at("/not/const")) : "",
                        about.has("pattern") ? code(about.get("pattern")) : "")
                .filter(limit -> !limit.isEmpty());
        return String.join("; ", range.toList());
    }

    private static String between(JsonNode about, String least, String most, String unit) {
        if (!about.has(least) && !about.has(most)) {
            return "";
        }
        String limits = !about.has(most)
                ? "at least " + about.get(least).asText()
                : !about.has(least)
                        ? "at most " + about.get(most).asText()
                        : about.get(least).asText() + " to " + about.get(most).asText();
        return limits + unit;
    }

    private static List<String> texts(JsonNode list) {
        Stream.Builder<String> texts = Stream.builder();
        list.forEach(text -> texts.add(text.asText()));
        return texts.build().toList();
    }

    private static String code(JsonNode value) {
        String text = value.isNull() ? "" : value.isTextual() ? value.asText() : value.toString();
        return text.isEmpty() ? "empty" : "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
