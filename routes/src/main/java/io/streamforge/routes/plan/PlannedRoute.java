package io.streamforge.routes.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One route that the gateway is asked to run.
 *
 * @param routeId {@code <template>.<instance>}, unique in its plan; also the consumer group
 * @param template the route template's name
 * @param version the route template's version; {@code template@version} is immutable
 * @param parameters what the template's parameters.schema.json allows; not to be modified
 */
public record PlannedRoute(String routeId, String template, String version, ObjectNode parameters) {

    public PlannedRoute {
        parameters = parameters.deepCopy();
    }

    /** The template with its version, as the template files name it: {@code validate@1}. */
    public String templateId() {
        return template + "@" + version;
    }

    /** SHA-256 over everything but the route id: two routes with one hash behave the same. */
    public String hash() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("template", template);
        node.put("version", version);
        node.set("parameters", parameters);
        return CanonicalJson.hash(node);
    }
}
