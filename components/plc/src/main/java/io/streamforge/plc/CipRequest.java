package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.CipData.TagType;
import io.streamforge.plc.Variable.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Requests for services of a controller's tags, as they go over the wire (CIP Networks Library Volume 1; Rockwell publication 1756-PM020). */
final class CipRequest {

    private static final int MULTIPLE_SERVICE = 0x0A;
    static final int READ_TAG = 0x4C;
    private static final int WRITE_TAG = 0x4D;
    private static final int READ_MODIFY_WRITE_TAG = 0x4E;
    static final int READ_TAG_FRAGMENTED = 0x52;
    static final int UNCONNECTED_SEND = 0x52;

    private static final byte[] MESSAGE_ROUTER = {0x20, 0x02, 0x24, 0x01};
    static final byte[] CONNECTION_MANAGER = {0x20, 0x06, 0x24, 0x01};

    private CipRequest() {}

    /** CIP Volume 1, Appendix: how many, where each begins as counted from here, then the requests. */
    static byte[] packet(List<Point> request) {
        List<byte[]> services = request.stream().map(CipRequest::readTag).toList();
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

    static byte[] readTag(Point point) {
        byte[] elements = ByteBuffer.allocate(2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) point.variable().elements())
                .array();
        return service(READ_TAG, CipPath.tag((Symbol) point.variable()), elements);
    }

    /** The rest of a tag that is larger than an answer, from this byte on. */
    static byte[] readFragment(Point point, int offset) {
        byte[] asked = ByteBuffer.allocate(6)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) point.variable().elements())
                .putInt(offset)
                .array();
        return service(READ_TAG_FRAGMENTED, CipPath.tag((Symbol) point.variable()), asked);
    }

    /** @param element as the controller holds it */
    static byte[] writeTag(Point point, TagType type, byte[] element) {
        ByteBuffer data = ByteBuffer.allocate(6 + element.length).order(ByteOrder.LITTLE_ENDIAN);
        CipData.put(type, data);
        data.putShort((short) 1).put(element).flip();
        byte[] written = new byte[data.remaining()];
        data.get(written);
        return service(WRITE_TAG, CipPath.tag((Symbol) point.variable()), written);
    }

    static byte[] modifyBit(Point point, TagType type, Value value) {
        return service(READ_MODIFY_WRITE_TAG, CipPath.tag((Symbol) point.variable()), masks(point, type, value));
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

    /** CIP Volume 1 §2-4.1: service, path with its length in words, data. */
    static byte[] service(int service, byte[] path, byte[] data) {
        return ByteBuffer.allocate(2 + path.length + data.length)
                .put((byte) service)
                .put((byte) (path.length / 2))
                .put(path)
                .put(data)
                .array();
    }
}
