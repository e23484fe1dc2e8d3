package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.streamforge.adapter.AlarmDesk;
import io.streamforge.adapter.PointWriter;
import io.streamforge.backbone.Replay;
import io.streamforge.backbone.StreamConsumer;
import io.streamforge.model.Origin;
import io.streamforge.model.UnavailableException;
import io.streamforge.routes.plan.Epochs;
import io.streamforge.routes.plan.PlannedRoute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Makes planned routes in the Camel context and takes them out again without a trace: routes, the connector's inner route, endpoints, beans and
 * Kamelet properties. Confined to the reconciler's thread, except for {@link #facts} and {@link #writer}.
 *
 * <p>How a plan's parameters reach a template: texts, numbers and flags as template parameters; a list of those as one text with commas;
 * objects and lists of objects as beans {@code <routeId>.<name>} (a {@code JsonNode}). A connector's {@code properties} become Kamelet
 * properties of the route {@code <routeId>.connector}, as does {@code origin}, the bean of an adapter's own; its secrets are beans too, so that no
 * URI ever holds one.
 */
final class RouteHost {

    /** The suffix of the id of the route that a connector makes inside of a planned route. */
    static final String CONNECTOR_SUFFIX = ".connector";

    /** Our own, then those of Apache Camel's catalogue, which a connector may run inside of it. */
    static final String KAMELETS = "classpath:kamelets,classpath:catalogue";

    private static final String PROPERTIES = "properties";
    private static final long STOP_SECONDS = 20;

    private final ModelCamelContext context;
    private final Library library;
    private final Secrets secrets;
    private final Epochs epochs;
    private final String gatewayId;
    private final Map<String, Properties> kameletProperties = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> beansByRoute = new HashMap<>();

    RouteHost(ModelCamelContext context, Library library, Secrets secrets, Epochs epochs, String gatewayId) {
        this.context = context;
        this.library = library;
        this.secrets = secrets;
        this.epochs = epochs;
        this.gatewayId = gatewayId;
        KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
        kamelets.setRouteProperties(kameletProperties);
        kamelets.setLocation(KAMELETS);
    }

    /** A route could not be made; the message is a full sentence that names it. Nothing of it is left. */
    static final class InstallException extends Exception {
        InstallException(String message, Throwable cause) {
            super(message, cause);
        }

        /** Whether something did not answer that the route needs to start, the stream or its registry: neither the route nor its plan is to blame. */
        boolean isOutage() {
            for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof UnavailableException
                        || cause instanceof TimeoutException
                        || cause instanceof RetriableException) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Everything that keeps the routes from being run here, before any of it is: unknown templates and connectors, wrong parameters. */
    List<String> problems(List<PlannedRoute> routes) {
        List<String> problems = new ArrayList<>();
        for (PlannedRoute route : routes) {
            String subject = "Route '%s'".formatted(route.routeId());
            Template template = library.template(route.templateId());
            if (template == null) {
                problems.add(subject + ": " + library.unknownTemplate(route.templateId()));
                continue;
            }
            problems.addAll(template.parameters().problems(subject, route.parameters(), Set.of()));
            if (route.parameters().path("connector").isTextual()) {
                problems.addAll(connectorProblems(subject, route.parameters()));
            }
        }
        return problems;
    }

    private List<String> connectorProblems(String subject, ObjectNode parameters) {
        String id = parameters.get("connector").textValue();
        Connector connector;
        try {
            connector =
                    library.connector(id, parameters.path("connectorVersion").asText("1"));
        } catch (Library.UnknownConnectorException e) {
            return List.of(subject + ": " + e.getMessage());
        }
        List<String> problems = new ArrayList<>();
        ObjectNode resolved =
                parameters.path(PROPERTIES) instanceof ObjectNode object ? object.deepCopy() : parameters.objectNode();
        Set<String> secret = new HashSet<>();
        for (String name : names(resolved)) {
            JsonNode reference = resolved.get(name).path(Secrets.REFERENCE);
            if (reference.isTextual()) {
                try {
                    resolved.set(name, TextNode.valueOf(secrets.required(reference.textValue())));
                    secret.add(name);
                } catch (IOException e) {
                    problems.add("%s: parameter '%s': %s".formatted(subject, name, e.getMessage()));
                    resolved.remove(name);
                    return problems;
                }
            }
        }
        problems.addAll(connector.parameters().problems("%s, connector '%s'".formatted(subject, id), resolved, secret));
        return problems;
    }

