package io.streamforge.opcua;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.encoding.binary.OpcUaBinaryDecoder;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.jspecify.annotations.Nullable;

/**
 * The values of one notification (OPC 10000-4 §7.25.2): read into two arrays, where Milo's own reading of the same makes objects of each and puts them into
 * their array by reflection.
 *
 * @param handles of the monitored items, as they were given by the client
 * @param values one of each
 */
record DataChanges(int[] handles, DataValue[] values) {

    /** A handle, and a value of which only the mask is there. */
    private static final int SHORTEST = Integer.BYTES + 1;

    /** Null if it is something else. */
    static @Nullable DataChanges in(ExtensionObject notification, EncodingContext context) {
        if (!NodeIds.DataChangeNotification_Encoding_DefaultBinary.equals(notification.getEncodingOrTypeId())
                || !(notification.getBody() instanceof ByteString body)) {
            return null;
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(body.bytesOrEmpty());
        OpcUaBinaryDecoder decoder = new OpcUaBinaryDecoder(context).setBuffer(bytes);
        int length = Math.max(0, bytes.readIntLE());
        if (length > bytes.readableBytes() / SHORTEST) {
            throw new UaSerializationException(
                    StatusCodes.Bad_DecodingError, "%d values in %d bytes".formatted(length, bytes.readableBytes()));
        }
        int[] handles = new int[length];
        DataValue[] values = new DataValue[length];
        for (int i = 0; i < length; i++) {
            handles[i] = bytes.readIntLE();
            values[i] = decoder.decodeDataValue();
        }
        return new DataChanges(handles, values);
    }

    int size() {
        return values.length;
    }

    /** Whether there are structures among the values, so that it takes {@link Structures#open} to see what is in them. */
    boolean hasStructures() {
        for (DataValue value : values) {
            if (isStructure(value.value().value())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStructure(@Nullable Object value) {
        return value instanceof ExtensionObject
                || value instanceof ExtensionObject[]
                || value instanceof Variant[]
                || value instanceof Matrix matrix && isStructure(matrix.getElements());
    }
}
