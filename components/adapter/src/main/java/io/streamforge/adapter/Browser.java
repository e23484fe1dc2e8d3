package io.streamforge.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks through what a device offers, so that an operator picks points instead of typing them. Found with {@link java.util.ServiceLoader}, so that the
 * gateway answers {@code browse} for every protocol in its distribution that can.
 */
public interface Browser {

    /** The connector (Kamelet) whose devices it can look through, for instance {@code opcua-source}. */
    String connector();

    /**
     * Connects, lists what is below one node and disconnects; blocks until done.
     *
     * @param properties the connector's scalar properties; those left out take the connector's defaults
     * @param below a node's id, a path of names from the top as {@code /Press/Motor}, or null for the top
     * @param from how many of its nodes to leave out: those of the pages before
     * @param limit most nodes in the answer
     * @throws IllegalArgumentException if the configuration or the id is wrong
     * @throws IOException if the device cannot be looked through; the message is a sentence for an operator
     */
    Page browse(JsonNode properties, @Nullable String below, int from, int limit) throws IOException;

    /**
     * One page of what is below a node.
     *
     * @param more whether there are nodes behind these
     */
    record Page(List<Node> nodes, boolean more) {}

    /**
     * One node.
     *
     * @param id unique within the device, and the same tomorrow
     * @param name as the device calls it
     * @param branch whether there may be nodes below it
     * @param detail what else an operator wants to know of it, such as a type; empty for nothing
     * @param point the row that it would be in the point table, or null if it has no value
     */
    record Node(
            String id,
            String name,
            boolean branch,
            String detail,
            @Nullable ObjectNode point) {}
}
