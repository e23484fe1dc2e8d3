package io.streamforge.plc;

import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.BacnetTag.Form;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Property;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BACnet/IP (ANSI/ASHRAE 135, Annex J): confirmed services without segmentation. A datagram may be lost, so a question is asked twice within the time-out; what is
 * no answer to it is dropped.
 */
final class BacnetSession implements Session {

    /** What fits an answer of 1476 bytes, with room for texts. */
    static final int MOST_BYTES = 1200;
    /** Of an answer for one object: its identifier, a number and the status flags, with their tags. */
    static final int BYTES = 32;

    private static final int ATTEMPTS = 2;
    private static final int LONGEST_DATAGRAM = 1500;

    /** BVLC: BACnet/IP, Original-Unicast-NPDU, length (2 bytes); NPDU: version 1, an answer is expected. */
    private static final int BVLC = 0x81;

    private static final int ORIGINAL_UNICAST = 0x0A;
    private static final int ORIGINAL_BROADCAST = 0x0B;
    private static final int HEADER = 6;

    private static final int CONFIRMED_REQUEST = 0x00;
    /** No segments, answers of up to 1476 bytes (clause 20.1.2.5). */
    private static final int UP_TO_1476 = 0x05;

    private static final int READ_PROPERTY = 12;
    private static final int READ_PROPERTY_MULTIPLE = 14;
    private static final int WRITE_PROPERTY = 15;

    private static final int FAULT = 1;

    /** What the device answered. */
    private sealed interface Apdu {}

    /** @param data of the service, empty if the device only agreed */
    private record Ack(ByteBuffer data) implements Apdu {}

    /** @param unknown true if the device does not know the service */
    private record Refusal(String text, boolean unknown) implements Apdu {}

    /** A property of an answer: its value, or why there is none. */
    record Answered(@Nullable BacnetTag value, String reason) {}

    private final PlcConfig config;
    private final Pace pace;
    /** Of the properties that were read, by row. */
    private final Map<Integer, Integer> types = new HashMap<>();

    private volatile @Nullable DatagramSocket socket;
    private int invokeId;
    private boolean answered;
    private boolean first;

    /** @param pace for the requests that a read or a write makes beside its first */
    BacnetSession(PlcConfig config, Pace pace) {
        this.config = config;
        this.pace = pace;
    }

