package io.streamforge.plc;

import io.streamforge.adapter.Pace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * BACnet/IP (ANSI/ASHRAE 135, Annex J): confirmed services without segmentation. A datagram may be lost, so a question is asked twice within the time-out; what is
 * no answer to it is dropped.
 */
final class BacnetLink implements Closeable {

    private static final int ATTEMPTS = 2;
    private static final int LONGEST_DATAGRAM = 1500;

    /** More than a socket holds. */
    private static final int MOST_HELD = 1000;

    /** BVLC: BACnet/IP, Original-Unicast-NPDU, length (2 bytes); NPDU: version 1, an answer is expected. */
    private static final int BVLC = 0x81;

    private static final int ORIGINAL_UNICAST = 0x0A;
    private static final int ORIGINAL_BROADCAST = 0x0B;
    private static final int HEADER = 6;

    private static final int CONFIRMED_REQUEST = 0x00;
    /** No segments, answers of up to 1476 bytes (clause 20.1.2.5). */
    private static final int UP_TO_1476 = 0x05;

    /** What the device answered. */
    sealed interface Apdu {}

    /** @param data of the service, empty if the device only agreed */
    record Ack(ByteBuffer data) implements Apdu {}

    /** @param unknown true if the device does not know the service */
    record Refusal(String text, boolean unknown) implements Apdu {}

    private final PlcConfig config;
    private final Pace pace;

    private volatile @Nullable DatagramSocket socket;
    private int invokeId;
    private boolean first;

    /** @param pace for the requests that a read or a write makes beside its first */
    BacnetLink(PlcConfig config, Pace pace) {
        this.config = config;
        this.pace = pace;
    }

    void open() throws IOException {
        DatagramSocket opened = new DatagramSocket();
        socket = opened;
        opened.connect(new InetSocketAddress(InetAddress.getByName(config.host()), config.port()));
    }

    /** The next question is the first of a read or a write. */
    void begin() {
        first = true;
    }

    /**
     * Asks once more if need be, and waits for the answer.
     *
     * @param service a confirmed one
     * @throws SocketTimeoutException if there was none in time
     */
    Apdu call(int service, ByteBuffer body) throws IOException, InterruptedException {
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
                return answer(open, deadline, service);
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

    /** What is there has come in time, however late this thread is; who sends without a pause is not listened to for ever. */
    private Apdu answer(DatagramSocket socket, long deadline, int service) throws IOException {
        for (int held = 0; held < MOST_HELD; ) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            held += left > 0 ? 0 : 1;
            socket.setSoTimeout((int) Math.max(1, left));
            Apdu apdu = apdu(receive(socket), service);
            if (apdu != null) {
                return apdu;
            }
        }
        throw new SocketTimeoutException();
    }

    private static ByteBuffer receive(DatagramSocket socket) throws IOException {
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

    @Override
    public void close() {
        DatagramSocket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
