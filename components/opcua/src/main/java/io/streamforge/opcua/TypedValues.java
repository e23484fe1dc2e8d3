package io.streamforge.opcua;

import io.streamforge.adapter.WriteRule;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;

/** A value as a node's or an argument's built-in type holds it (OPC 10000-6 §5.1.2); nothing is rounded but what a Float or Double cannot be. */
final class TypedValues {

    private TypedValues() {}

    /**
     * @return what Milo sends for it, a boxed scalar
     * @throws IllegalArgumentException if the type cannot hold it; the message is the rest of a sentence that begins with what is to have it
     */
    static Object of(OpcUaDataType type, Value value) {
        return switch (type) {
            case Boolean -> flag(value);
            case SByte -> whole(type, value, Byte.MIN_VALUE, Byte.MAX_VALUE).byteValueExact();
            case Byte -> Unsigned.ubyte(whole(type, value, 0, 0xFF).intValueExact());
            case Int16 -> whole(type, value, Short.MIN_VALUE, Short.MAX_VALUE).shortValueExact();
            case UInt16 -> Unsigned.ushort(whole(type, value, 0, 0xFFFF).intValueExact());
            case Int32 ->
                whole(type, value, Integer.MIN_VALUE, Integer.MAX_VALUE).intValueExact();
            case UInt32 -> Unsigned.uint(whole(type, value, 0, 0xFFFF_FFFFL).longValueExact());
            case Int64 -> whole(type, value, Long.MIN_VALUE, Long.MAX_VALUE).longValueExact();
            case UInt64 ->
                Unsigned.ulong(whole(
                                type,
                                value,
                                BigInteger.ZERO,
                                BigInteger.TWO.pow(64).subtract(BigInteger.ONE))
                        .longValue());
            case Float -> {
                float near = number(value).floatValue();
                if (!Float.isFinite(near)) {
                    throw new IllegalArgumentException("cannot hold %s, it is beyond Float".formatted(text(value)));
                }
                yield near;
            }
            case Double -> number(value).doubleValue();
            case String -> letters(value);
            case LocalizedText -> new LocalizedText(letters(value));
            case DateTime, Guid, ByteString -> parsed(type, letters(value));
            case XmlElement,
                    NodeId,
                    ExpandedNodeId,
                    StatusCode,
                    QualifiedName,
                    ExtensionObject,
                    DataValue,
                    Variant,
                    DiagnosticInfo ->
                throw new IllegalArgumentException("is of type %s, which cannot be written".formatted(type));
        };
    }

    private static Object parsed(OpcUaDataType type, String text) {
        try {
            return switch (type) {
                case DateTime -> new DateTime(Instant.parse(text));
                case Guid -> UUID.fromString(text);
                default -> ByteString.of(Base64.getDecoder().decode(text));
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "must be %s, got '%s'"
                            .formatted(
                                    switch (type) {
                                        case DateTime -> "a time as 2026-11-21T08:00:00Z";
                                        case Guid -> "a Guid as 72962b91-fa75-4ae6-8d28-b404dc7daf63";
                                        default -> "bytes in base64";
                                    },
                                    text),
                    e);
        }
    }

    private static boolean flag(Value value) {
        if (value instanceof Value.Flag flag) {
            return flag.value();
        }
        throw new IllegalArgumentException("must be true or false, got " + text(value));
    }

    private static String letters(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw new IllegalArgumentException("must be a text, got " + text(value));
    }

    private static BigDecimal number(Value value) {
        if (value instanceof Value.Whole whole) {
            return BigDecimal.valueOf(whole.value());
        } else if (value instanceof Value.Real real && Double.isFinite(real.value())) {
            return BigDecimal.valueOf(real.value());
        }
        throw new IllegalArgumentException("must be a number, got " + text(value));
    }

    private static BigInteger whole(OpcUaDataType type, Value value, long least, long greatest) {
        return whole(type, value, BigInteger.valueOf(least), BigInteger.valueOf(greatest));
    }

    private static BigInteger whole(OpcUaDataType type, Value value, BigInteger least, BigInteger greatest) {
        BigDecimal number = number(value);
        if (number.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("must be a whole number, got " + text(value));
        }
        BigInteger whole = number.toBigIntegerExact();
        if (whole.compareTo(least) < 0 || whole.compareTo(greatest) > 0) {
            throw new IllegalArgumentException(
                    "cannot hold %s, %s is %s to %s".formatted(number.toPlainString(), type, least, greatest));
        }
        return whole;
    }

    private static String text(Value value) {
        return WriteRule.text(value);
    }
}
