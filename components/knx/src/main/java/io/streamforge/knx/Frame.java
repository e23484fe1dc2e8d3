package io.streamforge.knx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame of KNXnet/IP, one datagram (KNX Standard 03_08_02 Core): header of six bytes with service and total length, big endian, and a body.
 *
 * @param service what it is
 * @param body read from its beginning
 */
record Frame(int service, ByteBuffer body) {

    static final int CONNECT_REQUEST = 0x0205;
    static final int CONNECT_RESPONSE = 0x0206;
    static final int CONNECTIONSTATE_REQUEST = 0x0207;
    static final int CONNECTIONSTATE_RESPONSE = 0x0208;
    static final int DISCONNECT_REQUEST = 0x0209;
    static final int DISCONNECT_RESPONSE = 0x020A;
    static final int TUNNELLING_REQUEST = 0x0420;
    static final int TUNNELLING_ACK = 0x0421;

    private static final int HEADER = 6;
    private static final int VERSION = 0x10;

    /** Null if it is none. */
    static @Nullable Frame decode(ByteBuffer datagram) {
        if (datagram.remaining() < HEADER || datagram.get() != HEADER || datagram.get() != VERSION) {
            return null;
        }
        int service = datagram.getShort() & 0xFFFF;
        return (datagram.getShort() & 0xFFFF) == datagram.limit() ? new Frame(service, datagram.slice()) : null;
    }

    /** @param parts of the body */
    static ByteBuffer encode(int service, byte[]... parts) {
        int length = HEADER + Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer datagram = ByteBuffer.allocate(length)
                .put((byte) HEADER)
                .put((byte) VERSION)
                .putShort((short) service)
                .putShort((short) length);
        for (byte[] part : parts) {
            datagram.put(part);
        }
        return datagram.flip();
    }

    /** Whether it goes to where telegrams go, and not to where a connection is looked after. */
    static boolean isData(int service) {
        return service == TUNNELLING_REQUEST || service == TUNNELLING_ACK;
    }
}
