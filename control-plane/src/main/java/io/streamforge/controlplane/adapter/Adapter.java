package io.streamforge.controlplane.adapter;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** An adapter as it is kept; see {@link AdapterDefinition}. */
public record Adapter(
        String id,
        String name,
        String connector,
        String asset,
        ObjectNode parameters,
        List<ObjectNode> points,
        boolean enabled,
        long version,
        Instant updatedAt,
        String updatedBy) {}