    /**
     * Makes and starts a route.
     *
     * @param revision the deployment revision that its readings will name
     */
    void install(PlannedRoute planned, long revision) throws InstallException {
        install(planned, revision, null);
    }

    /** @param replay what makes it a second run over the past, null for a route of the live path */
    void install(PlannedRoute planned, long revision, @Nullable Replay replay) throws InstallException {
        String routeId = planned.routeId();
        try {
            Template template = library.template(planned.templateId());
            if (template == null) {
                throw new IllegalArgumentException(library.unknownTemplate(planned.templateId()));
            }
            Map<String, Object> arguments = new HashMap<>();
            arguments.put("routeId", routeId);
            arguments.put("gatewayId", gatewayId);
            ObjectNode parameters = planned.parameters();
            Set<String> structured = new HashSet<>();
            for (String name : names(parameters)) {
                JsonNode value = parameters.get(name);
                if (name.equals(PROPERTIES)) {
                    continue;
                }
                if (isPlain(value)) {
                    arguments.put(name, plain(value));
                } else if (!value.isNull()) {
                    bind(routeId, name, value);
                    structured.add(name);
                }
            }
            if (parameters.path("adapterId").isTextual()) {
                bind(routeId, "origin", origin(parameters, revision));
            }
            if (parameters.path("connector").isTextual()) {
                library.connector(
                        parameters.get("connector").textValue(),
                        parameters.path("connectorVersion").asText("1"));
                kameletProperties.put(routeId + CONNECTOR_SUFFIX, connectorProperties(routeId, parameters, structured));
            }
            if (replay != null) {
                bind(routeId, Replay.BEAN.substring(1), replay);
            }
            context.addRouteFromTemplate(routeId, planned.templateId(), arguments);
        } catch (Exception e) {
            uninstall(routeId);
            throw new InstallException("Route '%s' cannot start: %s".formatted(routeId, Causes.sentence(e)), e);
        }
    }

    /** Stops a route and takes out everything that was made for it; a route that is not there is none to take out. */
    void uninstall(String routeId) {
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (RouteDefinition definition : List.copyOf(context.getRouteDefinitions())) {
            if (isInside(definition, routeId)) {
                boolean sink = definition.getInput().getEndpointUri().startsWith("kamelet:");
                (sink ? after : before).add(definition.getId());
            }
        }
        List<String> inOrder = new ArrayList<>(before);
        inOrder.add(routeId);
        inOrder.addAll(after);
        for (String id : inOrder) {
            remove(id);
        }
        kameletProperties.remove(routeId + CONNECTOR_SUFFIX);
        Set<String> beans = beansByRoute.remove(routeId);
        if (beans != null) {
            beans.forEach(context.getRegistry()::unbind);
        }
    }

    /** The topics that a route reads, none where it reads the stream not or does not run. */
    List<String> topics(String routeId) {
        Route route = context.getRoute(routeId);
        return route != null && route.getConsumer() instanceof StreamConsumer consumer ? consumer.topics() : List.of();
    }

    /** What Camel and the route's consumers say about a route now. */
    RouteFacts facts(String routeId) {
        List<Route> routes = new ArrayList<>();
        Route outer = context.getRoute(routeId);
        if (outer == null) {
            return RouteFacts.ABSENT;
        }
        routes.add(outer);
        for (RouteDefinition definition : List.copyOf(context.getRouteDefinitions())) {
            if (isInside(definition, routeId)) {
                Route inner = context.getRoute(definition.getId());
                if (inner == null) {
                    return RouteFacts.ABSENT;
                }
                routes.add(inner);
            }
        }
        for (Route route : routes) {
            var status = context.getRouteController().getRouteStatus(route.getRouteId());
            if (status == null || !status.isStarted()) {
                return RouteFacts.stopped(
                        route.getLastError() == null
                                ? null
                                : route.getLastError().getException());
            }
        }
        return RouteFacts.of(routes);
    }

