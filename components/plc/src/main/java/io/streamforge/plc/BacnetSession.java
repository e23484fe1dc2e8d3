package io.streamforge.plc;

import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.BacnetBody.Answered;
import io.streamforge.plc.BacnetLink.Ack;
import io.streamforge.plc.BacnetLink.Apdu;
import io.streamforge.plc.BacnetLink.Refusal;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Property;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes properties of a BACnet device's objects: ReadPropertyMultiple, ReadProperty and WriteProperty (ANSI/ASHRAE 135, clauses 15.5, 15.7 and 15.9). */
final class BacnetSession implements Catalogue {

    /** What fits an answer of 1476 bytes, with room for texts. */
    static final int MOST_BYTES = 1200;
    /** Of an answer for one object: its identifier, a number and the status flags, with their tags. */
    static final int BYTES = 32;

    private static final int READ_PROPERTY = 12;
    private static final int READ_PROPERTY_MULTIPLE = 14;
    private static final int WRITE_PROPERTY = 15;

    private static final int FAULT = 1;

    /** Objects in a request for names, which may be long. */
    private static final int NAMED_AT_ONCE = 10;

    private final PlcConfig config;
    private final BacnetLink link;
    /** Of the properties that were read, by row. */
    private final Map<Integer, Integer> types = new HashMap<>();

    private boolean answered;

    /** @param pace for the requests that a read or a write makes beside its first */
    BacnetSession(PlcConfig config, Pace pace) {
        this.config = config;
        this.link = new BacnetLink(config, pace);
    }

    @Override
    public void open() throws IOException {
        link.open();
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public Reply read(List<Point> request) throws IOException, InterruptedException {
        link.begin();
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
            BacnetBody.object(body, property).put((byte) 0x1E);
            BacnetBody.reference(body, 0, property.property(), property.index());
            if (property.property() == BacnetObject.PRESENT_VALUE) {
                BacnetBody.reference(body, 0, BacnetObject.STATUS_FLAGS, Property.WHOLE);
            }
            body.put((byte) 0x1F);
        }
        Apdu apdu = link.call(READ_PROPERTY_MULTIPLE, body.flip());
        if (apdu instanceof Ack ack) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Point point : request) {
                outcomes.add(outcome(point, BacnetBody.answers(property(point), ack.data())));
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
        Apdu apdu = readProperty(property);
        return apdu instanceof Refusal refusal
                ? new Answered(null, refusal.text())
                : BacnetBody.value(BacnetBody.values(((Ack) apdu).data()));
    }

    private Apdu readProperty(Property property) throws IOException, InterruptedException {
        ByteBuffer body = BacnetBody.object(ByteBuffer.allocate(24), property);
        BacnetBody.reference(body, 1, property.property(), property.index());
        return link.call(READ_PROPERTY, body.flip());
    }

    /** Flat: a device has objects, and nothing around them. Those of the page are asked for their names. */
    @Override
    public Page list(List<String> place, int from, int limit) throws IOException, InterruptedException {
        link.begin();
        if (!place.isEmpty()) {
            throw new IOException("a device has no branches; its objects are at the top");
        }
        List<Property> objects = new ArrayList<>();
        int all = objects(from, limit, objects);
        List<Node> nodes = new ArrayList<>();
        for (int done = 0; done < objects.size(); done += NAMED_AT_ONCE) {
            nodes.addAll(nodes(objects.subList(done, Math.min(objects.size(), done + NAMED_AT_ONCE))));
        }
        return new Page(nodes, from + objects.size() < all);
    }

    /**
     * The object list of the device, whichever it is (clause 15.5: the wildcard instance); by its indexes if an answer cannot hold all of it.
     *
     * @return how many it has
     */
    private int objects(int from, int limit, List<Property> objects) throws IOException, InterruptedException {
        Apdu list = readProperty(BacnetObject.list(Property.WHOLE));
        if (list instanceof Ack ack) {
            List<BacnetTag> all = BacnetBody.values(ack.data());
            int end = Math.min(all.size(), from + limit);
            all.subList(Math.min(from, end), end).forEach(object -> objects.add(BacnetObject.of(object.unsigned())));
            return all.size();
        }
        Answered count = single(BacnetObject.list(0));
        if (count.value() == null) {
            throw new IOException("the object list is not read: " + count.reason());
        }
        int all = count.value().unsigned();
        for (int index = from + 1; index <= Math.min(all, from + limit); index++) {
            Answered object = single(BacnetObject.list(index));
            if (object.value() == null) {
                throw new IOException("object %d of the list is not read: %s".formatted(index, object.reason()));
            }
            objects.add(BacnetObject.of(object.value().unsigned()));
        }
        return all;
    }

    /** With one request; each by itself if the device knows no such request, or has longer names than an answer holds. */
    private List<Node> nodes(List<Property> objects) throws IOException, InterruptedException {
        ByteBuffer body = ByteBuffer.allocate(24 * objects.size());
        for (Property object : objects) {
            BacnetBody.object(body, object).put((byte) 0x1E);
            BacnetBody.reference(body, 0, BacnetObject.OBJECT_NAME, Property.WHOLE);
            BacnetBody.reference(body, 0, BacnetObject.PRESENT_VALUE, Property.WHOLE);
            body.put((byte) 0x1F);
        }
        Apdu apdu = link.call(READ_PROPERTY_MULTIPLE, body.flip());
        List<Node> nodes = new ArrayList<>();
        for (Property object : objects) {
            Map<Integer, Answered> answers = apdu instanceof Ack ack
                    ? BacnetBody.answers(object, ack.data())
                    : Map.of(
                            BacnetObject.OBJECT_NAME,
                            single(BacnetObject.property(object, BacnetObject.OBJECT_NAME)),
                            BacnetObject.PRESENT_VALUE,
                            single(object));
            nodes.add(BacnetObject.node(
                    object, answers.get(BacnetObject.OBJECT_NAME), answers.get(BacnetObject.PRESENT_VALUE)));
        }
        return nodes;
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
        link.begin();
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
        ByteBuffer body = BacnetBody.object(ByteBuffer.allocate(32 + encoded.length), property);
        BacnetBody.reference(body, 1, property.property(), property.index());
        body.put((byte) 0x3E).put(encoded).put((byte) 0x3F);
        body.put((byte) 0x49).put((byte) Integer.parseInt(config.option("writePriority")));
        Apdu apdu = link.call(WRITE_PROPERTY, body.flip());
        return apdu instanceof Refusal refusal
                ? new Reply.Refused(refusal.text(), refusal.text())
                : BacnetTag.next(ByteBuffer.wrap(encoded)).decode(point);
    }

    private static Property property(Point point) {
        return (Property) point.variable();
    }

    private String silence() {
        return "no answer within %d ms".formatted(config.timeout().toMillis());
    }

    @Override
    public void close() {
        link.close();
    }
}
