package io.streamforge.routes.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.model.Decoder;
import io.streamforge.model.Schemas;
import io.streamforge.model.UndecodableException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Renders a record of the stream as JSON, field for field by the schema it was written with: times as ISO 8601 in UTC, bytes as base64. A dead
 * letter also gets {@code record}, its payload rendered in the same way where that can be read, and {@code payload_bytes}, its length: of a
 * payload beyond {@link #LONGEST_PAYLOAD} only the beginning is rendered, the whole of it stays in the stream.
 */
final class RecordJson {

    /** Bytes; a thousand times a usual reading. */
    static final int LONGEST_PAYLOAD = 128 * 1024;

    private static final int BEGINNING = 4 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Decoder decoder;

    RecordJson(Decoder decoder) {
        this.decoder = decoder;
    }

    /**
     * @throws UndecodableException if the record cannot be read
     * @throws io.streamforge.model.UnavailableException if its schema cannot be had now
     */
    ObjectNode render(byte[] framed) {
        GenericRecord record = decoder.generic(framed);
        ObjectNode json = object(record);
        if (record.getSchema().getFullName().equals(Schemas.DEAD_LETTER.getFullName())) {
            addPayload(json, (ByteBuffer) record.get("payload"));
        }
        return json;
    }

    private void addPayload(ObjectNode json, ByteBuffer content) {
        byte[] payload = new byte[content.remaining()];
        content.duplicate().get(payload);
        json.put("payload_bytes", payload.length);
        if (payload.length > LONGEST_PAYLOAD) {
            json.put("payload", Arrays.copyOf(payload, BEGINNING));
            return;
        }
        try {
            json.set("record", object(decoder.generic(payload)));
        } catch (UndecodableException e) {
            json.putNull("record");
        }
    }

    private static ObjectNode object(GenericRecord record) {
        ObjectNode json = NODES.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            json.set(field.name(), node(field.schema(), record.get(field.pos())));
        }
        return json;
    }

    private static JsonNode node(Schema schema, Object value) {
        if (schema.getType() == Schema.Type.UNION) {
            return node(schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value);
        }
        if (schema.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
            return NODES.textNode(
                    Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS).toString());
        }
        return switch (schema.getType()) {
            case NULL -> NODES.nullNode();
            case BOOLEAN -> NODES.booleanNode((Boolean) value);
            case INT -> NODES.numberNode((Integer) value);
            case LONG -> NODES.numberNode((Long) value);
            case FLOAT -> NODES.numberNode((Float) value);
            case DOUBLE -> NODES.numberNode((Double) value);
            case STRING, ENUM -> NODES.textNode(value.toString());
            case BYTES -> NODES.binaryNode(bytes((ByteBuffer) value));
            case FIXED -> NODES.binaryNode(((GenericData.Fixed) value).bytes());
            case RECORD -> object((GenericRecord) value);
            case ARRAY -> {
                var array = NODES.arrayNode();
                ((Iterable<?>) value).forEach(item -> array.add(node(schema.getElementType(), item)));
                yield array;
            }
            case MAP -> {
                ObjectNode map = NODES.objectNode();
                ((Map<?, ?>) value).forEach((key, item) -> map.set(key.toString(), node(schema.getValueType(), item)));
                yield map;
            }
            case UNION -> throw new IllegalStateException("A union within a union cannot be.");
        };
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }
}
