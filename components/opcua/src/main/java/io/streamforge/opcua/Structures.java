package io.streamforge.opcua;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.binary.OpcUaBinaryDecoder;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.StructureType;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureField;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a server's structures by the definitions that it gives of them (OPC 10000-3 §8.48, OPC 10000-6 §5.2.6 to §5.2.8). The server is asked for a type
 * when the first value of it comes, and not again: Milo's own tree of types takes a server with limits ten seconds to tell, and is empty then.
 */
final class Structures {

    /** How deep structures may stand in each other; a malformed value could go on for ever. */
    private static final int DEEPEST = 64;

    private static final String TOO_DEEP = "it is deeper than %d structures".formatted(DEEPEST);

    /** A field as it is encoded: as a built-in type, or as a structure in its turn. */
    private sealed interface Kind {}

    private record BuiltIn(OpcUaDataType type) implements Kind {}

    private record Nested(NodeId dataType) implements Kind {}

    private record Field(String name, Kind kind, int rank, boolean optional) {}

    private record Definition(StructureType type, List<Field> fields) {}

    /**
     * A decoded structure.
     *
     * @param fields those that it has, in their order
     */
    record Structure(List<Member> fields) {}

    record Member(String name, @Nullable Object value) {}

    /**
     * A structure that cannot be decoded.
     *
     * @param reason a clause that says why
     */
    record Undecodable(String reason) {}

    private final Requests server;
    private final Map<NodeId, NodeId> typesByEncoding = new ConcurrentHashMap<>();
    private final Map<NodeId, Definition> definitions = new ConcurrentHashMap<>();

    /** @param server is asked for types; its namespaces keep their indices while this is used */
    Structures(Requests server) {
        this.server = server;
    }

    /** The value with each structure in it decoded, or {@link Undecodable}; may ask the server and wait for its answer. */
    @Nullable
    Object open(@Nullable Object value) {
        return open(value, 0);
    }

