package io.streamforge.routes.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One route that the gateway is asked to run.
 *
 * @param routeId {@code <template>.<instance>}, unique in its plan; also the consumer group
 * @param template the route template's name
 * @param version the route template's version; {@code template@version} is immutable
 * @param parameters what the template's parameters.schema.json allows; not to be modified
 * @param worker the one process of the gateway that runs it; null for the first where it is an adapter, for all of them where it is a stage
 */
public record PlannedRoute(
        String routeId,
        String template,
        String version,
        ObjectNode parameters,
        @Nullable Integer worker) {

    private static final int FIRST_PROCESS = 0;

    public PlannedRoute(String routeId, String template, String version, ObjectNode parameters) {
        this(routeId, template, version, parameters, null);
    }

    public PlannedRoute {
        parameters = parameters.deepCopy();
    }

    /** The template with its version, as the template files name it: {@code validate@1}. */
    public String templateId() {
        return template + "@" + version;
    }

    /**
     * Whether that process of the gateway runs it: stages share their partitions among all processes, but a device has one connection and
     * one numbering of its readings.
     */
    public boolean runsIn(int process) {
        if (worker != null) {
            return worker == process;
        }
        return process == FIRST_PROCESS || !parameters.path("adapterId").isTextual();
    }

    /** SHA-256 over everything but the route id and where it runs: two routes with one hash behave the same. */
    public String hash() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("template", template);
        node.put("version", version);
        node.set("parameters", parameters);
        return CanonicalJson.hash(node);
    }
}
