package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From the data of a Logix controller to values and back (CIP Volume 1, Appendix C-6; Rockwell 1756-PM020 for the types of tags). Everything is
 * little-endian. The controller says with each answer of which type a tag is.
 */
final class CipData {

    /** The type of structures, which a handle follows. */
    static final int STRUCTURE = 0x02A0;
    /** The handle of STRING as the controller defines it: DINT length and 82 characters, padded to 88 bytes. */
    static final int STRING_HANDLE = 0x0FCE;

    private static final int STRING_BYTES = 88;
    private static final int STRING_CHARACTERS = 82;
    private static final int BOOL = 0xC1;

    private static final Map<Integer, DataType> NUMBERS = Map.ofEntries(
            Map.entry(0xC2, DataType.SINT),
            Map.entry(0xC3, DataType.INT),
            Map.entry(0xC4, DataType.DINT),
            Map.entry(0xC5, DataType.LINT),
            Map.entry(0xC6, DataType.USINT),
            Map.entry(0xC7, DataType.UINT),
            Map.entry(0xC8, DataType.UDINT),
            Map.entry(0xC9, DataType.ULINT),
            Map.entry(0xCA, DataType.REAL),
            Map.entry(0xCB, DataType.LREAL),
            Map.entry(0xD1, DataType.BYTE),
            Map.entry(0xD2, DataType.WORD),
            Map.entry(0xD3, DataType.DWORD),
            Map.entry(0xD4, DataType.LWORD));

    /**
     * What a tag is.
     *
     * @param code the elementary type, or {@link #STRUCTURE}
     * @param handle of a structure, 0 for all others
     */
    record TagType(int code, int handle) {

        /** The number that it is, if it is one. */
        Optional<DataType> number() {
            return Optional.ofNullable(NUMBERS.get(code));
        }

        boolean string() {
            return code == STRUCTURE && handle == STRING_HANDLE;
        }

        /** Bytes of one element; 0 for a type that is not read. */
        int size() {
            return string()
                    ? STRING_BYTES
                    : code == BOOL ? 1 : number().map(DataType::bytes).orElse(0);
        }

        String shown() {
            if (code == STRUCTURE) {
                return string() ? "STRING" : "structure 0x%04X".formatted(handle);
            }
            return code == BOOL ? "BOOL" : number().map(DataType::name).orElse("type 0x%04X".formatted(code));
        }
    }

    private CipData() {}

    /** The type in front of an answer's data. */
    static TagType type(ByteBuffer answer) {
        int code = answer.getShort() & 0xFFFF;
        return new TagType(code, code == STRUCTURE ? answer.getShort() & 0xFFFF : 0);
    }

    /** Puts a type in front of data. */
    static void put(TagType type, ByteBuffer request) {
        request.putShort((short) type.code());
        if (type.code() == STRUCTURE) {
            request.putShort((short) type.handle());
        }
    }

    /** @param data all elements */
    static Outcome decode(Point point, TagType type, ByteBuffer data) {
        Symbol symbol = (Symbol) point.variable();
        Optional<DataType> number = type.number();
        if (type.size() == 0) {
            return refused("%s is not read; name one of its members".formatted(type.shown()));
        }
        if (symbol.bit() != Symbol.WHOLE
                && (number.isEmpty() || symbol.bit() >= 8 * type.size() || real(number.get()))) {
            return refused("%s has no bit %d".formatted(type.shown(), symbol.bit()));
        }
        if (!point.unscaled() && (number.isEmpty() || symbol.bit() != Symbol.WHOLE)) {
            return refused("scale and offset do not apply to %s".formatted(type.shown()));
        }
        if (data.remaining() < type.size() * symbol.elements()) {
            return refused("the controller gave %d bytes for %d of %s"
                    .formatted(data.remaining(), symbol.elements(), type.shown()));
        }
        List<@Nullable Value> elements = new ArrayList<>();
        for (int i = 0; i < symbol.elements(); i++) {
            ByteBuffer element = SocketSession.take(data, type.size());
            if (symbol.bit() != Symbol.WHOLE) {
                elements.add(new Value.Flag((element.get(symbol.bit() / 8) >> symbol.bit() % 8 & 1) != 0));
            } else if (number.isPresent()) {
                elements.add(Numbers.decode(point, number.get(), element));
            } else {
                elements.add(type.string() ? text(element) : new Value.Flag(element.get() != 0));
            }
        }
        return new Reply.Got(elements);
    }

    private static boolean real(DataType type) {
        return type.kind() == DataType.Kind.REAL;
    }

    private static @Nullable Value text(ByteBuffer element) {
        int length = element.getInt();
        return length < 0 || length > STRING_CHARACTERS
                ? null
                : new Value.Text(StandardCharsets.ISO_8859_1
                        .decode(SocketSession.take(element, length))
                        .toString());
    }

    private static Outcome refused(String reason) {
        return new Reply.Refused("value", "value: " + reason);
    }

    /**
     * The bytes that hold a value.
     *
     * @throws IllegalArgumentException if a tag of this type cannot hold it
     */
    static byte[] encode(Point point, TagType type, Value value) {
        ByteBuffer data = ByteBuffer.allocate(type.size()).order(ByteOrder.LITTLE_ENDIAN);
        if (type.code() == BOOL && value instanceof Value.Flag flag) {
            return data.put((byte) (flag.value() ? 1 : 0)).array();
        }
        if (type.string() && value instanceof Value.Text text) {
            if (text.value().length() > STRING_CHARACTERS
                    || !StandardCharsets.ISO_8859_1.newEncoder().canEncode(text.value())) {
                throw new IllegalArgumentException(
                        "%s is STRING and holds %d characters of Latin-1.".formatted(point.name(), STRING_CHARACTERS));
            }
            return data.putInt(text.value().length())
                    .put(text.value().getBytes(StandardCharsets.ISO_8859_1))
                    .array();
        }
        return Numbers.encode(
                        point,
                        type.number()
                                .orElseThrow(() -> new IllegalArgumentException("%s is %s and cannot be %s."
                                        .formatted(point.name(), type.shown(), Numbers.shown(value)))),
                        value,
                        data)
                .array();
    }
}
