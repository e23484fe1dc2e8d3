package io.streamforge.plc;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a service of a controller answered (CIP Volume 1 §2-4.2).
 *
 * @param extended 0 if there is none
 * @param data low byte first
 */
record CipAnswer(int status, int extended, ByteBuffer data) {

    private static final int REPLY = 0x80;

    boolean whole() {
        return status != CipStatus.PARTIAL_TRANSFER && status != CipStatus.REPLY_DATA_TOO_LARGE;
    }

    String text() {
        return CipStatus.text(status, extended);
    }

    /** Of a packet of requests to read, in their order. */
    static List<CipAnswer> packet(ByteBuffer data, int expected) throws IOException {
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
        List<CipAnswer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (start + offsets[i] != data.position()) {
                throw new ProtocolException("the answers of a packet do not follow one another");
            }
            answers.add(of(SocketSession.take(data, offsets[i + 1] - offsets[i]), CipRequest.READ_TAG));
        }
        return answers;
    }

    /** CIP Volume 1 §2-4.2. A module on the route that cannot pass the message on answers for the service that asked it to: then nothing behind it is there. */
    static CipAnswer of(ByteBuffer item, int asked) throws IOException {
        int service = item.get() & 0xFF;
        item.get();
        int status = item.get() & 0xFF;
        int words = item.get() & 0xFF;
        ByteBuffer additional = SocketSession.take(item, 2 * words);
        int extended = words == 0 ? 0 : additional.getShort() & 0xFFFF;
        if (service == (CipRequest.UNCONNECTED_SEND | REPLY) && asked != CipRequest.READ_TAG_FRAGMENTED) {
            throw new IOException("the route does not lead to a controller: " + CipStatus.text(status, extended));
        }
        if (service != (asked | REPLY)) {
            throw new ProtocolException("answer to service 0x%02X for 0x%02X".formatted(service, asked | REPLY));
        }
        return new CipAnswer(status, extended, item);
    }
}
