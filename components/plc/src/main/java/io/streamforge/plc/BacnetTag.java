package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Property;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A tag with its content (ANSI/ASHRAE 135, clause 20.2). Everything is big-endian.
 *
 * @param number of the tag
 * @param context true if its meaning is that of its place, not that of an application's type
 * @param form with content, or around others
 * @param length of an application's BOOLEAN the value itself, otherwise that of the content
 * @param content empty if it has none
 */
record BacnetTag(int number, boolean context, Form form, int length, ByteBuffer content) {

    /** Clause 20.2.1.3. */
    enum Form {
        PRIMITIVE,
        OPENING,
        CLOSING
    }

    private static final int NULL = 0;
    private static final int BOOLEAN = 1;
    private static final int UNSIGNED = 2;
    private static final int SIGNED = 3;
    private static final int REAL = 4;
    private static final int DOUBLE = 5;
    private static final int TEXT = 7;
    private static final int BIT_STRING = 8;
    static final int ENUMERATED = 9;

    /** Clause 20.2.9. */
    private static final Map<Integer, Charset> CHARSETS =
            Map.of(0, StandardCharsets.UTF_8, 4, StandardCharsets.UTF_16BE, 5, StandardCharsets.ISO_8859_1);

    /** The next tag. */
    static BacnetTag next(ByteBuffer data) {
        int head = data.get() & 0xFF;
        int number = head >> 4 == 0xF ? data.get() & 0xFF : head >> 4;
        boolean context = (head & 8) != 0;
        int length = head & 7;
        if (context && length >= 6) {
            return new BacnetTag(
                    number, true, length == 6 ? Form.OPENING : Form.CLOSING, 0, data.slice(data.position(), 0));
        }
        if (length == 5) {
            length = data.get() & 0xFF;
            length = length == 254 ? data.getShort() & 0xFFFF : length == 255 ? data.getInt() : length;
        }
        boolean inHead = !context && number == BOOLEAN;
        return new BacnetTag(number, context, Form.PRIMITIVE, length, SocketSession.take(data, inHead ? 0 : length));
    }

    boolean is(int wanted, Form as) {
        return context && number == wanted && form == as;
    }

    /** An unsigned number of up to four bytes. */
    int unsigned() {
        if (length < 1 || length > 4) {
            throw new BufferUnderflowException();
        }
        return integer(false).intValue();
    }

