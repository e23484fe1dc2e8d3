package io.streamforge.plc;

import io.streamforge.plc.BacnetTag.Form;
import io.streamforge.plc.Variable.Property;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What requests and answers about properties are made of (ANSI/ASHRAE 135, clauses 15.5, 15.7 and 15.9): objects, references to their properties, and values. */
final class BacnetBody {

    /** A property of an answer: its value, or why there is none. */
    record Answered(@Nullable BacnetTag value, String reason) {}

    private BacnetBody() {}

    /** Of the answer for one property. */
    static List<BacnetTag> values(ByteBuffer data) throws ProtocolException {
        while (data.hasRemaining()) {
            if (BacnetTag.next(data).is(3, Form.OPENING)) {
                return values(data, 3);
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
                answers.put(property, value(values(data, 4)));
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

    /** What stands before the closing tag. */
    private static List<BacnetTag> values(ByteBuffer data, int closing) {
        List<BacnetTag> values = new ArrayList<>();
        int depth = 0;
        for (BacnetTag tag = BacnetTag.next(data);
                depth > 0 || !tag.is(closing, Form.CLOSING);
                tag = BacnetTag.next(data)) {
            depth += tag.form() == Form.OPENING ? 1 : tag.form() == Form.CLOSING ? -1 : 0;
            values.add(tag);
        }
        return values;
    }

    /** Of several none is read. */
    static Answered value(List<BacnetTag> values) {
        return values.size() == 1
                ? new Answered(values.get(0), "")
                : new Answered(null, "value: a list of %d is not read; name an index".formatted(values.size()));
    }

    private static int identifier(Property property) {
        return property.type() << 22 | property.instance();
    }

    /** Which object it is about, behind the context tag 0. */
    static ByteBuffer object(ByteBuffer body, Property property) {
        return body.put((byte) 0x0C).putInt(identifier(property));
    }

    /**
     * Which of its properties.
     *
     * @param tag the context tag of the property, that of the index is the next
     * @param index or {@link Property#WHOLE}
     */
    static void reference(ByteBuffer body, int tag, int property, int index) {
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
}
