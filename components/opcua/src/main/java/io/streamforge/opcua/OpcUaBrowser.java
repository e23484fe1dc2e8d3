package io.streamforge.opcua;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.DataFolderAware;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaRuntimeException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResult;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.ViewDescription;
import org.jspecify.annotations.Nullable;

/** Looks through a server's address space, from its Objects folder down the hierarchy of references. */
public final class OpcUaBrowser implements Browser, DataFolderAware {

    private static final UInteger CLASSES =
            Unsigned.uint(NodeClass.Object.getValue() | NodeClass.Variable.getValue() | NodeClass.Method.getValue());
    private static final UInteger EVERYTHING = Unsigned.uint(BrowseResultMask.All.getValue());

    static final ViewDescription WHOLE = new ViewDescription(NodeId.NULL_VALUE, DateTime.MIN_VALUE, Unsigned.uint(0));

    /** References asked for at a time; the server may give fewer, and a continuation point. */
    private static final UInteger AT_ONCE = Unsigned.uint(1000);

    private static final int MOST_NAMED = 8;

    private Path pki = Path.of("opcua");

    @Override
    public String connector() {
        return "opcua-source";
    }

    @Override
    public void setDataFolder(Path folder) {
        pki = OpcUaComponent.pki(folder);
    }

    @Override
    public Page browse(JsonNode properties, @Nullable String below, int from, int limit) throws IOException {
        OpcUaConfig config = OpcUaConfig.parse(properties);
        String place = below == null ? "/" : below;
        boolean path = place.startsWith("/");
        ExpandedNodeId start;
        try {
            start = path ? NodeIds.ObjectsFolder.expanded() : ExpandedNodeId.parse(place);
        } catch (UaRuntimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is no node id, and no path of names as /Press/Temperature.".formatted(place), e);
        }
        try (ClientThreads threads = new ClientThreads();
                Client client = Client.openOnce(config, pki, threads)) {
            OpcUaClient milo = client.milo();
            NodeId node = start.toNodeIdOrThrow(milo.getNamespaceTable());
            for (String name : path ? names(place) : List.<String>of()) {
                node = named(milo, node, name);
            }
            List<ReferenceDescription> found = references(milo, node, from + limit + 1);
            boolean more = found.size() > from + limit;
            Methods methods = new Methods(new Requests(config, () -> client));
            return new Page(
                    nodes(
                            milo,
                            methods,
                            found.subList(Math.min(from, found.size()), Math.min(from + limit, found.size()))),
                    more);
        } catch (ConnectionException e) {
            throw new IOException(e.sentence(), e);
        } catch (UaException e) {
            throw new IOException("%s at %s".formatted(Codes.text(e.getStatusCode()), config.url()), e);
        } catch (RuntimeException e) {
            throw new IOException(Codes.misunderstood(config, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Browsing was stopped.", e);
        }
    }

    /** {@code /Press/Speed &/ s}: an ampersand takes the meaning from a slash behind it, as in OPC 10000-4 §A.2. */
    private static List<String> names(String path) {
        return Stream.of(path.split("(?<!&)/"))
                .map(name -> name.replaceAll("&(.)", "$1"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The node below another of which this is the browse name, in whatever namespace, or else the display name. */
    private static NodeId named(OpcUaClient client, NodeId above, String name) throws UaException, IOException {
        List<ReferenceDescription> found = references(client, above, Integer.MAX_VALUE);
        ReferenceDescription match = found.stream()
                .filter(reference -> name.equals(reference.getBrowseName().name()))
                .findFirst()
                .or(() -> found.stream()
                        .filter(reference ->
                                name.equals(reference.getDisplayName().text()))
                        .findFirst())
                .orElseThrow(() -> new IOException("There is no '%s' where the path leads. There: %s."
                        .formatted(
                                name,
                                found.isEmpty()
                                        ? "nothing"
                                        : found.stream()
                                                        .limit(MOST_NAMED)
                                                        .map(OpcUaBrowser::name)
                                                        .collect(Collectors.joining(", "))
                                                + (found.size() > MOST_NAMED ? ", …" : ""))));
        return match.getNodeId().toNodeIdOrThrow(client.getNamespaceTable());
    }

    /** The first so many of what is below a node. */
    private static List<ReferenceDescription> references(OpcUaClient client, NodeId node, int most) throws UaException {
        BrowseResult result = requireGood(client.browse(
                        WHOLE,
                        AT_ONCE,
                        List.of(new BrowseDescription(
                                node,
                                BrowseDirection.Forward,
                                NodeIds.HierarchicalReferences,
                                true,
                                CLASSES,
                                EVERYTHING)))
                .getResults());
        List<ReferenceDescription> found = new ArrayList<>();
        add(found, result);
        ByteString continuation = result.getContinuationPoint();
        while (continuation != null && continuation.isNotNull() && continuation.length() > 0) {
            boolean enough = found.size() >= most;
            BrowseResult next =
                    requireGood(client.browseNext(enough, List.of(continuation)).getResults());
            if (enough) {
                break;
            }
            add(found, next);
            continuation = next.getContinuationPoint();
        }
        return found;
    }

    private static BrowseResult requireGood(BrowseResult @Nullable [] results) throws UaException {
        if (results == null || results.length == 0) {
            throw new UaException(StatusCodes.Bad_UnexpectedError);
        }
        if (!results[0].getStatusCode().isGood()) {
            throw new UaException(results[0].getStatusCode());
        }
        return results[0];
    }

    private static void add(List<ReferenceDescription> found, BrowseResult result) {
        ReferenceDescription[] references = result.getReferences();
        if (references != null) {
            found.addAll(List.of(references));
        }
    }

    private static List<Node> nodes(OpcUaClient client, Methods methods, List<ReferenceDescription> references)
            throws UaException, IOException {
        List<NodeId> variables = references.stream()
                .filter(reference -> reference.getNodeClass() == NodeClass.Variable)
                .flatMap(reference -> reference.getNodeId().toNodeId(client.getNamespaceTable()).stream())
                .distinct()
                .toList();
        Map<NodeId, String> types = types(client, variables);
        List<Node> nodes = new ArrayList<>();
        for (ReferenceDescription reference : references) {
            String id = reference
                    .getNodeId()
                    .absolute(client.getNamespaceTable())
                    .orElse(reference.getNodeId())
                    .toParseableString();
            String name = name(reference);
            boolean variable = reference.getNodeClass() == NodeClass.Variable;
            boolean method = reference.getNodeClass() == NodeClass.Method;
            ObjectNode point = null;
            if (variable || method) {
                point = JsonNodeFactory.instance
                        .objectNode()
                        .put("name", name.replace('/', '_'))
                        .put("node", id);
                if (method) {
                    point.put("method", true);
                    NodeId node = reference.getNodeId().toNodeIdOrThrow(client.getNamespaceTable());
                    String arguments = methods.inputs(node);
                    if (!arguments.isEmpty()) {
                        point.put("arguments", arguments);
                    }
                }
            }
            String type = reference
                    .getNodeId()
                    .toNodeId(client.getNamespaceTable())
                    .map(node -> types.getOrDefault(node, ""))
                    .orElse("");
            nodes.add(new Node(id, name, !method, method ? "Method" : variable ? type : "", point));
        }
        return nodes;
    }

    private static String name(ReferenceDescription reference) {
        String display = reference.getDisplayName().text();
        String browse = reference.getBrowseName().name();
        return display != null && !display.isBlank() ? display : browse == null ? "" : browse;
    }

    /** The names of variables' data types. */
    private static Map<NodeId, String> types(OpcUaClient client, List<NodeId> variables) throws UaException {
        Map<NodeId, NodeId> typeOf = new HashMap<>();
        List<DataValue> types = read(client, variables, AttributeId.DataType);
        for (int i = 0; i < variables.size(); i++) {
            if (types.get(i).value().value() instanceof NodeId type) {
                typeOf.put(variables.get(i), type);
            }
        }
        List<NodeId> distinct = typeOf.values().stream().distinct().toList();
        List<DataValue> names = read(client, distinct, AttributeId.BrowseName);
        Map<NodeId, String> nameOf = new HashMap<>();
        for (int i = 0; i < distinct.size(); i++) {
            if (names.get(i).value().value() instanceof QualifiedName name && name.name() != null) {
                nameOf.put(distinct.get(i), name.name());
            }
        }
        return typeOf.entrySet().stream()
                .flatMap(entry ->
                        Stream.ofNullable(nameOf.get(entry.getValue())).map(name -> Map.entry(entry.getKey(), name)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<DataValue> read(OpcUaClient client, List<NodeId> nodes, AttributeId attribute)
            throws UaException {
        int atOnce = Reads.atOnce(client);
        List<DataValue> values = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from += atOnce) {
            List<ReadValueId> some = nodes.subList(from, Math.min(nodes.size(), from + atOnce)).stream()
                    .map(node -> new ReadValueId(node, attribute.uid(), null, QualifiedName.NULL_VALUE))
                    .toList();
            DataValue[] results =
                    client.read(0, TimestampsToReturn.Neither, some).getResults();
            values.addAll(List.of(results == null ? new DataValue[0] : results));
        }
        return values;
    }
}
