package io.streamforge.knx;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A telegram about a group's value, as a tunnel carries it: a cEMI L_Data message (KNX Standard 03_06_03 EMI and IMI) whose application service (03_03_07 Application Layer)
 * reads, answers or writes.
 *
 * @param message what the interface says by it
 * @param payload none of a read
 */
record Telegram(Message message, GroupAddress group, Service service, Payload payload) {

    /** What became of it. */
    enum Message {
        /** To be sent. */
        REQUEST,
        /** Somebody else's, from the bus. */
        INDICATION,
        /** Our own, which is on the bus. */
        CONFIRMED,
        /** Our own, which the bus did not take. */
        REFUSED,
        /** Our own, of which the interface said no more. */
        UNCONFIRMED
    }

    /** The services of group objects. */
    enum Service {
        READ,
        RESPONSE,
        WRITE
    }

    private static final int L_DATA_REQ = 0x11;
    private static final int L_DATA_IND = 0x29;
    private static final int L_DATA_CON = 0x2E;

    /** Standard frame, repetitions as the medium has them, no system broadcast, low priority. */
    private static final int CONTROL_1 = 0xBC;

    /** To a group, six hops. */
    private static final int CONTROL_2 = 0xE0;

    private static final int GROUP = 0x80;
    private static final int NOT_CONFIRMED = 0x01;
    private static final int LOW_BITS = 0x3F;
    private static final Payload NOTHING = Payload.ofBits(0);

    static Telegram read(GroupAddress group) {
        return new Telegram(Message.REQUEST, group, Service.READ, NOTHING);
    }

    static Telegram write(GroupAddress group, Payload payload) {
        return new Telegram(Message.REQUEST, group, Service.WRITE, payload);
    }

    Telegram as(Message other) {
        return new Telegram(other, group, service, payload);
    }

    /** Whether that is what the interface says of this one. */
    boolean isAnsweredBy(Telegram confirmation) {
        return group.equals(confirmation.group) && service == confirmation.service;
    }

    /**
     * Reads what a tunnelling request carries, big endian.
     *
     * @return null if it is about something else than a group's value
     * @throws BufferUnderflowException if it ends too early
     */
    static @Nullable Telegram decode(ByteBuffer cemi) {
        int code = cemi.get() & 0xFF;
        int more = cemi.get() & 0xFF;
        if (more > cemi.remaining()) {
            throw new BufferUnderflowException();
        }
        cemi.position(cemi.position() + more);
        int control = cemi.get() & 0xFF;
        boolean toGroup = (cemi.get() & GROUP) != 0;
        cemi.getShort();
        int destination = cemi.getShort() & 0xFFFF;
        int length = cemi.get() & 0xFF;
        Message message =
                switch (code) {
                    case L_DATA_IND -> Message.INDICATION;
                    case L_DATA_CON -> (control & NOT_CONFIRMED) == 0 ? Message.CONFIRMED : Message.REFUSED;
                    default -> null;
                };
        if (message == null || !toGroup || destination == 0 || length == 0) {
            return null;
        }
        int application = cemi.getShort() & 0xFFFF;
        if (cemi.remaining() < length - 1) {
            throw new BufferUnderflowException();
        }
        Service service =
                switch (application & ~LOW_BITS) {
                    case 0x000 -> Service.READ;
                    case 0x040 -> Service.RESPONSE;
                    case 0x080 -> Service.WRITE;
                    default -> null;
                };
        if (service == null) {
            return null;
        }
        byte[] bytes = new byte[length - 1];
        cemi.get(bytes);
        Payload payload = bytes.length == 0 ? Payload.ofBits(application & LOW_BITS) : Payload.ofBytes(bytes);
        return new Telegram(message, new GroupAddress(destination), service, payload);
    }

    /** As L_Data.req; the interface puts its own address in as the source. */
    byte[] encode() {
        byte[] bytes = payload.bytes();
        int behind = payload.bits() ? 0 : bytes.length;
        int application =
                switch (service) {
                    case READ -> 0x000;
                    case RESPONSE -> 0x040;
                    case WRITE -> 0x080;
                };
        ByteBuffer cemi = ByteBuffer.allocate(11 + behind)
                .put((byte) L_DATA_REQ)
                .put((byte) 0)
                .put((byte) CONTROL_1)
                .put((byte) CONTROL_2)
                .putShort((short) 0)
                .putShort((short) group.raw())
                .put((byte) (1 + behind))
                .putShort((short) (application | (payload.bits() ? bytes[0] : 0)));
        return payload.bits() ? cemi.array() : cemi.put(bytes).array();
    }
}
