package io.streamforge.routes.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a plan's JSON and proves that it is whole: its form, its routes' ids and its hash. What the routes mean is the templates' business. */
public final class PlanParser {

    /** The plan format and templates' contract that this gateway implements. */
    static final String RUNTIME = "1.0";

    private static final Pattern ROUTE_ID = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PlanParser() {}

    /**
     * Reads a plan that a control plane compiled.
     *
     * @throws PlanException naming everything that is wrong, also a hash that does not fit the routes
     */
    public static RoutePlan compiled(byte[] json) throws PlanException {
        return parse(json, true);
    }

    /**
     * Reads a plan that a person or a test wrote: hash, revision, gateway and minRuntime may be left out.
     *
     * @throws PlanException naming everything that is wrong
     */
    public static RoutePlan handWritten(byte[] json) throws PlanException {
        return parse(json, false);
    }

    /** The hash that a plan which cannot be read states, or a hash of its bytes: something to recognise it by. */
    public static String statedHash(byte[] json) {
        String stated = stated(json).path("hash").asText("");
        return stated.isEmpty()
                ? CanonicalJson.hash(TextNode.valueOf(new String(json, StandardCharsets.ISO_8859_1)))
                : stated;
    }

    /** The revision that a plan which cannot be read states, or 0. */
    public static long statedRevision(byte[] json) {
        return stated(json).path("revision").asLong(0);
    }

    private static JsonNode stated(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** The plan as JSON that {@link #compiled} reads back. */
    public static byte[] write(RoutePlan plan) {
        ObjectNode root = JSON.createObjectNode();
        root.put("gateway", plan.gateway());
        root.put("revision", plan.revision());
        root.put("hash", plan.hash());
        root.put("minRuntime", plan.minRuntime());
        ArrayNode routes = root.putArray("routes");
        for (PlannedRoute route : plan.routes()) {
            ObjectNode node = routes.addObject();
            node.put("routeId", route.routeId());
            node.put("template", route.template());
            node.put("version", route.version());
            node.set("parameters", route.parameters());
            if (route.worker() != null) {
                node.put("worker", route.worker());
            }
        }
        root.putArray("bundles");
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RoutePlan parse(byte[] json, boolean compiled) throws PlanException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new PlanException(List.of("The plan is not valid JSON: %s (line %d, column %d)."
                    .formatted(
                            e.getOriginalMessage(),
                            e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 0 : e.getLocation().getColumnNr())));
        } catch (IOException e) {
            throw new PlanException(List.of("The plan cannot be read: %s.".formatted(e.getMessage())));
        }
        List<String> problems = new ArrayList<>();
        JsonNode routes = root.path("routes");
        if (!routes.isArray()) {
            throw new PlanException(List.of("/routes must be a list of routes, got %s.".formatted(kind(routes))));
        }
        String hash = CanonicalJson.hash(routes);
        if (compiled || root.has("hash")) {
            String stated = text(root, "/hash", problems);
            if (!stated.isEmpty() && !stated.equals(hash)) {
                problems.add("/hash does not fit the plan's routes: it says %s, the routes give %s."
                        .formatted(stated, hash));
            }
        }
        String gateway = compiled
                ? text(root, "/gateway", problems)
                : root.path("gateway").asText("");
        JsonNode revision = root.path("revision");
        if (compiled ? !revision.isIntegralNumber() : root.has("revision") && !revision.isIntegralNumber()) {
            problems.add("/revision must be a whole number, got %s.".formatted(kind(revision)));
        }
        String minRuntime = root.has("minRuntime") ? text(root, "/minRuntime", problems) : RUNTIME;
        if (!minRuntime.isEmpty() && !VERSION.matcher(minRuntime).matches()) {
            problems.add("/minRuntime must be <major>.<minor>, got '%s'.".formatted(minRuntime));
        } else if (!minRuntime.isEmpty() && newer(minRuntime)) {
            problems.add("/minRuntime is %s but this gateway's runtime is %s: update the gateway first."
                    .formatted(minRuntime, RUNTIME));
        }
        if (!root.path("bundles").isEmpty()) {
            problems.add("/bundles must be empty: this gateway does not load bundles.");
        }
        List<PlannedRoute> planned = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < routes.size(); i++) {
            route(root, "/routes/" + i, ids, problems, planned);
        }
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new RoutePlan(gateway, revision.asLong(0), hash, minRuntime, planned);
    }

    private static void route(
            JsonNode root, String pointer, Set<String> ids, List<String> problems, List<PlannedRoute> planned) {
        String routeId = text(root, pointer + "/routeId", problems);
        String template = text(root, pointer + "/template", problems);
        String version = text(root, pointer + "/version", problems);
        JsonNode parameters = root.at(pointer + "/parameters");
        JsonNode worker = root.at(pointer + "/worker");
        if (!worker.isMissingNode() && (!worker.isIntegralNumber() || worker.asLong() < 0 || worker.asLong() > 9999)) {
            problems.add(
                    "%s/worker must be a process' number from 0 to 9999, got %s.".formatted(pointer, kind(worker)));
        }
        if (!routeId.isEmpty() && !ROUTE_ID.matcher(routeId).matches()) {
            problems.add("%s/routeId must be <template>.<instance> of letters, digits, '-' and '_', got '%s'."
                    .formatted(pointer, routeId));
        } else if (!routeId.isEmpty() && !ids.add(routeId)) {
            problems.add(
                    "%s/routeId '%s' is used by an earlier route: route ids are unique.".formatted(pointer, routeId));
        }
        if (parameters instanceof ObjectNode object) {
            planned.add(new PlannedRoute(
                    routeId, template, version, object, worker.isMissingNode() ? null : worker.asInt()));
        } else {
            problems.add("%s/parameters must be an object, got %s.".formatted(pointer, kind(parameters)));
        }
    }

    private static String text(JsonNode root, String pointer, List<String> problems) {
        JsonNode node = root.at(pointer);
        if (node.isTextual() && !node.textValue().isBlank()) {
            return node.textValue();
        }
        problems.add("%s must be a text, got %s.".formatted(pointer, kind(node)));
        return "";
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case NULL -> "null";
            case STRING -> "'" + node.textValue() + "'";
            case NUMBER, BOOLEAN -> node.asText();
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case BINARY, POJO -> "something else";
        };
    }

    private static boolean newer(String minRuntime) {
        int[] asked = numbers(minRuntime);
        int[] ours = numbers(RUNTIME);
        return asked[0] != ours[0] ? asked[0] > ours[0] : asked[1] > ours[1];
    }

    private static int[] numbers(String version) {
        int dot = version.indexOf('.');
        return new int[] {
            Integer.parseInt(version.substring(0, dot)), Integer.parseInt(version.substring(dot + 1)),
        };
    }
}
