package io.streamforge.controlplane.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a gateway found below a node of a device.
 *
 * @param more whether there are nodes behind these
 */
public record BrowsedPage(List<BrowsedNode> nodes, boolean more) {

    /**
     * One node.
     *
     * @param id what to ask for to see what is below it
     * @param branch whether there may be nodes below it
     * @param detail what else there is to know of it, such as a type; empty for nothing
     * @param point the row that it would be in the point table, null if it has no value
     */
    public record BrowsedNode(
            String id,
            String name,
            boolean branch,
            String detail,
            @Nullable ObjectNode point) {}
}
