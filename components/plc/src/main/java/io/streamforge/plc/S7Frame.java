package io.streamforge.plc;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.util.Set;

/** One packet of ISO on TCP (RFC 1006): where it ends, and what must be put right in it before the driver sees it. */
final class S7Frame {

    /** Version 3, a reserved byte, two bytes for the length of the whole. */
    static final int HEADER = 4;

    private static final int VERSION = 3;
    /** With the shortest that ISO 8073 has in it. */
    private static final int SHORTEST = 7;

    private static final int S7_PROTOCOL = 0x32;
    private static final int ACK_DATA = 3;
    private static final int READ_VAR = 4;
    private static final int SUCCESS = 0xFF;

    /** Of a data item: return code, transport size, two bytes for the length. */
    private static final int ITEM_HEADER = 4;

    /** The transport sizes whose length counts bits: BIT, BYTE/WORD/DWORD, INTEGER. */
    private static final Set<Integer> IN_BITS = Set.of(3, 4, 5);

    private S7Frame() {}

    /** How long the packet is that begins here. */
    static int size(ByteBuf bytes) {
        int length = bytes.getUnsignedShort(bytes.readerIndex() + 2);
        int version = bytes.getUnsignedByte(bytes.readerIndex());
        if (version != VERSION || length < SHORTEST) {
            throw new CorruptedFrameException(
                    "the answer is not ISO on TCP: version %d, length %d".formatted(version, length));
        }
        return length;
    }

    /**
     * An item of an answer that is an error has no data, but some PLCs state a length for it. The driver believes that length and then reads all further
     * items from the wrong place; so it is set to 0.
     *
     * @param frame one whole TPKT packet, changed in place
     */
    static void clearLengthsOfErrors(byte[] frame) {
        ByteBuffer data = ByteBuffer.wrap(frame);
        int s7 = HEADER + 1 + (frame.length > HEADER ? frame[HEADER] & 0xFF : 0);
        // protocol, message type, 2 bytes reserved, 2 reference, 2 length of parameters, 2 of data, error class and
        // code; function and number of items
        int parameters = s7 + 12;
        if (frame.length < parameters + 2
                || (frame[s7] & 0xFF) != S7_PROTOCOL
                || frame[s7 + 1] != ACK_DATA
                || frame[parameters] != READ_VAR) {
            return;
        }
        int at = parameters + data.getShort(s7 + 6);
        for (int i = frame[parameters + 1] & 0xFF; i > 0 && at >= 0 && at + ITEM_HEADER <= frame.length; i--) {
            if ((frame[at] & 0xFF) != SUCCESS) {
                data.putShort(at + 2, (short) 0);
                at += ITEM_HEADER;
            } else {
                int length = data.getShort(at + 2) & 0xFFFF;
                int bytes = IN_BITS.contains((int) frame[at + 1]) ? (length + 7) / 8 : length;
                at += ITEM_HEADER + bytes + bytes % 2;
            }
        }
    }
}
