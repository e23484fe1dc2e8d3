package io.streamforge.controlplane.catalogue;

import tools.jackson.databind.node.ObjectNode;

/**
 * A route template: one stage of the flow.
 *
 * @param parameters JSON Schema (2020-12) of what the plan gives it
 */
public record Template(
        String id, String version, String title, String description, ObjectNode parameters, ObjectNode example) {}