    private BigInteger integer(boolean signed) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return signed ? new BigInteger(bytes) : new BigInteger(1, bytes);
    }

    /** Of a bit string, from 0: the first is the most significant of its byte (clause 20.2.10). */
    boolean bit(int index) {
        return !context
                && number == BIT_STRING
                && content.limit() > 1 + index / 8
                && (content.get(1 + index / 8) << index % 8 & 0x80) != 0;
    }

    /** What an application's type says. */
    Outcome decode(Point point) {
        if (context || form != Form.PRIMITIVE) {
            return refused("a constructed value is not read");
        }
        boolean binary = number == ENUMERATED && BacnetObject.binary((Property) point.variable());
        boolean scalable = number == REAL || number == DOUBLE || number == UNSIGNED || number == SIGNED;
        if (!point.unscaled() && !scalable) {
            return refused("scale and offset do not apply to it");
        }
        boolean whole = number == UNSIGNED || number == SIGNED || number == ENUMERATED;
        if (whole && length == 0) {
            return refused("a number without a digit");
        }
        return switch (number) {
            case NULL -> refused("NULL");
            case BOOLEAN -> new Reply.Got(List.of(new Value.Flag(length != 0)));
            case UNSIGNED, SIGNED, ENUMERATED -> binary ? flag() : whole(point, integer(number == SIGNED));
            case REAL ->
                new Reply.Got(List.of(Numbers.real(point, content.duplicate().getFloat())));
            case DOUBLE ->
                new Reply.Got(List.of(Numbers.real(point, content.duplicate().getDouble())));
            case TEXT -> text();
            default -> refused("type %d is not read".formatted(number));
        };
    }

    private Outcome flag() {
        BigInteger state = integer(false);
        return state.bitLength() > 1
                ? refused("%s is no state".formatted(state))
                : new Reply.Got(List.of(new Value.Flag(state.signum() != 0)));
    }

    private static Outcome whole(Point point, BigInteger raw) {
        return raw.bitLength() > 63
                ? refused("%s is too large".formatted(raw))
                : new Reply.Got(List.of(Numbers.whole(point, raw.longValue())));
    }

    /** The name of the application's type; empty for those that are not read. */
    String kind() {
        return context || form != Form.PRIMITIVE
                ? ""
                : switch (number) {
                    case NULL -> "NULL";
                    case BOOLEAN -> "BOOLEAN";
                    case UNSIGNED -> "UNSIGNED";
                    case SIGNED -> "SIGNED";
                    case REAL -> "REAL";
                    case DOUBLE -> "DOUBLE";
                    case TEXT -> "CHARACTER STRING";
                    case ENUMERATED -> "ENUMERATED";
                    default -> "";
                };
    }

    Outcome text() {
        ByteBuffer bytes = content.duplicate();
        int set = bytes.get() & 0xFF;
        Charset charset = CHARSETS.get(set);
        return charset == null
                ? refused("character set %d is not read".formatted(set))
                : new Reply.Got(List.of(new Value.Text(charset.decode(bytes).toString())));
    }

    private static Outcome refused(String reason) {
        return new Reply.Refused("value", "value: " + reason);
    }

    /**
     * The tag and content that hold a value.
     *
     * @param number of the application's type that the property has
     * @throws IllegalArgumentException if it cannot hold it
     */
    static byte[] encode(Point point, int number, Value value) {
        if (value instanceof Value.Flag flag && number == BOOLEAN) {
            return new byte[] {(byte) (BOOLEAN << 4 | (flag.value() ? 1 : 0))};
        }
        if (value instanceof Value.Flag flag
                && number == ENUMERATED
                && BacnetObject.binary((Property) point.variable())) {
            return new byte[] {(byte) (ENUMERATED << 4 | 1), (byte) (flag.value() ? 1 : 0)};
        }
        if (value instanceof Value.Text text && number == TEXT) {
            byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 200) {
                throw new IllegalArgumentException("%s takes texts of 200 bytes in UTF-8.".formatted(point.name()));
            }
            byte[] content = ByteBuffer.allocate(1 + bytes.length)
                    .put((byte) 0)
                    .put(bytes)
                    .array();
            return tagged(TEXT, content);
        }
        boolean integer = number == UNSIGNED
                || number == SIGNED
                || number == ENUMERATED && !BacnetObject.binary((Property) point.variable());
        if (number == REAL || number == DOUBLE) {
            DataType type = number == REAL ? DataType.REAL : DataType.LREAL;
            return tagged(
                    number,
                    Numbers.encode(point, type, value, ByteBuffer.allocate(type.bytes()))
                            .array());
        }
        if (!integer) {
            throw new IllegalArgumentException("%s cannot be %s.".formatted(point.name(), Numbers.shown(value)));
        }
        DataType type = number == SIGNED ? DataType.DINT : DataType.UDINT;
        byte[] four = Numbers.encode(point, type, value, ByteBuffer.allocate(4)).array();
        return tagged(number, number == SIGNED ? new BigInteger(four).toByteArray() : shortest(four));
    }

    /** As few bytes as hold the number (clause 20.2.4). */
    private static byte[] shortest(byte[] four) {
        byte[] bytes = new BigInteger(1, four).toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] tagged(int number, byte[] content) {
        ByteBuffer data = ByteBuffer.allocate(2 + content.length);
        if (content.length < 5) {
            data.put((byte) (number << 4 | content.length));
        } else {
            data.put((byte) (number << 4 | 5)).put((byte) content.length);
        }
        data.put(content).flip();
        byte[] bytes = new byte[data.limit()];
        data.get(bytes);
        return bytes;
    }
}
