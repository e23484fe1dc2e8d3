package io.streamforge.plc.peers;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A controller with named tags that answers explicit unconnected messages, written from the specification because no such server installs from a package.
 * It shares nothing with the code under test and refuses what the specification does not allow; that it is understood by another's client is a test of its own.
 *
 * <ul>
 *   <li>The CIP Networks Library Volume 2: §2-3 encapsulation, §2-4.1 NOP, §2-4.3 ListServices, §2-4.4 RegisterSession, §2-4.5 UnRegisterSession, §2-4.7
 *       SendRRData, §2-6 common packet format.
 *   <li>Volume 1: §2-4 message router, §3-5.5.4 Unconnected_Send, Appendix Multiple_Service_Packet, Appendix B-1 general status, Appendix C-1.4 segments,
 *       C-6.1 type codes.
 *   <li>Rockwell publication 1756-PM020: Read Tag, Read Tag Fragmented, Write Tag, Read Modify Write Tag; Get Instance Attribute List of the symbol object,
 *       Get Attribute List and Read Template of the template object.
 * </ul>
 */
public final class LogixController implements AutoCloseable {

    /** PM020: an unconnected message has at most 504 bytes. */
    private static final int MOST = 504;

    /** A tag: its type as it goes over the wire, the size of an element, the bytes of all elements. */
    private record Tag(byte[] type, int size, byte[] data) {}

    /** What the symbol object says of a tag. */
    private record Listed(String scope, String name, int type, List<Integer> dimensions) {}

    /** What the template object holds: how many members, in what bytes. */
    private record Template(int members, byte[] definition) {}

    private final Listener listener;
    private final byte[] route;
    private final List<Listed> listed = new CopyOnWriteArrayList<>();
    private final Map<Integer, Template> templates = new ConcurrentHashMap<>();
    private final Map<String, Tag> tags = new ConcurrentHashMap<>();
    private final AtomicInteger messages = new AtomicInteger();

    private LogixController(int port, String route) {
        this.route = HexFormat.of().parseHex(route);
        listener = new Listener(port, "logix controller", this::serve);
    }

    /** In slot 0 of its chassis, behind a communication module. */
    public static LogixController start(int port) {
        return new LogixController(port, "0100");
    }

    /** @param route the segments that lead from the module that is spoken to to the controller, in hex; empty if that is the controller */
    public static LogixController behind(String route) {
        return new LogixController(0, route);
    }

    public int port() {
        return listener.port();
    }

    /**
     * Makes a tag.
     *
     * @param type as the wire has it, in hex: {@code C400} for DINT
     * @param size bytes of one element
     * @param data all elements, in hex
     */
    public LogixController tag(String name, String type, int size, String data) {
        tags.put(
                name,
                new Tag(HexFormat.of().parseHex(type), size, HexFormat.of().parseHex(data)));
        return this;
    }

    /**
     * Lists a tag; its instance is 10 higher than that of the one before.
     *
     * @param scope the program, empty for the controller
     * @param type as the symbol object codes it: dimensions and flags with the type's or the template's number
     */
    public LogixController list(String scope, String name, int type, Integer... dimensions) {
        listed.add(new Listed(scope, name, type, List.of(dimensions)));
        return this;
    }

