package io.streamforge.plc;

import io.streamforge.adapter.Pace;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** AMS/TCP (Beckhoff, "ADS/AMS specification"): questions to a port behind a router, and their answers. */
abstract class AmsSession extends SocketSession {

    /** AMS/TCP: reserved (2 bytes), length (4). */
    private static final int TCP_HEADER = 6;
    /** Target and source (6 + 2 bytes each), command, state (2 each), length, error, invoke id (4 each). */
    private static final int AMS_HEADER = 32;

    private static final int LONGEST = 1 << 20;
    private static final int REQUEST = 0x0004;
    private static final int RESPONSE = 0x0005;
    /** Any port above those of Beckhoff's own servers. */
    private static final int SOURCE_PORT = 32_905;

    private final byte[] target;
    private final byte[] source;
    private final short targetPort;
    private int invokeId;
    private int longest = LONGEST;

    AmsSession(PlcConfig config, Pace pace) {
        super(config, pace);
        this.target = netId("targetNetId", config.option("targetNetId"));
        this.source = netId("sourceNetId", config.option("sourceNetId"));
        this.targetPort = (short) Integer.parseInt(config.option("targetPort"));
    }

    /** The six bytes of an AMS Net Id. */
    static byte[] netId(String option, String text) {
        String[] parts = text.split("\\.", -1);
        ByteBuffer bytes = ByteBuffer.allocate(6);
        for (String part : parts) {
            if (parts.length != 6 || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                throw new IllegalArgumentException(
                        "%s must be six numbers from 0 to 255 such as 5.23.100.7.1.1, got '%s'"
                                .formatted(option, text));
            }
            bytes.put((byte) Integer.parseInt(part));
        }
        return bytes.array();
    }

    /** From now on an answer may be so many bytes longer. */
    final void expect(int bytes) {
        longest = LONGEST + bytes;
    }

    /**
     * The data of the answer.
     *
     * @throws ProtocolException if it is none to this question
     */
    final ByteBuffer exchange(int command, ByteBuffer data) throws IOException {
        send(frame(command, data));
        ByteBuffer tcp = receive(TCP_HEADER);
        int reserved = tcp.getShort();
        int length = tcp.getInt();
        if (reserved != 0 || length < AMS_HEADER || length > longest) {
            throw new ProtocolException(
                    "the answer is not AMS/TCP: reserved %d, length %d".formatted(reserved, length));
        }
        ByteBuffer answer = receive(length);
        take(answer, 16);
        int answered = answer.getShort();
        int state = answer.getShort();
        int size = answer.getInt();
        int error = answer.getInt();
        if (answered != command || state != RESPONSE || answer.getInt() != invokeId || size != answer.remaining()) {
            throw new ProtocolException("not ADS, or an answer to another question");
        }
        if (error != AdsStatus.OK) {
            throw new IOException("the router answers " + AdsStatus.text(error));
        }
        return answer;
    }

    /** A question of its own; {@link #exchange} waits for the answer. */
    final ByteBuffer frame(int command, ByteBuffer data) {
        invokeId++;
        return little(TCP_HEADER + AMS_HEADER + data.capacity())
                .putShort((short) 0)
                .putInt(AMS_HEADER + data.capacity())
                .put(target)
                .putShort(targetPort)
                .put(source)
                .putShort((short) SOURCE_PORT)
                .putShort((short) command)
                .putShort((short) REQUEST)
                .putInt(data.capacity())
                .putInt(0)
                .putInt(invokeId)
                .put(data.array());
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
