package io.streamforge.routes.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.streamforge.routes.LogKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ThreadsDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route templates and connectors that this gateway has. Each file is loaded by itself: a broken one costs only the routes that need it,
 * and they say so.
 */
final class Library {

    private static final Logger LOG = LoggerFactory.getLogger(Library.class);
    private static final String TEMPLATE_SUFFIX = ".camel.yaml";
    private static final String KAMELET_SUFFIX = ".kamelet.yaml";

    private final JsonMapper json = new JsonMapper();
    private final YAMLMapper yaml = new YAMLMapper();
    private final ModelCamelContext context;
    private final ResourceFolders templateFiles;
    private final ResourceFolders kameletFiles;
    private final Map<String, Template> templates = new TreeMap<>();
    private final Map<String, String> broken = new TreeMap<>();
    private final Map<String, Connector> connectors = new HashMap<>();

    /**
     * Loads every template; connectors are loaded by the first route that needs them.
     *
     * @param own an integrator's folder with {@code route-templates/} and {@code kamelets/}, if there is one
     */
    Library(ModelCamelContext context, Optional<Path> own) throws IOException {
        this.context = context;
        this.templateFiles = new ResourceFolders("route-templates", own);
        this.kameletFiles = new ResourceFolders("kamelets", own);
        for (String path : templateFiles.endingWith(TEMPLATE_SUFFIX)) {
            load(path);
        }
    }

    /** Template files that could not be loaded, with the reason. */
    Map<String, String> broken() {
        return Map.copyOf(broken);
    }

    /** The template of that id, or null; {@link #unknownTemplate} says why. */
    @Nullable
    Template template(String id) {
        return templates.get(id);
    }

    /** Why there is no such template, and which ones there are. */
    String unknownTemplate(String id) {
        String name = id.substring(0, id.indexOf('@'));
        for (Map.Entry<String, String> entry : broken.entrySet()) {
            if (entry.getKey().startsWith("route-templates/" + name + "/")) {
                return "Template '%s' could not be loaded from %s: %s".formatted(id, entry.getKey(), entry.getValue());
            }
        }
        return "Unknown template '%s'. Known: %s.".formatted(id, String.join(", ", templates.keySet()));
    }

    /**
     * The connector of that id and version, loaded if need be.
     *
     * @throws UnknownConnectorException if there is none, or its file is broken
     */
    Connector connector(String id, String version) throws UnknownConnectorException {
        Connector connector = connectors.get(id);
        if (connector == null) {
            connector = loadConnector(id);
            connectors.put(id, connector);
        }
        if (!connector.version().equals(version)) {
            throw new UnknownConnectorException("Connector '%s' has version %s here, the plan asks for %s."
                    .formatted(id, connector.version(), version));
        }
        return connector;
    }

    /** There is no such connector; the message says which there are, or what is wrong with its file. */
    static final class UnknownConnectorException extends Exception {
        UnknownConnectorException(String message) {
            super(message);
        }
    }

    private void load(String path) {
        int before = context.getRouteTemplateDefinitions().size();
        List<RouteTemplateDefinition> loaded = List.of();
        try {
            String folder = path.substring(0, path.lastIndexOf('/'));
            String schema = templateFiles
                    .text(folder + "/parameters.schema.json")
                    .orElseThrow(() -> new IllegalArgumentException("there is no parameters.schema.json beside it."));
            Parameters parameters = new Parameters(json.readTree(schema));
            PluginHelper.getRoutesLoader(context).loadRoutes(resource(path, templateFiles));
            List<RouteTemplateDefinition> all = context.getRouteTemplateDefinitions();
            loaded = List.copyOf(all.subList(before, all.size()));
            if (loaded.isEmpty()) {
                throw new IllegalArgumentException("it defines no route template.");
            }
            for (RouteTemplateDefinition definition : loaded) {
                check(definition);
            }
            for (RouteTemplateDefinition definition : loaded) {
                Set<String> declared = new HashSet<>();
                if (definition.getTemplateParameters() != null) {
                    definition.getTemplateParameters().forEach(parameter -> declared.add(parameter.getName()));
                }
                templates.put(definition.getId(), new Template(definition.getId(), parameters, declared));
            }
        } catch (Exception e) {
            for (RouteTemplateDefinition definition : loaded) {
                context.getRouteTemplateDefinitions().remove(definition);
            }
            String reason = Causes.sentence(e);
            broken.put(path, reason);
            LOG.atError()
                    .addKeyValue(LogKeys.FILE, path)
                    .addKeyValue(LogKeys.REASON, reason)
                    .log("A route template cannot be loaded; the others are not affected");
        }
    }