    /** What writes the points of an adapter's route; empty where it does not run or cannot write. May be called from any thread. */
    Optional<PointWriter> writer(String routeId) {
        return source(routeId, PointWriter::of);
    }

    /** The alarms of the device of an adapter's route; empty where it does not run or does not ask for any. May be called from any thread. */
    Optional<AlarmDesk> alarmDesk(String routeId) {
        return source(routeId, AlarmDesk::of);
    }

    private <T> Optional<T> source(String routeId, Function<Consumer, Optional<T>> as) {
        for (RouteDefinition definition : List.copyOf(context.getRouteDefinitions())) {
            Route route = definition.getId().equals(routeId) || isInside(definition, routeId)
                    ? context.getRoute(definition.getId())
                    : null;
            Optional<T> source = route == null ? Optional.empty() : as.apply(route.getConsumer());
            if (source.isPresent()) {
                return source;
            }
        }
        return Optional.empty();
    }

    /** Whether a route was made by a Kamelet of that route, or by one inside of it. */
    private boolean isInside(RouteDefinition definition, String routeId) {
        Map<String, Object> parameters = definition.getTemplateParameters();
        if (parameters == null || !(parameters.get("parentRouteId") instanceof String parent)) {
            return false;
        }
        RouteDefinition around = parent.equals(routeId) ? null : context.getRouteDefinition(parent);
        return parent.equals(routeId) || (around != null && isInside(around, routeId));
    }

    private void remove(String id) {
        try {
            if (context.getRoute(id) != null) {
                context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
                context.removeRoute(id);
            }
            RouteDefinition definition = context.getRouteDefinition(id);
            if (definition != null) {
                context.removeRouteDefinition(definition);
            }
        } catch (Exception e) {
            throw new IllegalStateException("Route '%s' cannot be taken out: %s".formatted(id, Causes.sentence(e)), e);
        }
    }

    private Origin origin(ObjectNode parameters, long revision) throws IOException {
        String adapterId = parameters.get("adapterId").textValue();
        String version = parameters.path("connector").asText() + "@"
                + parameters.path("connectorVersion").asText("1");
        return new Origin(gatewayId, adapterId, version, revision, epochs.next(adapterId));
    }

    private Properties connectorProperties(String routeId, ObjectNode parameters, Set<String> structured)
            throws IOException {
        Properties properties = new Properties();
        if (parameters.path("adapterId").isTextual()) {
            properties.setProperty("origin", routeId + ".origin");
        }
        for (String name : structured) {
            properties.setProperty(name, routeId + "." + name);
        }
        JsonNode given = parameters.path(PROPERTIES);
        for (String name : names(given)) {
            JsonNode value = given.get(name);
            if (value.path(Secrets.REFERENCE).isTextual()) {
                bind(
                        routeId,
                        name,
                        Secrets.bean(
                                secrets.required(value.get(Secrets.REFERENCE).textValue())));
                properties.setProperty(name, "#bean:" + routeId + "." + name);
            } else if (isPlain(value)) {
                properties.setProperty(name, plain(value));
            } else if (!value.isNull()) {
                bind(routeId, name, value);
                properties.setProperty(name, routeId + "." + name);
            }
        }
        return properties;
    }

    private void bind(String routeId, String name, Object bean) {
        String id = routeId + "." + name;
        context.getRegistry().bind(id, bean);
        beansByRoute.computeIfAbsent(routeId, key -> new HashSet<>()).add(id);
    }

    private static boolean isPlain(JsonNode value) {
        if (value.isArray() && !value.isEmpty()) {
            for (JsonNode item : value) {
                if (!item.isValueNode() || item.isNull()) {
                    return false;
                }
            }
            return true;
        }
        return value.isValueNode() && !value.isNull();
    }

    private static String plain(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }

    private static List<String> names(@Nullable JsonNode object) {
        List<String> names = new ArrayList<>();
        if (object != null) {
            for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
                names.add(fields.next());
            }
        }
        return names;
    }
}