    @Override
    public void open() throws IOException {
        DatagramSocket opened = new DatagramSocket();
        socket = opened;
        opened.connect(new InetSocketAddress(InetAddress.getByName(config.host()), config.port()));
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public Reply read(List<Point> request) throws IOException, InterruptedException {
        first = true;
        try {
            Reply reply = readMultiple(request);
            answered = true;
            return reply;
        } catch (SocketTimeoutException e) {
            return new Reply.Lost("timeout: " + silence());
        } catch (BufferUnderflowException e) {
            return new Reply.Lost("protocol: the answer ends too early");
        } catch (ProtocolException e) {
            return new Reply.Lost("protocol: " + e.getMessage());
        }
    }

    /** Clause 15.7: of each object the property, and with the present value the flags that say whether it can be relied on. */
    private Reply readMultiple(List<Point> request) throws IOException, InterruptedException {
        ByteBuffer body = ByteBuffer.allocate(24 * request.size());
        for (Point point : request) {
            Property property = property(point);
            object(body, property).put((byte) 0x1E);
            reference(body, 0, property.property(), property.index());
            if (property.property() == BacnetObject.PRESENT_VALUE) {
                reference(body, 0, BacnetObject.STATUS_FLAGS, Property.WHOLE);
            }
            body.put((byte) 0x1F);
        }
        Apdu apdu = call(READ_PROPERTY_MULTIPLE, body.flip());
        if (apdu instanceof Ack ack) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Point point : request) {
                outcomes.add(outcome(point, answers(property(point), ack.data())));
            }
            return new Reply.Answer(outcomes);
        }
        Refusal refusal = (Refusal) apdu;
        if (request.size() > 1) {
            return new Reply.Failure("device: " + refusal.text());
        }
        Point point = request.get(0);
        return new Reply.Answer(
                List.of(refusal.unknown() ? readOne(point) : new Reply.Refused(refusal.text(), refusal.text())));
    }

    /** Clause 15.5, for devices that know no more. */
    private Outcome readOne(Point point) throws IOException, InterruptedException {
        Property property = property(point);
        Map<Integer, Answered> answers = new HashMap<>();
        answers.put(property.property(), single(property));
        if (property.property() == BacnetObject.PRESENT_VALUE) {
            Property flags =
                    new Property(property.type(), property.instance(), BacnetObject.STATUS_FLAGS, Property.WHOLE);
            answers.put(BacnetObject.STATUS_FLAGS, single(flags));
        }
        return outcome(point, answers);
    }

    private Answered single(Property property) throws IOException, InterruptedException {
        ByteBuffer body = object(ByteBuffer.allocate(24), property);
        reference(body, 1, property.property(), property.index());
        Apdu apdu = call(READ_PROPERTY, body.flip());
        if (apdu instanceof Refusal refusal) {
            return new Answered(null, refusal.text());
        }
        ByteBuffer data = ((Ack) apdu).data();
        while (data.hasRemaining()) {
            if (BacnetTag.next(data).is(3, Form.OPENING)) {
                return value(data, 3);
            }
        }
        throw new ProtocolException("an answer without a value");
    }

    /** One object of the answer, by its properties. */
    static Map<Integer, Answered> answers(Property asked, ByteBuffer data) throws ProtocolException {
        BacnetTag object = BacnetTag.next(data);
        if (!object.is(0, Form.PRIMITIVE)
                || object.unsigned() != identifier(asked)
                || !BacnetTag.next(data).is(1, Form.OPENING)) {
            throw new ProtocolException("the answer is for another object");
        }
        Map<Integer, Answered> answers = new HashMap<>();
        for (BacnetTag tag = BacnetTag.next(data); !tag.is(1, Form.CLOSING); tag = BacnetTag.next(data)) {
            int property = tag.unsigned();
            BacnetTag next = BacnetTag.next(data);
            if (next.is(3, Form.PRIMITIVE)) {
                next = BacnetTag.next(data);
            }
            if (next.is(4, Form.OPENING)) {
                answers.put(property, value(data, 4));
            } else if (next.is(5, Form.OPENING)) {
                int error = BacnetTag.next(data).unsigned();
                answers.put(
                        property,
                        new Answered(
                                null,
                                BacnetError.text(error, BacnetTag.next(data).unsigned())));
                BacnetTag.next(data);
            } else {
                throw new ProtocolException("a property with neither value nor error");
            }
        }
        return answers;
    }

    /** What stands before the closing tag: one value, or several, of which none is read. */
    private static Answered value(ByteBuffer data, int closing) {
        List<BacnetTag> values = new ArrayList<>();
        int depth = 0;
        for (BacnetTag tag = BacnetTag.next(data);
                depth > 0 || !tag.is(closing, Form.CLOSING);
                tag = BacnetTag.next(data)) {
            depth += tag.form() == Form.OPENING ? 1 : tag.form() == Form.CLOSING ? -1 : 0;
            values.add(tag);
        }
        return values.size() == 1
                ? new Answered(values.get(0), "")
                : new Answered(null, "value: a list of %d is not read; name an index".formatted(values.size()));
    }

    private Outcome outcome(Point point, Map<Integer, Answered> answers) {
        Answered answer = answers.get(property(point).property());
        BacnetTag value = answer == null ? null : answer.value();
        if (answer == null || value == null) {
            String reason = answer == null ? "no answer for this property" : answer.reason();
            return new Reply.Refused(reason.startsWith("value") ? "value" : reason, reason);
        }
        types.put(point.row(), value.number());
        Answered flags = answers.get(BacnetObject.STATUS_FLAGS);
        if (flags != null && flags.value() != null && flags.value().bit(FAULT)) {
            return new Reply.Refused("FAULT", "status flags: FAULT");
        }
        return value.decode(point);
    }

    @Override
    public Outcome write(Point point, Value value) throws IOException, InterruptedException {
        first = true;
        try {
            if (!types.containsKey(point.row())) {
                Outcome read = readOne(point);
                if (!types.containsKey(point.row())) {
                    return read;
                }
            }
            return writeProperty(point, value);
        } catch (SocketTimeoutException e) {
            throw new IOException(silence(), e);
        } catch (BufferUnderflowException e) {
            throw new ProtocolException("the answer ends too early");
        }
    }

    /** Clause 15.9. */
    private Outcome writeProperty(Point point, Value value) throws IOException, InterruptedException {
        Property property = property(point);
        byte[] encoded = BacnetTag.encode(point, types.getOrDefault(point.row(), 0), value);
        ByteBuffer body = object(ByteBuffer.allocate(32 + encoded.length), property);
        reference(body, 1, property.property(), property.index());
        body.put((byte) 0x3E).put(encoded).put((byte) 0x3F);
        body.put((byte) 0x49).put((byte) Integer.parseInt(config.option("writePriority")));
        Apdu apdu = call(WRITE_PROPERTY, body.flip());
        return apdu instanceof Refusal refusal
                ? new Reply.Refused(refusal.text(), refusal.text())
                : BacnetTag.next(ByteBuffer.wrap(encoded)).decode(point);
    }

    private static Property property(Point point) {
        return (Property) point.variable();
    }

    private static int identifier(Property property) {
        return property.type() << 22 | property.instance();
    }

    private static ByteBuffer object(ByteBuffer body, Property property) {
        return body.put((byte) 0x0C).putInt(identifier(property));
    }

    /** @param tag the context tag of the property, that of the index is the next */
    private static void reference(ByteBuffer body, int tag, int property, int index) {
        number(body, tag, property);
        if (index != Property.WHOLE) {
            number(body, tag + 1, index);
        }
    }

    private static void number(ByteBuffer body, int tag, int number) {
        if (number <= 0xFF) {
            body.put((byte) (tag << 4 | 0x09)).put((byte) number);
        } else if (number <= 0xFFFF) {
            body.put((byte) (tag << 4 | 0x0A)).putShort((short) number);
        } else {
            body.put((byte) (tag << 4 | 0x0C)).putInt(number);
        }
    }

    private Apdu call(int service, ByteBuffer body) throws IOException, InterruptedException {
        DatagramSocket open = open(socket);
        if (!first) {
            pace.end();
            if (!pace.begin()) {
                throw new IOException("stopped");
            }
        }
        first = false;
        invokeId = invokeId + 1 & 0xFF;
        int length = HEADER + 4 + body.remaining();
        byte[] frame = ByteBuffer.allocate(length)
                .put((byte) BVLC)
                .put((byte) ORIGINAL_UNICAST)
                .putShort((short) length)
                .put((byte) 1)
                .put((byte) 4)
                .put((byte) CONFIRMED_REQUEST)
                .put((byte) UP_TO_1476)
                .put((byte) invokeId)
                .put((byte) service)
                .put(body)
                .array();
        // A write that was carried out is carried out once more with the same value, if only the answer was lost.
        for (int attempt = 1; ; attempt++) {
            open.send(new DatagramPacket(frame, frame.length));
            long deadline = System.nanoTime() + config.timeout().toNanos() / ATTEMPTS;
            try {
                while (true) {
                    Apdu apdu = apdu(receive(open, deadline), service);
                    if (apdu != null) {
                        return apdu;
                    }
                }
            } catch (SocketTimeoutException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static DatagramSocket open(@Nullable DatagramSocket socket) throws IOException {
        if (socket == null) {
            throw new IOException("not connected");
        }
        return socket;
    }

    private static ByteBuffer receive(DatagramSocket socket, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout((int) left);
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST_DATAGRAM], LONGEST_DATAGRAM);
        socket.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
    }

    /** Null if this is no answer to the last question. */
    private @Nullable Apdu apdu(ByteBuffer frame, int service) {
        try {
            int type = frame.get() & 0xFF;
            int function = frame.get();
            int length = frame.getShort() & 0xFFFF;
            if (type != BVLC
                    || function != ORIGINAL_UNICAST && function != ORIGINAL_BROADCAST
                    || length != frame.limit()) {
                return null;
            }
            int version = frame.get();
            int control = frame.get();
            // No message of the network layer, no router in between (clause 6.2.2).
            if (version != 1 || (control & 0xA8) != 0) {
                return null;
            }
            int pdu = frame.get() & 0xFF;
            if ((frame.get() & 0xFF) != invokeId) {
                return null;
            }
            return switch (pdu >> 4) {
                case 2 -> frame.get() == service ? new Ack(frame) : null;
                case 3 ->
                    (pdu & 8) != 0
                            ? new Refusal("a segmented answer", false)
                            : frame.get() == service ? new Ack(frame) : null;
                case 5 -> frame.get() == service ? error(frame) : null;
                case 6 -> reject(frame.get() & 0xFF);
                case 7 -> new Refusal(BacnetError.abort(frame.get() & 0xFF), false);
                default -> null;
            };
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static Refusal error(ByteBuffer frame) {
        int group = BacnetTag.next(frame).unsigned();
        return new Refusal(BacnetError.text(group, BacnetTag.next(frame).unsigned()), group == BacnetError.SERVICES);
    }

    private static Refusal reject(int reason) {
        return new Refusal(BacnetError.reject(reason), reason == BacnetError.UNRECOGNIZED_SERVICE);
    }

    private String silence() {
        return "no answer within %d ms".formatted(config.timeout().toMillis());
    }

    @Override
    public void close() {
        DatagramSocket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