    /**
     * Makes a structure.
     *
     * @param members each its information (elements, or a bit), type and name, with blanks between them
     */
    public LogixController template(int number, String name, String... members) {
        ByteBuffer information = ByteBuffer.allocate(8 * members.length).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder names = new StringBuilder(name).append(";n\0");
        for (String member : members) {
            String[] parts = member.split(" ");
            information
                    .putShort(Short.parseShort(parts[0]))
                    .putShort((short) Integer.parseInt(parts[1], 16))
                    .putInt(0);
            names.append(parts[2]).append('\0');
        }
        byte[] text = names.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] definition = Arrays.copyOf(information.array(), information.capacity() + text.length);
        System.arraycopy(text, 0, definition, information.capacity(), text.length);
        templates.put(number, new Template(members.length, definition));
        return this;
    }

    public LogixController remove(String name) {
        tags.remove(name);
        return this;
    }

    /** What a tag holds, in hex. */
    public String data(String name) {
        return HexFormat.of().formatHex(Objects.requireNonNull(tags.get(name)).data());
    }

    /** How many messages it was sent. */
    public int messages() {
        return messages.get();
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        int session = 0;
        while (true) {
            ByteBuffer header = little(in.readNBytes(24));
            if (header.remaining() < 24) {
                throw new EOFException();
            }
            int command = header.getShort(0) & 0xFFFF;
            ByteBuffer data = little(in.readNBytes(header.getShort(2) & 0xFFFF));
            int status = 0;
            byte[] answer = new byte[0];
            if (command == 0x65) {
                boolean supported = data.getShort() == 1 && data.getShort() == 0;
                status = supported ? 0 : 0x69;
                session = supported ? 0x1234 : 0;
                answer = data.array();
            } else if (command == 0x04) {
                answer = services();
            } else if (command == 0x66) {
                return;
            } else if (header.getInt(4) != session || session == 0) {
                status = 0x64;
            } else if (command == 0x6F) {
                answer = sendRrData(data);
            } else {
                status = 0x01;
            }
            ByteBuffer frame = ByteBuffer.allocate(24 + answer.length).order(ByteOrder.LITTLE_ENDIAN);
            frame.putShort((short) command).putShort((short) answer.length).putInt(session);
            frame.putInt(status).putLong(header.getLong(12)).putInt(0).put(answer);
            client.getOutputStream().write(frame.array());
        }
    }

    /** One service: communications, version 1, CIP over TCP. */
    private static byte[] services() {
        ByteBuffer item = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        item.putShort((short) 1)
                .putShort((short) 0x100)
                .putShort((short) 20)
                .putShort((short) 1)
                .putShort((short) 0x20);
        return item.put(Arrays.copyOf("Communications".getBytes(StandardCharsets.US_ASCII), 16))
                .array();
    }

    private byte[] sendRrData(ByteBuffer data) {
        messages.incrementAndGet();
        // Interface handle and time-out, two items: the null address, the unconnected message.
        if (data.getInt() != 0 || data.getShort() < 0 || data.getShort() != 2 || data.getInt() != 0) {
            throw new IllegalStateException("no common packet format");
        }
        if (data.getShort() != 0xB2 || (data.getShort() & 0xFFFF) != data.remaining() || data.remaining() > MOST) {
            throw new IllegalStateException("no unconnected message of at most %d bytes".formatted(MOST));
        }
        byte[] reply = route.length == 0 ? service(data, MOST) : unconnectedSend(data);
        ByteBuffer answer = ByteBuffer.allocate(16 + reply.length).order(ByteOrder.LITTLE_ENDIAN);
        answer.putInt(0).putShort((short) 0).putShort((short) 2).putInt(0);
        return answer.putShort((short) 0xB2)
                .putShort((short) reply.length)
                .put(reply)
                .array();
    }

    /** Service 0x52 of the connection manager, class 6 instance 1. */
    private byte[] unconnectedSend(ByteBuffer data) {
        int service = data.get() & 0xFF;
        byte[] path = bytes(data, 2 * (data.get() & 0xFF));
        if (service == 0x01) {
            // Get_Attribute_All of the message router is optional: not supported.
            return reply(service, 0x08, new byte[0]);
        }
        if (service != 0x52 || !HexFormat.of().formatHex(path).equals("20062401")) {
            return reply(service, 0x05, new byte[0]);
        }
        data.getShort();
        int length = data.getShort() & 0xFFFF;
        ByteBuffer message = little(bytes(data, length));
        if (length % 2 != 0) {
            data.get();
        }
        int words = data.get() & 0xFF;
        data.get();
        byte[] way = bytes(data, 2 * words);
        if (!Arrays.equals(way, route) || data.hasRemaining()) {
            // Link address not valid, and how many words of the route are left.
            return new byte[] {(byte) 0xD2, 0, 0x01, 1, 0x12, 0x03, (byte) words};
        }
        return service(message, MOST);
    }

    private byte[] service(ByteBuffer request, int most) {
        int service = request.get() & 0xFF;
        ByteBuffer path = little(bytes(request, 2 * (request.get() & 0xFF)));
        if (service == 0x0A) {
            return packet(request);
        }
        byte[] object = object(path);
        if (object.length > 0) {
            String scope = object.length == path.limit()
                    ? ""
                    : new String(path.array(), 2, path.get(1) & 0xFF, StandardCharsets.US_ASCII);
            return objectService(service, scope, little(object), request, most);
        }
        StringBuilder name = new StringBuilder();
        List<Integer> members = new ArrayList<>();
        while (path.hasRemaining()) {
            int segment = path.get() & 0xFF;
            if (segment == 0x91) {
                members.forEach(index -> name.append('[').append(index).append(']'));
                members.clear();
                int length = path.get() & 0xFF;
                name.append(name.isEmpty() ? "" : ".")
                        .append(new String(bytes(path, length), StandardCharsets.US_ASCII));
                if (length % 2 != 0 && path.get() != 0) {
                    return reply(service, 0x04, new byte[0]);
                }
            } else if (segment == 0x28) {
                members.add(path.get() & 0xFF);
            } else if (segment == 0x29 && path.get() == 0) {
                members.add(path.getShort() & 0xFFFF);
            } else if (segment == 0x2A && path.get() == 0) {
                members.add(path.getInt());
            } else {
                return reply(service, 0x04, new byte[0]);
            }
        }
        Tag tag = tags.get(name.toString());
        if (tag == null || members.size() > 1) {
            return reply(service, 0x04, new byte[0]);
        }
        int from = members.isEmpty() ? 0 : members.get(0) * tag.size();
        return switch (service) {
            case 0x4C -> read(service, tag, from, request.getShort() & 0xFFFF, 0, most);
            case 0x52 -> read(service, tag, from, request.getShort() & 0xFFFF, request.getInt(), most);
            case 0x4D -> write(service, tag, from, request);
            case 0x4E -> modify(service, tag, from, request);
            default -> reply(service, 0x08, new byte[0]);
        };
    }

    /** The logical segments of class and instance at the end of a path; empty if it has none. */
    private static byte[] object(ByteBuffer path) {
        int from = path.limit() > 1 && path.get(0) == (byte) 0x91 ? 2 + (path.get(1) & 0xFF) + (path.get(1) & 1) : 0;
        return from < path.limit() && path.get(from) == 0x20
                ? Arrays.copyOfRange(path.array(), from, path.limit())
                : new byte[0];
    }

    private byte[] objectService(int service, String scope, ByteBuffer object, ByteBuffer request, int most) {
        object.get();
        int type = object.get() & 0xFF;
        int segment = object.get() & 0xFF;
        if (segment != 0x25 && segment != 0x26 || object.get() != 0) {
            return reply(service, 0x04, new byte[0]);
        }
        int instance = segment == 0x25 ? object.getShort() & 0xFFFF : object.getInt();
        boolean known = scope.isEmpty()
                || listed.stream()
                        .anyMatch(tag -> tag.scope().isEmpty() && tag.name().equals(scope));
        if (type == 0x6B && service == 0x55) {
            return known ? symbols(scope, instance, request, most) : reply(service, 0x05, new byte[0]);
        }
        Template template = templates.get(instance);
        if (type != 0x6C || template == null || !scope.isEmpty()) {
            return reply(service, 0x05, new byte[0]);
        }
        return switch (service) {
            case 0x03 -> template(template, request);
            case 0x4C -> definition(template, request.getInt(), request.getShort() & 0xFFFF, most);
            default -> reply(service, 0x08, new byte[0]);
        };
    }

    /** Those from an instance on, as many as fit; 0x0A for an attribute that the object has not, 0x1C for fewer than are announced. */
    private byte[] symbols(String scope, int from, ByteBuffer request, int most) {
        int count = request.getShort() & 0xFFFF;
        if (request.remaining() < 2 * count) {
            return reply(0x55, 0x1C, new byte[0]);
        }
        List<Integer> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attributes.add(request.getShort() & 0xFFFF);
        }
        if (!List.of(1, 2, 8).containsAll(attributes)) {
            return reply(0x55, 0x0A, new byte[0]);
        }
        ByteBuffer answer = ByteBuffer.allocate(most - 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < listed.size(); i++) {
            Listed tag = listed.get(i);
            if (10 * i + 1 < from || !tag.scope().equals(scope)) {
                continue;
            }
            if (answer.remaining() < 4 + 2 + tag.name().length() + 2 + 12) {
                return reply(0x55, 0x06, Arrays.copyOf(answer.array(), answer.position()));
            }
            answer.putInt(10 * i + 1);
            for (int attribute : attributes) {
                if (attribute == 1) {
                    answer.putShort((short) tag.name().length()).put(tag.name().getBytes(StandardCharsets.US_ASCII));
                } else if (attribute == 2) {
                    answer.putShort((short) tag.type());
                } else {
                    for (int dimension = 0; dimension < 3; dimension++) {
                        answer.putInt(
                                dimension < tag.dimensions().size()
                                        ? tag.dimensions().get(dimension)
                                        : 0);
                    }
                }
            }
        }
        return reply(0x55, 0, Arrays.copyOf(answer.array(), answer.position()));
    }

    /** The size of the definition in words (4) and the number of members (2), in the order that is asked for. */
    private static byte[] template(Template template, ByteBuffer request) {
        int count = request.getShort();
        ByteBuffer answer = ByteBuffer.allocate(2 + 8 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) count);
        for (int i = 0; i < count; i++) {
            int attribute = request.getShort();
            answer.putShort((short) attribute);
            if (attribute == 4) {
                answer.putShort((short) 0).putInt((template.definition().length + 23 + 3) / 4);
            } else if (attribute == 2) {
                answer.putShort((short) 0).putShort((short) template.members());
            } else {
                return reply(0x03, 0x0A, new byte[0]);
            }
        }
        return reply(0x03, 0, Arrays.copyOf(answer.array(), answer.position()));
    }

    /** Filled up to whole words with zeros. */
    private static byte[] definition(Template template, int offset, int bytes, int most) {
        int end = (template.definition().length + 23 + 3) / 4 * 4 - 23;
        if (offset + bytes > end) {
            return general(0x4C, 0x2105);
        }
        int room = Math.min(bytes, most - 4);
        byte[] all = Arrays.copyOf(template.definition(), end);
        return reply(0x4C, room < bytes ? 0x06 : 0, Arrays.copyOfRange(all, offset, offset + room));
    }

    private byte[] packet(ByteBuffer request) {
        int start = request.position();
        int count = request.getShort() & 0xFFFF;
        byte[][] replies = new byte[count][];
        boolean failed = false;
        int left = MOST - 6 - 2 * count;
        for (int i = 0; i < count; i++) {
            int from = start + (request.getShort(start + 2 + 2 * i) & 0xFFFF);
            int to = i + 1 < count ? start + (request.getShort(start + 4 + 2 * i) & 0xFFFF) : request.limit();
            replies[i] = service(little(Arrays.copyOfRange(request.array(), from, to)), left);
            failed |= replies[i][2] != 0;
            left -= replies[i].length;
        }
        int size = 2
                + 2 * count
                + Arrays.stream(replies).mapToInt(reply -> reply.length).sum();
        ByteBuffer data =
                ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).putShort((short) count);
        int offset = 2 + 2 * count;
        for (byte[] reply : replies) {
            data.putShort((short) offset);
            offset += reply.length;
        }
        for (byte[] reply : replies) {
            data.put(reply);
        }
        return reply(0x0A, failed ? 0x1E : 0, data.array());
    }

    /** As much as fits, with status 0x06 if that is not all. */
    private static byte[] read(int service, Tag tag, int from, int elements, int offset, int most) {
        int end = from + elements * tag.size();
        if (end > tag.data().length || from + offset >= end) {
            return general(service, 0x2105);
        }
        int room = (most - 4 - tag.type().length) / tag.size() * tag.size();
        if (room < tag.size()) {
            return reply(service, 0x11, new byte[0]);
        }
        int to = Math.min(end, from + offset + room);
        byte[] data = Arrays.copyOf(tag.type(), tag.type().length + to - from - offset);
        System.arraycopy(tag.data(), from + offset, data, tag.type().length, to - from - offset);
        return reply(service, to < end ? 0x06 : 0, data);
    }

    private static byte[] write(int service, Tag tag, int from, ByteBuffer request) {
        if (!Arrays.equals(bytes(request, tag.type().length), tag.type())) {
            return general(service, 0x2107);
        }
        int size = (request.getShort() & 0xFFFF) * tag.size();
        if (from + size > tag.data().length) {
            return general(service, 0x2105);
        }
        if (request.remaining() != size) {
            return reply(service, request.remaining() < size ? 0x13 : 0x15, new byte[0]);
        }
        request.get(tag.data(), from, size);
        return reply(service, 0, new byte[0]);
    }

    private static byte[] modify(int service, Tag tag, int from, ByteBuffer request) {
        int size = request.getShort() & 0xFFFF;
        if (size != tag.size() || request.remaining() != 2 * size) {
            return reply(service, 0x03, new byte[0]);
        }
        byte[] or = bytes(request, size);
        byte[] and = bytes(request, size);
        for (int i = 0; i < size; i++) {
            tag.data()[from + i] = (byte) ((tag.data()[from + i] | or[i]) & and[i]);
        }
        return reply(service, 0, new byte[0]);
    }

    private static byte[] reply(int service, int status, byte[] data) {
        byte[] reply = new byte[4 + data.length];
        reply[0] = (byte) (service | 0x80);
        reply[2] = (byte) status;
        System.arraycopy(data, 0, reply, 4, data.length);
        return reply;
    }

    private static byte[] general(int service, int extended) {
        return new byte[] {(byte) (service | 0x80), 0, (byte) 0xFF, 1, (byte) extended, (byte) (extended >> 8)};
    }

    private static byte[] bytes(ByteBuffer buffer, int count) {
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Ends it at once: its connections break. */
    @Override
    public void close() {
        listener.close();
    }
}
