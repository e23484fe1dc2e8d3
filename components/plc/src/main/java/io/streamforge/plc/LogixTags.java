package io.streamforge.plc;

import io.streamforge.plc.CipData.TagType;
import io.streamforge.plc.Named.Dimension;
import io.streamforge.plc.Named.Inside;
import io.streamforge.plc.Variable.Symbol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tags of a Logix controller and of its programs, and the members of structures, as the controller lists them (Rockwell 1756-PM020, "Data Access"). */
final class LogixTags {

    private static final int SYMBOL_CLASS = 0x6B;
    private static final int TEMPLATE_CLASS = 0x6C;
    private static final int GET_INSTANCE_ATTRIBUTE_LIST = 0x55;
    private static final int GET_ATTRIBUTE_LIST = 0x03;
    private static final int READ_TEMPLATE = 0x4C;

    /** Name, type, dimensions. */
    private static final byte[] SYMBOL_ATTRIBUTES = {3, 0, 1, 0, 2, 0, 8, 0};
    /** Of a template: the size of its definition in words of four bytes, the number of its members. */
    private static final byte[] TEMPLATE_ATTRIBUTES = {2, 0, 4, 0, 2, 0};

    /** PM020: the definition is so much shorter than its words say. */
    private static final int NOT_DEFINITION = 23;

    private static final int MOST_DEFINITION = 1 << 18;

    private static final int STRUCTURE_BIT = 0x8000;
    private static final int SYSTEM_BIT = 0x1000;
    private static final int NUMBER_BITS = 0x0FFF;
    private static final String PROGRAM = "Program:";

    /** Asks the controller. */
    interface Caller {
        CipAnswer call(byte[] message) throws IOException;
    }

    private final Caller controller;

    LogixTags(Caller controller) {
        this.controller = controller;
    }

    /** Programs, and the tags that belong to none. */
    List<Named> controller() throws IOException {
        return scope("");
    }

    /** @param program empty for the controller's own */
    private List<Named> scope(String program) throws IOException {
        List<Named> names = new ArrayList<>();
        byte[] scope = program.isEmpty() ? new byte[0] : CipPath.tag(new Symbol(program, Symbol.WHOLE, 1));
        int next = 0;
        CipAnswer answer;
        do {
            byte[] symbols = CipPath.instance(SYMBOL_CLASS, next);
            byte[] path = ByteBuffer.allocate(scope.length + symbols.length)
                    .put(scope)
                    .put(symbols)
                    .array();
            answer = asked(CipRequest.service(GET_INSTANCE_ATTRIBUTE_LIST, path, SYMBOL_ATTRIBUTES));
            ByteBuffer data = answer.data();
            if (!data.hasRemaining() && !answer.whole()) {
                throw new ProtocolException("a part of the list of tags without a tag");
            }
            while (data.hasRemaining()) {
                int instance = data.getInt();
                if (instance < next) {
                    throw new ProtocolException("the list of tags does not go on");
                }
                next = instance + 1;
                symbol(program, data, names);
            }
        } while (!answer.whole());
        names.sort(Comparator.comparing(Named::name, String.CASE_INSENSITIVE_ORDER));
        return names;
    }

