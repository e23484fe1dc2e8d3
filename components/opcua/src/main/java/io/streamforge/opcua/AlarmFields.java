package io.streamforge.opcua;

import io.streamforge.model.Condition;
import io.streamforge.model.Quality;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilterElement;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.SimpleAttributeOperand;
import org.jspecify.annotations.Nullable;

/**
 * What a server is asked to tell with each event, and how the answer is read (OPC 10000-9 §5.5.2, §5.7.2 and §5.8.2). Nothing is filtered on the server:
 * what an event filter could leave out are the marks around a refresh, and an alarm's change to a lower severity.
 */
enum AlarmFields {
    EVENT_ID(NodeIds.BaseEventType, "EventId"),
    EVENT_TYPE(NodeIds.BaseEventType, "EventType"),
    SOURCE_NODE(NodeIds.BaseEventType, "SourceNode"),
    SOURCE_NAME(NodeIds.BaseEventType, "SourceName"),
    TIME(NodeIds.BaseEventType, "Time"),
    MESSAGE(NodeIds.BaseEventType, "Message"),
    SEVERITY(NodeIds.BaseEventType, "Severity"),
    /** Of no name: the condition's own node. */
    CONDITION_ID(NodeIds.ConditionType),
    CONDITION_NAME(NodeIds.ConditionType, "ConditionName"),
    BRANCH_ID(NodeIds.ConditionType, "BranchId"),
    RETAIN(NodeIds.ConditionType, "Retain"),
    ENABLED(NodeIds.ConditionType, "EnabledState", "Id"),
    QUALITY(NodeIds.ConditionType, "Quality"),
    COMMENT(NodeIds.ConditionType, "Comment"),
    USER(NodeIds.ConditionType, "ClientUserId"),
    ACKED(NodeIds.AcknowledgeableConditionType, "AckedState", "Id"),
    CONFIRMED(NodeIds.AcknowledgeableConditionType, "ConfirmedState", "Id"),
    ACTIVE(NodeIds.AlarmConditionType, "ActiveState", "Id");

    private static final int LOWEST_SEVERITY = 1;

    private final NodeId type;
    private final QualifiedName[] path;

    AlarmFields(NodeId type, String... path) {
        this.type = type;
        this.path = Arrays.stream(path).map(name -> new QualifiedName(0, name)).toArray(QualifiedName[]::new);
    }

    /**
     * One change of a condition.
     *
     * @param enabled whether the condition is evaluated at all
     * @param time the device's
     */
    record Change(
            String eventId,
            NodeId source,
            String name,
            boolean enabled,
            Condition condition,
            Quality quality,
            @Nullable Instant time) {}

    static EventFilter filter() {
        return new EventFilter(
                Arrays.stream(values())
                        .map(field -> new SimpleAttributeOperand(
                                field.type,
                                field.path,
                                (field == CONDITION_ID ? AttributeId.NodeId : AttributeId.Value).uid(),
                                null))
                        .toArray(SimpleAttributeOperand[]::new),
                new ContentFilter(new ContentFilterElement[0]));
    }

    /** The type of an event, in the server's own numbering. */
    static NodeId type(Variant[] fields) {
        return EVENT_TYPE.in(fields) instanceof NodeId type ? type : NodeId.NULL_VALUE;
    }

    /** What an event says of a condition; null if it is of none. */
    static @Nullable Change change(Variant[] fields, NamespaceTable namespaces) {
        if (!(CONDITION_ID.in(fields) instanceof NodeId condition)
                || condition.isNull()
                || !(EVENT_ID.in(fields) instanceof ByteString eventId)
                || eventId.isNull()) {
            return null;
        }
        String source = text(SOURCE_NAME.in(fields));
        String name = text(CONDITION_NAME.in(fields));
        return new Change(
                HexFormat.of().formatHex(eventId.bytesOrEmpty()),
                SOURCE_NODE.in(fields) instanceof NodeId node ? node : NodeId.NULL_VALUE,
                name.isEmpty() ? source : source.isEmpty() ? name : source + "/" + name,
                !Boolean.FALSE.equals(ENABLED.flag(fields)),
                new Condition(
                        condition.expanded(namespaces).toParseableString(),
                        BRANCH_ID.in(fields) instanceof NodeId branch && !branch.isNull()
                                ? branch.toParseableString()
                                : null,
                        SEVERITY.in(fields) instanceof Number severity ? severity.intValue() : LOWEST_SEVERITY,
                        text(MESSAGE.in(fields)),
                        ACTIVE.flag(fields),
                        ACKED.flag(fields),
                        CONFIRMED.flag(fields),
                        Boolean.TRUE.equals(RETAIN.flag(fields)),
                        absent(text(COMMENT.in(fields))),
                        absent(text(USER.in(fields)))),
                QUALITY.in(fields) instanceof StatusCode status ? Codes.quality(status) : Quality.GOOD,
                TIME.in(fields) instanceof DateTime time ? Book.instant(time) : null);
    }

    private @Nullable Object in(Variant[] fields) {
        return ordinal() < fields.length ? fields[ordinal()].value() : null;
    }

    private @Nullable Boolean flag(Variant[] fields) {
        return in(fields) instanceof Boolean flag ? flag : null;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof LocalizedText localized) {
            return localized.text() == null ? "" : localized.text();
        }
        return value instanceof String text ? text : "";
    }

    private static @Nullable String absent(String text) {
        return text.isEmpty() ? null : text;
    }
}