    private void check(RouteTemplateDefinition definition) {
        String id = definition.getId();
        if (id == null || !id.matches("[A-Za-z0-9_-]+@\\d{1,4}")) {
            throw new IllegalArgumentException("a template's id must be <name>@<number>, got '%s'.".formatted(id));
        }
        if (templates.containsKey(id)) {
            throw new IllegalArgumentException(
                    "template '%s' is defined by an earlier file: a version never changes, give it the next number."
                            .formatted(id));
        }
        Set<String> hops = new TreeSet<>();
        collectHops(definition.getRoute().getOutputs(), hops);
        String from = definition.getRoute().getInput() == null
                ? ""
                : definition.getRoute().getInput().getUri();
        if (from != null && from.startsWith("backbone:") && !hops.isEmpty()) {
            throw new IllegalArgumentException(
                    "template '%s' reads backbone: and uses %s, which goes on in another thread: its records could be committed before they are written."
                            .formatted(id, String.join(", ", hops)));
        }
    }

    /** Steps after which an exchange goes on in another thread. */
    private static void collectHops(List<ProcessorDefinition<?>> steps, Set<String> hops) {
        for (ProcessorDefinition<?> step : steps) {
            if (step instanceof ThreadsDefinition || step instanceof WireTapDefinition) {
                hops.add(step.getShortName());
            } else if (step instanceof ToDefinition to
                    && to.getUri() != null
                    && to.getUri().startsWith("seda:")) {
                hops.add("seda");
            }
            collectHops(step.getOutputs(), hops);
        }
    }

    private Connector loadConnector(String id) throws UnknownConnectorException {
        String path = "kamelets/" + id + KAMELET_SUFFIX;
        String text = kameletFiles.text(path).orElse(null);
        if (text == null) {
            List<String> known = kameletFiles.endingWith(KAMELET_SUFFIX).stream()
                    .map(file -> file.substring("kamelets/".length(), file.length() - KAMELET_SUFFIX.length()))
                    .toList();
            throw new UnknownConnectorException(
                    "Unknown connector '%s'. Known: %s.".formatted(id, String.join(", ", known)));
        }
        try {
            JsonNode kamelet = yaml.readTree(text);
            PluginHelper.getRoutesLoader(context).loadRoutes(resource(path, kameletFiles));
            if (context.getRouteTemplateDefinition(id) == null) {
                throw new IllegalArgumentException("it does not define a Kamelet of that name.");
            }
            return new Connector(
                    id,
                    kamelet.at("/metadata/annotations/streamforge.io~1version").asText("1"),
                    new Parameters(kamelet.at("/spec/definition")));
        } catch (JsonProcessingException e) {
            throw new UnknownConnectorException(
                    "Connector '%s' could not be loaded from %s: %s".formatted(id, path, e.getOriginalMessage()));
        } catch (Exception e) {
            throw new UnknownConnectorException(
                    "Connector '%s' could not be loaded from %s: %s".formatted(id, path, Causes.sentence(e)));
        }
    }

    private Resource resource(String path, ResourceFolders files) {
        return ResourceHelper.fromString(path, files.text(path).orElseThrow());
    }
}
