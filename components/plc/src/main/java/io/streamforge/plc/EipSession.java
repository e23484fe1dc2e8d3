package io.streamforge.plc;

import io.streamforge.adapter.Browser.Page;
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

    /** What an unconnected message may hold (PM020: 504 bytes), less the packet and the route around the requests. */
    static final int MOST_BYTES = 440;

    /** Of what is sent and comes back for one tag besides its name and its value. */
    private static final int PER_TAG = 12;

    /** CIP Volume 1 §3-5.5.2.3: ticks of 2^8 ms. */
    private static final int TICK = 8;

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
        CipAnswer packet = call(CipRequest.packet(request));
        if (packet.status() != CipStatus.SUCCESS && packet.status() != CipStatus.EMBEDDED_SERVICE_ERROR) {
            return new Reply.Failure("driver: " + packet.text());
        }
        List<CipAnswer> answers = CipAnswer.packet(packet.data(), request.size());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < request.size(); i++) {
            CipAnswer answer = answers.get(i);
            outcomes.add(answer.whole() ? outcome(request.get(i), answer) : whole(request.get(i)));
        }
        return new Reply.Answer(outcomes);
    }

    /** Reads a tag by itself, in fragments if it is larger than an answer. */
    private Outcome whole(Point point) throws IOException {
        CipAnswer first = call(CipRequest.readTag(point));
        if (first.whole() || first.data().remaining() == 0) {
            return outcome(point, first);
        }
        TagType type = CipData.type(first.data());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        CipAnswer last = first;
        data.writeBytes(rest(first.data()));
        while (last.status() == CipStatus.PARTIAL_TRANSFER
                && data.size() < type.size() * point.variable().elements()) {
            last = call(CipRequest.readFragment(point, data.size()));
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

    private Outcome outcome(Point point, CipAnswer answer) {
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
        if (((Symbol) point.variable()).bit() != Symbol.WHOLE) {
            CipAnswer answer = call(CipRequest.modifyBit(point, type, value));
            return answer.status() == CipStatus.SUCCESS
                    ? new Reply.Got(List.of(value))
                    : new Reply.Refused(answer.text(), answer.text());
        }
        byte[] bytes = CipData.encode(point, type, value);
        CipAnswer answer = call(CipRequest.writeTag(point, type, bytes));
        return answer.status() == CipStatus.SUCCESS
                ? CipData.decode(point, type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                : new Reply.Refused(answer.text(), answer.text());
    }

    @Override
    public Page list(List<String> place, int from, int limit) throws IOException {
        LogixTags tags = new LogixTags(this::call);
        return Named.page(tags::controller, place, from, limit);
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
        return CipRequest.service(CipRequest.UNCONNECTED_SEND, CipRequest.CONNECTION_MANAGER, data);
    }

    private CipAnswer call(byte[] message) throws IOException {
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
                return CipAnswer.of(item, message[0]);
            }
        }
        throw new ProtocolException("an answer without data");
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
