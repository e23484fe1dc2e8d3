package io.streamforge.controlplane.deployment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.streamforge.controlplane.adapter.AdapterCheck;
import io.streamforge.controlplane.adapter.AdapterDefinition;
import io.streamforge.controlplane.catalogue.Catalogue;
import io.streamforge.controlplane.catalogue.Connector;
import io.streamforge.controlplane.catalogue.SchemaCheck;
import io.streamforge.controlplane.catalogue.Template;
import io.streamforge.controlplane.rules.RuleCheck;
import io.streamforge.controlplane.rules.RuleSetDefinition;
import io.streamforge.controlplane.rules.Windows;
import io.streamforge.controlplane.sink.SinkCheck;
import io.streamforge.controlplane.sink.SinkDefinition;
import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a snapshot into the plan a gateway runs: a pure function of the snapshot and the catalogue. The same content
 * gives the same routes in the same order, and so the same hash. What is wrong is said all at once.
 */
final class PlanCompiler {

    private static final String MIN_RUNTIME = "1.0";
    private static final String EXACTLY_ONCE = "exactlyOnce";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** A rule as the template takes it: with the checks that it states. */
    private static final JsonMapper STATED = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private final Catalogue catalogue;

    PlanCompiler(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** What comes of compiling. */
    sealed interface Outcome {

        /** The plan. */
        record Compiled(RoutePlan plan) implements Outcome {}

        /** Why there is none, with pointers into the snapshot. */
        record Refused(List<FieldProblem> problems) implements Outcome {}
    }

    /** @param revision number the plan will carry; it is no part of the hash */
    Outcome compile(Snapshot snapshot, int revision) {
        List<FieldProblem> problems = new ArrayList<>();
        List<PlanRoute> routes = new ArrayList<>();
        adapters(snapshot, routes, problems);
        RuleSetDefinition rules = snapshot.ruleSet();
        List<FieldProblem> ruleProblems = rules == null ? List.of() : RuleCheck.check(rules);
        ruleProblems.forEach(problem -> problems.add(problem.under("/ruleSet")));
        route("validate", "telemetry", validateParameters(rules), routes, problems);
        route("events", "plant", JSON.objectNode(), routes, problems);
        if (rules != null && ruleProblems.isEmpty()) {
            Windows.of(rules.aggregates()).forEach(windows -> aggregate(windows, routes, problems));
        }
        sinks(snapshot, routes, problems);
        route("ledger", "gateway", JSON.objectNode(), routes, problems);
        if (snapshot.deployment().delivery() == Delivery.AT_LEAST_ONCE) {
            routes.replaceAll(this::atLeastOnce);
        }
        if (!problems.isEmpty()) {
            return new Outcome.Refused(List.copyOf(problems));
        }
        return new Outcome.Compiled(new RoutePlan(
                snapshot.deployment().gatewayId(),
                revision,
                hash(routes),
                MIN_RUNTIME,
                List.copyOf(routes),
                List.of()));
    }

    /** The hash of a plan's routes. */
    static String hash(List<PlanRoute> routes) {
        ArrayNode array = JSON.arrayNode();
        for (PlanRoute route : routes) {
            ObjectNode node = array.addObject();
            node.put("routeId", route.routeId());
            node.put("template", route.template());
            node.put("version", route.version());
            node.set("parameters", route.parameters());
        }
        return CanonicalJson.hash(array);
    }

    private void adapters(Snapshot snapshot, List<PlanRoute> routes, List<FieldProblem> problems) {
        Map<String, String> readBy = new HashMap<>();
        List<AdapterDefinition> adapters = snapshot.adapters();
        for (int i = 0; i < adapters.size(); i++) {
            AdapterDefinition adapter = adapters.get(i);
            String at = "/adapters/" + i;
            List<FieldProblem> own = AdapterCheck.check(adapter, catalogue);
            own.forEach(problem -> problems.add(problem.under(at)));
            for (int p = 0; p < adapter.points().size() && adapter.runs(); p++) {
                ObjectNode point = adapter.points().get(p);
                String tag = AdapterCheck.asset(adapter, point) + "/"
                        + point.path("name").asString("");
                String other = readBy.putIfAbsent(tag, adapter.id());
                if (other != null && !other.equals(adapter.id())) {
                    problems.add(new FieldProblem(
                            "%s/points/%d/name".formatted(at, p),
                            "Tag '%s' is read by adapter '%s' and by adapter '%s': name one of them otherwise."
                                    .formatted(tag, other, adapter.id())));
                }
            }
        }
        adapters.stream()
                .filter(AdapterDefinition::runs)
                .sorted(Comparator.comparing(AdapterDefinition::id))
                .forEach(adapter -> catalogue
                        .find(adapter.connector())
                        .ifPresent(connector -> route(
                                "adapter", adapter.id(), adapterParameters(adapter, connector), routes, problems)));
    }

    private static ObjectNode adapterParameters(AdapterDefinition adapter, Connector connector) {
        ObjectNode parameters = JSON.objectNode();
        parameters.put("adapterId", adapter.id());
        parameters.put("adapterName", adapter.name());
        parameters.put("connector", connector.id());
        parameters.put("connectorVersion", connector.version());
        parameters.put("asset", adapter.asset());
        parameters.put("deviceClock", connector.deviceClock());
        parameters.set("properties", adapter.parameters());
        if (connector.pointSchema() != null) {
            parameters.putArray("points").addAll(adapter.points());
        }
        return parameters;
    }

    private static ObjectNode validateParameters(@Nullable RuleSetDefinition rules) {
        ObjectNode parameters = JSON.objectNode();
        ArrayNode array = parameters.putArray("rules");
        if (rules != null) {
            rules.validation().forEach(rule -> array.add((JsonNode) STATED.valueToTree(rule)));
        }
        return parameters;
    }

    private void aggregate(Windows windows, List<PlanRoute> routes, List<FieldProblem> problems) {
        ObjectNode parameters = JSON.objectNode();
        parameters.put("source", windows.source());
        parameters.put("target", windows.target());
        parameters.put("resolutionMs", windows.resolutionMs());
        parameters.put("allowedLatenessMs", windows.allowedLatenessMs());
        parameters.put("heldMs", windows.heldMs());
        if (windows.worstCounted() != null) {
            parameters.put("worstCounted", windows.worstCounted().name());
        }
        route("aggregate", windows.name(), parameters, routes, problems);
    }

    private void sinks(Snapshot snapshot, List<PlanRoute> routes, List<FieldProblem> problems) {
        for (int i = 0; i < snapshot.sinks().size(); i++) {
            String at = "/sinks/" + i;
            SinkCheck.check(snapshot.sinks().get(i), catalogue).forEach(problem -> problems.add(problem.under(at)));
        }
        snapshot.sinks().stream()
                .sorted(Comparator.comparing(SinkDefinition::id))
                .forEach(sink -> catalogue.find(sink.connector()).ifPresent(connector -> {
                    ObjectNode parameters = JSON.objectNode();
                    parameters.put("sinkId", sink.id());
                    parameters.put("connector", connector.id());
                    parameters.put("connectorVersion", connector.version());
                    ArrayNode topics = parameters.putArray("topics");
                    sink.topics().forEach(topics::add);
                    parameters.set("properties", sink.parameters());
                    route("sink", sink.id(), parameters, routes, problems);
                }));
    }

    /** The route without transactions where its template leaves the choice; sinks and adapters have none. */
    private PlanRoute atLeastOnce(PlanRoute route) {
        boolean offered = catalogue
                .template(route.template())
                .filter(template -> template.parameters().path("properties").has(EXACTLY_ONCE))
                .isPresent();
        if (!offered) {
            return route;
        }
        ObjectNode parameters = route.parameters().deepCopy();
        parameters.put(EXACTLY_ONCE, false);
        return new PlanRoute(route.routeId(), route.template(), route.version(), parameters);
    }

    private void route(
            String template,
            String instance,
            ObjectNode parameters,
            List<PlanRoute> routes,
            List<FieldProblem> problems) {
        Optional<Template> found = catalogue.template(template);
        if (found.isEmpty()) {
            problems.add(new FieldProblem(
                    "",
                    "Route '%s.%s' needs the route template '%s', which is not installed."
                            .formatted(template, instance, template)));
            return;
        }
        String routeId = template + "." + instance;
        SchemaCheck.check(found.get().parameters(), parameters, "")
                .forEach(problem -> problems.add(new FieldProblem(
                        "", "Route '%s': %s (%s)".formatted(routeId, problem.message(), problem.pointer()))));
        routes.add(new PlanRoute(routeId, template, found.get().version(), parameters));
    }
}
