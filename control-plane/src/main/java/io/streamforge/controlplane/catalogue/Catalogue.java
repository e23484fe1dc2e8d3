package io.streamforge.controlplane.catalogue;

import io.streamforge.controlplane.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What can be configured: the Kamelets and route templates on the class path, read once at start as plain YAML and JSON.
 * A file that cannot be read stops the start: it is part of the distribution.
 */
@Component
public class Catalogue {

    private static final String KAMELETS = "classpath*:kamelets/*.kamelet.yaml";
    private static final String TEMPLATES = "classpath*:route-templates/*/*.camel.yaml";

    private final List<Connector> connectors;
    private final List<Template> templates;

    @Autowired
    Catalogue(JsonMapper json) {
        ResourcePatternResolver files = new PathMatchingResourcePatternResolver();
        YAMLMapper yaml = new YAMLMapper();
        List<Connector> read = new ArrayList<>();
        List<Template> stages = new ArrayList<>();
        try {
            for (Resource file : files.getResources(KAMELETS)) {
                connector(file, yaml, json).ifPresent(read::add);
            }
            for (Resource file : files.getResources(TEMPLATES)) {
                stages.addAll(templates(file, yaml, json));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.connectors =
                read.stream().sorted(Comparator.comparing(Connector::reference)).toList();
        this.templates = stages.stream()
                .sorted(Comparator.comparing(Template::id).thenComparing(Template::version))
                .toList();
    }

    /** A catalogue of exactly these. */
    public Catalogue(List<Connector> connectors, List<Template> templates) {
        this.connectors = List.copyOf(connectors);
        this.templates = List.copyOf(templates);
    }

    public List<Connector> connectors() {
        return connectors;
    }

    public List<Template> templates() {
        return templates;
    }

    /** @param reference {@code id@version} */
    public Optional<Connector> find(String reference) {
        return connectors.stream().filter(c -> c.reference().equals(reference)).findFirst();
    }

    /** The newest version of a template. */
    public Optional<Template> template(String id) {
        return templates.stream()
                .filter(t -> t.id().equals(id))
                .max(Comparator.comparingInt(t -> Integer.parseInt(t.version())));
    }

    /** The references that would have worked, for messages. */
    public String known(ConnectorKind kind) {
        return connectors.stream()
                .filter(c -> c.kind() == kind)
                .map(Connector::reference)
                .collect(Collectors.joining(", "));
    }

    /** @param id with or without version; without, the newest */
    Connector connector(String id) {
        return connectors.stream()
                .filter(c -> c.reference().equals(id) || c.id().equals(id))
                .max(Comparator.comparingInt(c -> Integer.parseInt(c.version())))
                .orElseThrow(() -> ProblemException.notFound("connector", id));
    }

    private static Optional<Connector> connector(Resource file, YAMLMapper yaml, JsonMapper json) throws IOException {
        JsonNode kamelet = read(file, yaml);
        JsonNode annotations = kamelet.at("/metadata/annotations");
        String type = kamelet.at("/metadata/labels")
                .path("camel.apache.org/kamelet.type")
                .asString("");
        ConnectorKind kind;
        switch (type) {
            case "source" -> kind = ConnectorKind.SOURCE;
            case "sink" -> kind = ConnectorKind.SINK;
            default -> {
                return Optional.empty();
            }
        }
        ObjectNode definition = (ObjectNode) kamelet.at("/spec/definition");
        String id = kamelet.at("/metadata/name").asString();
        Optional<JsonNode> points = beside(file, id + ".points.schema.json", json);
        Optional<JsonNode> example = beside(file, id + ".example.json", json);
        return Optional.of(new Connector(
                id,
                annotations.path("streamforge.io/version").asString("1"),
                kind,
                definition.path("title").asString(id),
                definition.path("description").asString(""),
                definition,
                points.map(table -> (ObjectNode) table.path("items")).orElse(null),
                example.map(node -> (ObjectNode) node).orElse(null),
                annotations.path("streamforge.io/testable").asString("false").equals("true"),
                annotations.path("streamforge.io/browsable").asString("false").equals("true"),
                annotations.path("streamforge.io/device-clock").asString("none")));
    }

    private static List<Template> templates(Resource file, YAMLMapper yaml, JsonMapper json) throws IOException {
        List<Template> found = new ArrayList<>();
        for (JsonNode entry : read(file, yaml)) {
            JsonNode template = entry.path("routeTemplate");
            String[] id = template.path("id").asString("").split("@", 2);
            if (id.length != 2) {
                continue;
            }
            ObjectNode schema = (ObjectNode) beside(file, "parameters.schema.json", json)
                    .orElseThrow(() -> new IllegalStateException("There is no parameters.schema.json beside " + file));
            found.add(new Template(
                    id[0],
                    id[1],
                    schema.path("title").asString(id[0]),
                    schema.path("description").asString(""),
                    schema,
                    (ObjectNode) beside(file, "example.json", json).orElseGet(json::createObjectNode)));
        }
        return found;
    }

    private static JsonNode read(Resource file, YAMLMapper yaml) throws IOException {
        try (InputStream in = file.getInputStream()) {
            return yaml.readTree(in);
        }
    }

    private static Optional<JsonNode> beside(Resource file, String name, JsonMapper json) throws IOException {
        Resource other = file.createRelative(name);
        if (!other.exists()) {
            return Optional.empty();
        }
        try (InputStream in = other.getInputStream()) {
            return Optional.of(json.readTree(in));
        }
    }
}
