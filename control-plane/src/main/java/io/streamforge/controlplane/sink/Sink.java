package io.streamforge.controlplane.sink;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A sink as it is kept; see {@link SinkDefinition}. */
public record Sink(
        String id,
        String name,
        String connector,
        List<String> topics,
        ObjectNode parameters,
        long version,
        Instant updatedAt,
        String updatedBy) {}
