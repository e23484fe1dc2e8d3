package io.streamforge.opcua;

import java.time.Duration;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.jspecify.annotations.Nullable;

/**
 * One row of the point table: a node whose value is monitored, or a method.
 *
 * @param row position in the table, from 0
 * @param name of its reading; the parts of an array or structure are named after it
 * @param asset null for the adapter's own
 * @param node by namespace URI or index
 * @param part which part of an array or structure it is, {@code [2]} or {@code .motor[0].speed}; empty for the whole value
 * @param unit UCUM code where one exists, empty for none
 * @param samplingInterval null for the adapter's
 * @param deadband changes no larger than this are not reported, 0 for none
 * @param percent whether the deadband is a percentage of the node's EURange rather than an absolute difference
 * @param event each change is an event, too
 * @param method null where it is monitored
 */
record Point(
        int row,
        String name,
        @Nullable String asset,
        ExpandedNodeId node,
        String part,
        String unit,
        @Nullable Duration samplingInterval,
        double deadband,
        boolean percent,
        boolean event,
        @Nullable Method method) {

    /**
     * What makes a row one that is called.
     *
     * @param object on which it is called, null for the one that it belongs to
     */
    record Method(@Nullable ExpandedNodeId object) {}
}
