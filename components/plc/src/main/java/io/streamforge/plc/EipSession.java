package io.streamforge.plc;

import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.CipData.TagType;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Symbol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * EtherNet/IP to a Logix controller: explicit unconnected messages (CIP Volume 2, chapter 2), which need no connection of the few that a controller has.
 * Several tags are asked for with one Multiple Service Packet; tags are read and written with the services of Rockwell 1756-PM020.
 */
final class EipSession extends SocketSession {

    /** Command, length (2 bytes each), session, status (4 each), sender context (8), options (4). */
    private static final int HEADER = 24;

    private static final int REGISTER_SESSION = 0x65;
    private static final int SEND_RR_DATA = 0x6F;
    private static final int NULL_ADDRESS = 0x00;
    private static final int UNCONNECTED_DATA = 0xB2;

    private static final int MULTIPLE_SERVICE = 0x0A;
    private static final int READ_TAG = 0x4C;
    private static final int WRITE_TAG = 0x4D;
    private static final int READ_MODIFY_WRITE_TAG = 0x4E;
    private static final int READ_TAG_FRAGMENTED = 0x52;
    private static final int UNCONNECTED_SEND = 0x52;
    private static final int REPLY = 0x80;

    private static final byte[] MESSAGE_ROUTER = {0x20, 0x02, 0x24, 0x01};
    private static final byte[] CONNECTION_MANAGER = {0x20, 0x06, 0x24, 0x01};

    /** What an unconnected message may hold (PM020: 504 bytes), less the packet and the route around the requests. */
    static final int MOST_BYTES = 440;

    /** Of what is sent and comes back for one tag besides its name and its value. */
    private static final int PER_TAG = 12;

    /** CIP Volume 1 §3-5.5.2.3: ticks of 2^8 ms. */
    private static final int TICK = 8;

    /** An answer of a service. */
    private record Answer(int status, int extended, ByteBuffer data) {

        boolean whole() {
            return status != CipStatus.PARTIAL_TRANSFER && status != CipStatus.REPLY_DATA_TOO_LARGE;
        }

        String text() {
            return CipStatus.text(status, extended);
        }
    }

    private final byte[] route;
    /** Of the tags that were read on this connection, by row. */
    private final Map<Integer, TagType> types = new HashMap<>();

    private int session;
    private long context;

    EipSession(PlcConfig config, Pace pace) {
        super(config, pace);
        this.route = CipPath.route(config.option("route"));
    }

    /** How much of a request and its answer a tag takes; its type is not known before it was read. */
    static int bytes(Variable variable) {
        return PER_TAG + Math.max(CipPath.tag((Symbol) variable).length, Long.BYTES * variable.elements());
    }

    /** Volume 2 §2-4.4: version 1, no options. */
    @Override
    void introduce() throws IOException {
        exchange(REGISTER_SESSION, ByteBuffer.allocate(4).putShort(0, Short.reverseBytes((short) 1)));
    }

