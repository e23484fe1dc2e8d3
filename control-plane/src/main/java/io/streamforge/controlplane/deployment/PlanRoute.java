package io.streamforge.controlplane.deployment;

import tools.jackson.databind.node.ObjectNode;

/**
 * One route of a plan: a template, its version, and the parameters that make an instance of it.
 *
 * @param parameters as the template's parameter schema says; secrets only as {@code {"$secret": name}}
 */
public record PlanRoute(String routeId, String template, String version, ObjectNode parameters) {}
