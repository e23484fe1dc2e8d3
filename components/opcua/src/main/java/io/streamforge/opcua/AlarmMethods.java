package io.streamforge.opcua;

import io.streamforge.adapter.AlarmDesk.Answer;
import java.io.IOException;
import java.util.HexFormat;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodResult;
import org.eclipse.milo.opcua.stack.core.types.structured.CallRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.CallResponse;

/**
 * Acknowledges, confirms and comments, by the methods that every condition has of its type (OPC 10000-9 §5.7.3, §5.7.4 and §5.5.6). They are called on the
 * condition; which of its branches is meant says the event.
 */
final class AlarmMethods {

    private AlarmMethods() {}

    /** @throws IOException if the server refused it or did not answer; the message is a sentence for an operator */
    static void answer(Requests requests, Answer answer) throws IOException {
        StatusCode status;
        try {
            status = call(requests, answer);
        } catch (IOException e) {
            throw new IOException("The server did not take it: %s.".formatted(e.getMessage()), e);
        }
        if (status.value() == StatusCodes.Bad_EventIdUnknown) {
            throw new IOException("The alarm has changed since it was shown (%s). Look at what it is now."
                    .formatted(Codes.text(status)));
        } else if (!status.isGood()) {
            throw new IOException("The server refused it: %s.".formatted(Codes.text(status)));
        }
    }

    private static StatusCode call(Requests requests, Answer answer) throws IOException {
        NodeId condition = requests.resolve(ExpandedNodeId.parse(answer.conditionId()));
        NodeId method =
                switch (answer.action()) {
                    case ACKNOWLEDGE -> NodeIds.AcknowledgeableConditionType_Acknowledge;
                    case CONFIRM -> NodeIds.AcknowledgeableConditionType_Confirm;
                    case COMMENT -> NodeIds.ConditionType_AddComment;
                };
        Variant[] arguments = {
            Variant.of(ByteString.of(HexFormat.of().parseHex(answer.eventId()))),
            Variant.of(new LocalizedText(answer.comment()))
        };
        CallMethodResult[] results = requests.ask(
                        CallResponse.class,
                        header -> new CallRequest(
                                header, new CallMethodRequest[] {new CallMethodRequest(condition, method, arguments)}))
                .getResults();
        return results == null || results.length == 0
                ? new StatusCode(StatusCodes.Bad_UnknownResponse)
                : results[0].getStatusCode();
    }
}
