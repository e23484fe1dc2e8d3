package io.streamforge.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;

/** What is asked of a server beside its subscription. */
final class Reads {

    /** Where the server sets no limit. */
    private static final long MOST_AT_ONCE = 1000;

    private Reads() {}

    /** Tells each point's present value in their order; {@code Bad_NodeIdUnknown} where the server does not have its namespace. */
    static void all(OpcUaClient client, List<Point> points, BiConsumer<Point, DataValue> reader) throws UaException {
        int atOnce = atOnce(client);
        for (int from = 0; from < points.size(); from += atOnce) {
            List<Point> known = new ArrayList<>();
            List<NodeId> nodes = new ArrayList<>();
            for (Point point : points.subList(from, Math.min(points.size(), from + atOnce))) {
                point.node()
                        .toNodeId(client.getNamespaceTable())
                        .ifPresentOrElse(
                                node -> {
                                    known.add(point);
                                    nodes.add(node);
                                },
                                () -> reader.accept(point, new DataValue(StatusCodes.Bad_NodeIdUnknown)));
            }
            if (!nodes.isEmpty()) {
                List<DataValue> values = client.readValues(0, TimestampsToReturn.Both, nodes);
                for (int i = 0; i < known.size(); i++) {
                    reader.accept(known.get(i), values.get(i));
                }
            }
        }
    }

    /** How many nodes the server reads in one request. */
    static int atOnce(OpcUaClient client) throws UaException {
        return (int) Math.min(
                client.getOperationLimits()
                        .maxNodesPerRead()
                        .map(Number::longValue)
                        .filter(most -> most > 0)
                        .orElse(MOST_AT_ONCE),
                MOST_AT_ONCE);
    }
}
