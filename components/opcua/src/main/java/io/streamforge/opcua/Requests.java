package io.streamforge.opcua;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.UaRequestMessageType;
import org.eclipse.milo.opcua.stack.core.types.UaResponseMessageType;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResult;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * What operators have a server do beside its subscription. A request is sent at once, over the session that stands, or not at all: Milo by itself keeps
 * requests for the next session, where an order would be carried out after it was given up.
 */
final class Requests {

    /** Beyond Milo's own, which tells more. */
    private static final long EXTRA_MILLIS = 500;

    /** A method may belong to an object and to its type, too: it is called on the object. */
    private static final int ABOVE = NodeClass.Object.getValue() | NodeClass.DataType.getValue();

    /** Every enumeration is sent as this (OPC 10000-6 §5.2.4). */
    private static final OpcUaDataType ENUMERATION = OpcUaDataType.Int32;

    private final OpcUaConfig config;
    private final Supplier<@Nullable Client> clients;

    /** @param clients the client that is connected at this moment, if one is */
    Requests(OpcUaConfig config, Supplier<@Nullable Client> clients) {
        this.config = config;
        this.clients = clients;
    }

    /**
     * Sends one request and waits for its answer, no longer than the server may take.
     *
     * @throws IOException if there is no session, or no good answer; the message is a clause for an operator
     */
    <R extends UaResponseMessageType> R ask(Class<R> answer, Function<RequestHeader, UaRequestMessageType> request)
            throws IOException {
        Client client = client();
        OpcUaClient milo = client.milo();
        NodeId token = client.session().orElseThrow(this::none).getAuthenticationToken();
        try {
            return answer.cast(milo.sendRequestAsync(request.apply(milo.newRequestHeader(token)))
                    .get(config.timeout().toMillis() + EXTRA_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            StatusCode status = UaException.extract(e)
                    .map(UaException::getStatusCode)
                    .orElseGet(() -> new StatusCode(StatusCodes.Bad_CommunicationError));
            throw status.value() == StatusCodes.Bad_Timeout ? timeout(e) : new IOException(Codes.text(status), e);
        } catch (TimeoutException e) {
            throw timeout(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private IOException timeout(Exception cause) {
        return new IOException(
                "timeout: no answer within %d ms".formatted(config.timeout().toMillis()), cause);
    }

    private Client client() throws IOException {
        Client client = clients.get();
        if (client == null) {
            throw none();
        }
        return client;
    }

    private IOException none() {
        return new IOException("connection: there is none to %s".formatted(config.url()));
    }

    /** @throws IOException if the server does not have the node's namespace */
    NodeId resolve(ExpandedNodeId node) throws IOException {
        return node.toNodeId(client().milo().getNamespaceTable())
                .orElseThrow(() -> new IOException("%s: the server has no namespace of node %s"
                        .formatted(Codes.text(StatusCodes.Bad_NodeIdUnknown), node.toParseableString())));
    }

    /** For what the specification itself defines, such as definitions of types. */
    EncodingContext context() throws IOException {
        return client().milo().getStaticEncodingContext();
    }

    /** An attribute as the device has it now. */
    DataValue read(NodeId node, AttributeId attribute) throws IOException {
        ReadResponse response = ask(
                ReadResponse.class,
                header -> new ReadRequest(header, 0.0, TimestampsToReturn.Both, new ReadValueId[] {
                    new ReadValueId(node, attribute.uid(), null, QualifiedName.NULL_VALUE)
                }));
        DataValue[] results = response.getResults();
        return results == null || results.length == 0 ? new DataValue(StatusCodes.Bad_UnknownResponse) : results[0];
    }

    /** The built-in type that a data type is a kind of. */
    OpcUaDataType builtInType(NodeId dataType) throws IOException {
        NodeId type = dataType;
        while (!OpcUaDataType.isBuiltin(type)) {
            if (type.equals(NodeIds.Enumeration)) {
                return ENUMERATION;
            }
            type = above(type, NodeIds.HasSubtype);
        }
        return OpcUaDataType.fromNodeId(type);
    }

    /**
     * The object or type that has a reference to this node.
     *
     * @param reference of this type or a kind of it
     * @throws IOException if there is none
     */
    NodeId above(NodeId node, NodeId reference) throws IOException {
        List<ReferenceDescription> found = references(node, BrowseDirection.Inverse, reference, ABOVE);
        if (found.isEmpty()) {
            throw new IOException("nothing is above node %s".formatted(node.toParseableString()));
        }
        return resolve(found.get(0).getNodeId());
    }

    /** A property of a node; null if it does not have it, or no value. */
    @Nullable
    Object property(NodeId node, String name) throws IOException {
        for (ReferenceDescription property :
                references(node, BrowseDirection.Forward, NodeIds.HasProperty, NodeClass.Variable.getValue())) {
            if (name.equals(property.getBrowseName().name())) {
                return read(resolve(property.getNodeId()), AttributeId.Value)
                        .value()
                        .value();
            }
        }
        return null;
    }

    /** The first references of a node; few nodes have more of those that are asked for here than one answer holds. */
    private List<ReferenceDescription> references(NodeId node, BrowseDirection direction, NodeId type, int classes)
            throws IOException {
        BrowseResponse response = ask(
                BrowseResponse.class,
                header -> new BrowseRequest(header, OpcUaBrowser.WHOLE, Unsigned.uint(0), new BrowseDescription[] {
                    new BrowseDescription(
                            node,
                            direction,
                            type,
                            true,
                            Unsigned.uint(classes),
                            Unsigned.uint(BrowseResultMask.BrowseName.getValue()))
                }));
        BrowseResult[] results = response.getResults();
        ReferenceDescription[] found = results == null || results.length == 0 ? null : results[0].getReferences();
        return found == null ? List.of() : List.of(found);
    }
}
