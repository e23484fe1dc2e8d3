package io.streamforge.opcua;

import java.util.concurrent.CompletableFuture;
import org.eclipse.milo.opcua.stack.core.types.UaResponseMessageType;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishResponse;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;

/** Milo's, but what is published is handed on at once, on the network's own thread, for {@link Publishing} never waits. */
final class Transport extends OpcTcpClientTransport {

    Transport(OpcTcpClientTransportConfig config) {
        super(config);
    }

    @Override
    public void handleResponse(long requestId, UaResponseMessageType response) {
        CompletableFuture<UaResponseMessageType> asked =
                response instanceof PublishResponse ? pendingRequests.remove(requestId) : null;
        if (asked == null) {
            super.handleResponse(requestId, response);
        } else {
            cancelRequestTimeout(requestId);
            asked.complete(response);
        }
    }
}