    private @Nullable Object open(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            return new Undecodable(TOO_DEEP);
        } else if (value instanceof Variant variant) {
            return open(variant.value(), depth + 1);
        } else if (value instanceof Matrix matrix) {
            return open(matrix.nestedArrayValue(), depth + 1);
        } else if (value instanceof ExtensionObject encoded) {
            try {
                return open(decode(encoded), depth + 1);
            } catch (IOException e) {
                return new Undecodable(String.valueOf(e.getMessage()));
            }
        } else if (value instanceof Structure structure) {
            return new Structure(structure.fields().stream()
                    .map(field -> new Member(field.name(), open(field.value(), depth + 1)))
                    .toList());
        } else if (value instanceof Object[] array) {
            return Arrays.stream(array).map(one -> open(one, depth + 1)).toArray();
        }
        return value;
    }

    /** @throws IOException if it cannot be decoded; the message is a clause that says why */
    private Structure decode(ExtensionObject encoded) throws IOException {
        if (!(encoded.getBody() instanceof ByteString body)) {
            throw new IOException("it is not encoded in binary");
        }
        NodeId encoding = encoded.getEncodingOrTypeId();
        NodeId type = typesByEncoding.get(encoding);
        if (type == null) {
            type = server.above(encoding, NodeIds.HasEncoding);
            typesByEncoding.put(encoding, type);
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(body.bytesOrEmpty());
        try {
            return structure(type, bytes, new OpcUaBinaryDecoder(server.context()).setBuffer(bytes), 0);
        } catch (UaSerializationException | IndexOutOfBoundsException e) {
            throw new IOException("its bytes are not as the server defines %s".formatted(type.toParseableString()), e);
        }
    }

    private Structure structure(NodeId type, ByteBuf bytes, OpcUaBinaryDecoder decoder, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException(TOO_DEEP);
        }
        Definition definition = definition(type);
        List<Member> members = new ArrayList<>();
        switch (definition.type()) {
            case Union, UnionWithSubtypedValues -> {
                int chosen = decoder.decodeUInt32().intValue();
                if (chosen < 0 || chosen > definition.fields().size()) {
                    throw new IndexOutOfBoundsException(chosen);
                }
                if (chosen > 0) {
                    members.add(member(definition.fields().get(chosen - 1), bytes, decoder, depth));
                }
            }
            case StructureWithOptionalFields -> {
                int mask = decoder.decodeUInt32().intValue();
                for (Field field : definition.fields()) {
                    boolean there = !field.optional() || (mask & 1) != 0;
                    mask = field.optional() ? mask >>> 1 : mask;
                    if (there) {
                        members.add(member(field, bytes, decoder, depth));
                    }
                }
            }
            case Structure, StructureWithSubtypedValues -> {
                for (Field field : definition.fields()) {
                    members.add(member(field, bytes, decoder, depth));
                }
            }
        }
        return new Structure(members);
    }

    private Member member(Field field, ByteBuf bytes, OpcUaBinaryDecoder decoder, int depth) throws IOException {
        if (field.rank() <= 0) {
            return new Member(field.name(), one(field.kind(), bytes, decoder, depth));
        }
        return new Member(
                field.name(), array(field.kind(), lengths(field.rank(), bytes, decoder), 0, bytes, decoder, depth));
    }

    /** Of each dimension, as many as there are; no more elements than bytes follow, so that nothing is built that was not sent. */
    private static int[] lengths(int rank, ByteBuf bytes, OpcUaBinaryDecoder decoder) {
        if (rank > DEEPEST || rank > 1 && decoder.decodeInt32() != rank) {
            throw new IndexOutOfBoundsException(rank);
        }
        int[] lengths = new int[rank];
        long elements = 1;
        for (int i = 0; i < rank; i++) {
            lengths[i] = Math.max(0, decoder.decodeInt32());
            elements = Math.min(elements * lengths[i], Integer.MAX_VALUE);
        }
        if (elements > bytes.readableBytes()) {
            throw new IndexOutOfBoundsException((int) elements);
        }
        return elements == 0 ? new int[1] : lengths;
    }

    private @Nullable Object array(
            Kind kind, int[] lengths, int dimension, ByteBuf bytes, OpcUaBinaryDecoder decoder, int depth)
            throws IOException {
        if (dimension == lengths.length) {
            return one(kind, bytes, decoder, depth);
        }
        @Nullable Object[] elements = new Object[lengths[dimension]];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = array(kind, lengths, dimension + 1, bytes, decoder, depth);
        }
        return elements;
    }

    private @Nullable Object one(Kind kind, ByteBuf bytes, OpcUaBinaryDecoder decoder, int depth) throws IOException {
        if (kind instanceof Nested nested) {
            return structure(nested.dataType(), bytes, decoder, depth + 1);
        }
        return switch (((BuiltIn) kind).type()) {
            case Boolean -> decoder.decodeBoolean();
            case SByte -> decoder.decodeSByte();
            case Byte -> decoder.decodeByte();
            case Int16 -> decoder.decodeInt16();
            case UInt16 -> decoder.decodeUInt16();
            case Int32 -> decoder.decodeInt32();
            case UInt32 -> decoder.decodeUInt32();
            case Int64 -> decoder.decodeInt64();
            case UInt64 -> decoder.decodeUInt64();
            case Float -> decoder.decodeFloat();
            case Double -> decoder.decodeDouble();
            case String -> decoder.decodeString();
            case DateTime -> decoder.decodeDateTime();
            case Guid -> decoder.decodeGuid();
            case ByteString -> decoder.decodeByteString();
            case XmlElement -> decoder.decodeXmlElement();
            case NodeId -> decoder.decodeNodeId();
            case ExpandedNodeId -> decoder.decodeExpandedNodeId();
            case StatusCode -> decoder.decodeStatusCode();
            case QualifiedName -> decoder.decodeQualifiedName();
            case LocalizedText -> decoder.decodeLocalizedText();
            case ExtensionObject -> decoder.decodeExtensionObject();
            case DataValue -> decoder.decodeDataValue().value();
            case Variant -> decoder.decodeVariant();
            case DiagnosticInfo -> decoder.decodeDiagnosticInfo();
        };
    }

    private Definition definition(NodeId type) throws IOException {
        Definition known = definitions.get(type);
        if (known == null) {
            known = ask(type);
            definitions.put(type, known);
        }
        return known;
    }

    private Definition ask(NodeId type) throws IOException {
        DataValue answer = server.read(type, AttributeId.DataTypeDefinition);
        if (!(answer.value().value() instanceof ExtensionObject encoded)
                || !(encoded.decode(server.context()) instanceof StructureDefinition definition)) {
            throw new IOException("the server does not define %s".formatted(type.toParseableString()));
        }
        boolean subtyped = definition.getStructureType() == StructureType.StructureWithSubtypedValues
                || definition.getStructureType() == StructureType.UnionWithSubtypedValues;
        List<Field> fields = new ArrayList<>();
        StructureField[] defined = definition.getFields();
        for (StructureField field : defined == null ? new StructureField[0] : defined) {
            Kind kind = kind(field.getDataType());
            fields.add(new Field(
                    String.valueOf(field.getName()),
                    subtyped && field.getIsOptional() && kind instanceof Nested
                            ? new BuiltIn(OpcUaDataType.ExtensionObject)
                            : kind,
                    field.getValueRank(),
                    field.getIsOptional()));
        }
        return new Definition(definition.getStructureType(), fields);
    }

    private Kind kind(NodeId type) throws IOException {
        OpcUaDataType builtIn = server.builtInType(type);
        return builtIn == OpcUaDataType.ExtensionObject && !type.equals(NodeIds.Structure)
                ? new Nested(type)
                : new BuiltIn(builtIn);
    }
}