    @Override
    Reply ask(List<Point> request) throws IOException {
        if (request.size() == 1) {
            return new Reply.Answer(List.of(whole(request.get(0))));
        }
        Answer packet = call(packet(request));
        if (packet.status() != CipStatus.SUCCESS && packet.status() != CipStatus.EMBEDDED_SERVICE_ERROR) {
            return new Reply.Failure("driver: " + packet.text());
        }
        List<Answer> answers = answers(packet.data(), request.size());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < request.size(); i++) {
            Answer answer = answers.get(i);
            outcomes.add(answer.whole() ? outcome(request.get(i), answer) : whole(request.get(i)));
        }
        return new Reply.Answer(outcomes);
    }

    /** CIP Volume 1, Appendix: how many, where each begins as counted from here, then the requests. */
    static byte[] packet(List<Point> request) {
        List<byte[]> services = request.stream().map(EipSession::readTag).toList();
        int offset = 2 + 2 * services.size();
        ByteBuffer data = ByteBuffer.allocate(offset
                        + services.stream().mapToInt(service -> service.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) services.size());
        for (byte[] service : services) {
            data.putShort((short) offset);
            offset += service.length;
        }
        services.forEach(data::put);
        return service(MULTIPLE_SERVICE, MESSAGE_ROUTER, data.array());
    }

    private static List<Answer> answers(ByteBuffer data, int expected) throws IOException {
        int start = data.position();
        int count = data.getShort() & 0xFFFF;
        if (count != expected) {
            throw new ProtocolException("%d answers to %d requests".formatted(count, expected));
        }
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            offsets[i] = data.getShort() & 0xFFFF;
        }
        offsets[count] = data.limit() - start;
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (start + offsets[i] != data.position()) {
                throw new ProtocolException("the answers of a packet do not follow one another");
            }
            answers.add(answer(take(data, offsets[i + 1] - offsets[i]), READ_TAG));
        }
        return answers;
    }

    /** Reads a tag by itself, in fragments if it is larger than an answer. */
    private Outcome whole(Point point) throws IOException {
        Answer first = call(readTag(point));
        if (first.whole() || first.data().remaining() == 0) {
            return outcome(point, first);
        }
        TagType type = CipData.type(first.data());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Answer last = first;
        data.writeBytes(rest(first.data()));
        while (last.status() == CipStatus.PARTIAL_TRANSFER
                && data.size() < type.size() * point.variable().elements()) {
            byte[] asked = ByteBuffer.allocate(6)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) point.variable().elements())
                    .putInt(data.size())
                    .array();
            last = call(service(READ_TAG_FRAGMENTED, CipPath.tag((Symbol) point.variable()), asked));
            if (last.status() != CipStatus.SUCCESS && last.status() != CipStatus.PARTIAL_TRANSFER) {
                return new Reply.Refused(last.text(), last.text());
            }
            if (!CipData.type(last.data()).equals(type) || last.data().remaining() == 0) {
                throw new ProtocolException("the fragments of %s do not fit together".formatted(point.name()));
            }
            data.writeBytes(rest(last.data()));
        }
        types.put(point.row(), type);
        return CipData.decode(point, type, ByteBuffer.wrap(data.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static byte[] rest(ByteBuffer data) {
        byte[] rest = new byte[data.remaining()];
        data.get(rest);
        return rest;
    }

    private Outcome outcome(Point point, Answer answer) {
        if (answer.status() != CipStatus.SUCCESS) {
            return new Reply.Refused(answer.text(), answer.text());
        }
        TagType type = CipData.type(answer.data());
        types.put(point.row(), type);
        return CipData.decode(point, type, answer.data());
    }

    @Override
    Outcome tell(Point point, Value value) throws IOException {
        TagType type = types.get(point.row());
        if (type == null) {
            Outcome read = whole(point);
            if (read instanceof Reply.Refused) {
                return read;
            }
            type = types.get(point.row());
        }
        if (type == null) {
            throw new ProtocolException("the controller does not say which type %s has".formatted(point.name()));
        }
        Symbol symbol = (Symbol) point.variable();
        byte[] path = CipPath.tag(symbol);
        if (symbol.bit() != Symbol.WHOLE) {
            Answer answer = call(service(READ_MODIFY_WRITE_TAG, path, masks(point, type, value)));
            return answer.status() == CipStatus.SUCCESS
                    ? new Reply.Got(List.of(value))
                    : new Reply.Refused(answer.text(), answer.text());
        }
        byte[] bytes = CipData.encode(point, type, value);
        ByteBuffer data = ByteBuffer.allocate(6 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        CipData.put(type, data);
        data.putShort((short) 1).put(bytes).flip();
        Answer answer = call(service(WRITE_TAG, path, rest(data)));
        return answer.status() == CipStatus.SUCCESS
                ? CipData.decode(point, type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                : new Reply.Refused(answer.text(), answer.text());
    }

    /** PM020, Read Modify Write Tag: size of the masks, the bits to set, the bits to keep. */
    private static byte[] masks(Point point, TagType type, Value value) {
        if (!(value instanceof Value.Flag flag)) {
            throw new IllegalArgumentException(
                    "%s is a bit and cannot be %s.".formatted(point.name(), Numbers.shown(value)));
        }
        long bit = 1L << ((Symbol) point.variable()).bit();
        ByteBuffer or =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, flag.value() ? bit : 0);
        ByteBuffer and =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, flag.value() ? -1 : ~bit);
        return ByteBuffer.allocate(2 + 2 * type.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) type.size())
                .put(or.limit(type.size()))
                .put(and.limit(type.size()))
                .array();
    }

    private static byte[] readTag(Point point) {
        byte[] elements = ByteBuffer.allocate(2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) point.variable().elements())
                .array();
        return service(READ_TAG, CipPath.tag((Symbol) point.variable()), elements);
    }

    /** CIP Volume 1 §2-4.1: service, path with its length in words, data. */
    private static byte[] service(int service, byte[] path, byte[] data) {
        return ByteBuffer.allocate(2 + path.length + data.length)
                .put((byte) service)
                .put((byte) (path.length / 2))
                .put(path)
                .put(data)
                .array();
    }

    /** CIP Volume 1 §3-5.5.4: Unconnected_Send, with which a module passes a message on along the route. */
    private byte[] routed(byte[] message) {
        long ticks = Math.min(255, 1 + (config.timeout().toMillis() >> TICK));
        byte[] data = ByteBuffer.allocate(4 + message.length + message.length % 2 + 2 + route.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) TICK)
                .put((byte) ticks)
                .putShort((short) message.length)
                .put(message)
                .position(4 + message.length + message.length % 2)
                .put((byte) (route.length / 2))
                .put((byte) 0)
                .put(route)
                .array();
        return service(UNCONNECTED_SEND, CONNECTION_MANAGER, data);
    }

    private Answer call(byte[] message) throws IOException {
        byte[] sent = route.length == 0 ? message : routed(message);
        ByteBuffer data = ByteBuffer.allocate(16 + sent.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                // Interface handle: CIP; no time-out of the encapsulation; two items (Volume 2 §2-6)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) 2)
                .putShort((short) NULL_ADDRESS)
                .putShort((short) 0)
                .putShort((short) UNCONNECTED_DATA)
                .putShort((short) sent.length)
                .put(sent)
                .flip();
        ByteBuffer reply = exchange(SEND_RR_DATA, data);
        take(reply, 6);
        for (int items = reply.getShort() & 0xFFFF; items > 0; items--) {
            int type = reply.getShort() & 0xFFFF;
            ByteBuffer item = take(reply, reply.getShort() & 0xFFFF);
            if (type == UNCONNECTED_DATA) {
                return answer(item, message[0]);
            }
        }
        throw new ProtocolException("an answer without data");
    }

    /** CIP Volume 1 §2-4.2. A module on the route that cannot pass the message on answers for the service that asked it to: then nothing behind it is there. */
    private static Answer answer(ByteBuffer item, int asked) throws IOException {
        int service = item.get() & 0xFF;
        item.get();
        int status = item.get() & 0xFF;
        int words = item.get() & 0xFF;
        ByteBuffer additional = take(item, 2 * words);
        int extended = words == 0 ? 0 : additional.getShort() & 0xFFFF;
        if (service == (UNCONNECTED_SEND | REPLY) && asked != READ_TAG_FRAGMENTED) {
            throw new IOException("the route does not lead to a controller: " + CipStatus.text(status, extended));
        }
        if (service != (asked | REPLY)) {
            throw new ProtocolException("answer to service 0x%02X for 0x%02X".formatted(service, asked | REPLY));
        }
        return new Answer(status, extended, item);
    }

    /** Volume 2 §2-3: one encapsulated question and its answer. */
    private ByteBuffer exchange(int command, ByteBuffer data) throws IOException {
        context++;
        send(ByteBuffer.allocate(HEADER + data.limit())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) command)
                .putShort((short) data.limit())
                .putInt(session)
                .putInt(0)
                .putLong(context)
                .putInt(0)
                .put(data.array(), 0, data.limit()));
        ByteBuffer header = receive(HEADER);
        int answered = header.getShort() & 0xFFFF;
        int length = header.getShort() & 0xFFFF;
        int handle = header.getInt();
        int status = header.getInt();
        if (answered != command || header.getLong() != context) {
            throw new ProtocolException("not EtherNet/IP, or an answer to another question");
        }
        if (status != 0) {
            throw new IOException("encapsulation status 0x%04X %s".formatted(status, refusal(status)));
        }
        session = handle;
        return receive(length);
    }

    /** Volume 2 §2-3.4, table 2-3.3. */
    private static String refusal(int status) {
        return switch (status) {
            case 0x01 -> "INVALID_COMMAND";
            case 0x02 -> "NO_RESOURCES";
            case 0x03 -> "INCORRECT_DATA";
            case 0x64 -> "INVALID_SESSION";
            case 0x65 -> "INVALID_LENGTH";
            case 0x69 -> "UNSUPPORTED_PROTOCOL";
            default -> "UNKNOWN";
        };
    }
}