    private void symbol(String program, ByteBuffer data, List<Named> names) {
        String name = StandardCharsets.US_ASCII
                .decode(SocketSession.take(data, data.getShort() & 0xFFFF))
                .toString();
        int type = data.getShort() & 0xFFFF;
        List<Dimension> dimensions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int count = data.getInt();
            if (i < (type >> 13 & 3)) {
                dimensions.add(new Dimension(0, count));
            }
        }
        if (program.isEmpty() && name.startsWith(PROGRAM)) {
            names.add(new Named(name, name, "program", 0, () -> scope(name)));
        } else if ((type & SYSTEM_BIT) == 0 && !name.startsWith("__")) {
            Named tag = named(name, program.isEmpty() ? name : program + "." + name, type, dimensions);
            if (tag.elements() > 0 || tag.inside() != null) {
                names.add(tag);
            }
        }
    }

    private Named named(String name, String address, int type, List<Dimension> dimensions) {
        boolean structure = (type & STRUCTURE_BIT) != 0;
        int number = type & NUMBER_BITS;
        // The template of STRING has its handle's number.
        TagType tag = structure ? new TagType(CipData.STRUCTURE, number) : new TagType(number & 0xFF, 0);
        int elements = dimensions.stream().mapToInt(Dimension::count).reduce(1, (all, count) -> all * count);
        String shape = dimensions.isEmpty()
                ? ""
                : dimensions.stream().map(Dimension::count).toList().toString();
        Inside inside = null;
        if (tag.size() == 0 && structure) {
            inside = dimensions.isEmpty()
                    ? () -> members(address, number)
                    : () -> Named.indexes(dimensions).stream()
                            .map(index -> named(index, address + index, type, List.of()))
                            .toList();
        }
        return new Named(name, address, tag.shown() + shape, tag.size() == 0 ? 0 : elements, inside);
    }

    /** PM020, "Template Object": information on each member (8 bytes), then the template's name and those of the members, each with a zero behind it. */
    private List<Named> members(String address, int template) throws IOException {
        ByteBuffer attributes = asked(CipRequest.service(
                        GET_ATTRIBUTE_LIST, CipPath.instance(TEMPLATE_CLASS, template), TEMPLATE_ATTRIBUTES))
                .data();
        attributes.getShort();
        int size = attribute(attributes, 4).getInt() * Integer.BYTES - NOT_DEFINITION;
        int count = attribute(attributes, 2).getShort() & 0xFFFF;
        ByteBuffer definition = definition(template, size);
        ByteBuffer information = SocketSession.take(definition, 8 * count);
        text(definition);
        List<Named> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int info = information.getShort() & 0xFFFF;
            int type = information.getShort() & 0xFFFF;
            information.getInt();
            String name = text(definition);
            // Bits stand in hidden members.
            if (!name.startsWith("ZZZZZZZZZZ") && !name.startsWith("__")) {
                boolean array = (type >> 13 & 3) != 0;
                members.add(
                        named(name, address + "." + name, type, array ? List.of(new Dimension(0, info)) : List.of()));
            }
        }
        return members;
    }

    private static ByteBuffer attribute(ByteBuffer attributes, int expected) throws IOException {
        if (attributes.getShort() != expected || attributes.getShort() != CipStatus.SUCCESS) {
            throw new ProtocolException("a template without attribute %d".formatted(expected));
        }
        return attributes;
    }

    private ByteBuffer definition(int template, int size) throws IOException {
        if (size < 0 || size > MOST_DEFINITION) {
            throw new ProtocolException("a template of %d bytes".formatted(size));
        }
        ByteArrayOutputStream definition = new ByteArrayOutputStream();
        while (definition.size() < size) {
            byte[] asked = ByteBuffer.allocate(6)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(definition.size())
                    .putShort((short) (size - definition.size()))
                    .array();
            ByteBuffer part = asked(
                            CipRequest.service(READ_TEMPLATE, CipPath.instance(TEMPLATE_CLASS, template), asked))
                    .data();
            if (!part.hasRemaining()) {
                throw new ProtocolException("a part of a template without content");
            }
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            definition.writeBytes(bytes);
        }
        return ByteBuffer.wrap(definition.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Up to a zero, or to the end; the template's own has more behind a semicolon. */
    private static String text(ByteBuffer definition) {
        ByteBuffer rest = definition.slice();
        int length = 0;
        while (length < rest.limit() && rest.get(length) != 0) {
            length++;
        }
        String text = StandardCharsets.US_ASCII
                .decode(SocketSession.take(definition, length))
                .toString();
        SocketSession.take(definition, Math.min(1, definition.remaining()));
        return text;
    }

    private CipAnswer asked(byte[] message) throws IOException {
        CipAnswer answer = controller.call(message);
        if (answer.status() != CipStatus.SUCCESS && answer.status() != CipStatus.PARTIAL_TRANSFER) {
            throw new IOException("the controller answers " + answer.text());
        }
        return answer;
    }
}
