package io.streamforge.controlplane.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What activating the draft would change.
 *
 * @param against {@code running}, or the number of the revision it was compared with
 * @param changes one entry per route of either side, by route id
 */
record Diff(String against, List<RouteChange> changes) {

    /** What happens to a route. */
    enum ChangeKind {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("removed")
        REMOVED,
        @JsonProperty("changed")
        CHANGED,
        @JsonProperty("unchanged")
        UNCHANGED
    }

    /** One route. */
    record RouteChange(String routeId, String template, ChangeKind kind, List<FieldChange> fields) {}

    /**
     * One value.
     *
     * @param pointer JSON pointer into the route's parameters
     * @param before null where it was absent
     * @param after null where it becomes absent
     */
    record FieldChange(
            String pointer,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}
}
