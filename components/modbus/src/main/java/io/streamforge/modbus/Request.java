package io.streamforge.modbus;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * One request to a unit and how its answer must look (Modbus Application Protocol V1.1b3 §6), the same on every kind of line.
 *
 * @param function the function code
 * @param body what follows it, at most 252 bytes
 * @param answer the data bytes of the answer: after a byte that counts them, or, where {@code echo}, the first ones of the body again
 * @param echo whether the answer repeats the request, as that to a write does
 */
record Request(int function, ByteBuffer body, int answer, boolean echo) {

    static final int WRITE_COIL = 0x05;
    static final int WRITE_REGISTER = 0x06;
    static final int WRITE_COILS = 0x0F;
    static final int WRITE_REGISTERS = 0x10;
    static final int MASK_WRITE_REGISTER = 0x16;

    /** Most registers that one request writes (§6.12: 0x7B). */
    static final int MAX_WRITTEN_REGISTERS = 123;

    private static final int REFUSED = 0x80;

    /** §6.1–6.4. */
    static Request read(Area area, int start, int quantity) {
        return new Request(
                area.function(), words(start, quantity), area.bits() ? (quantity + 7) / 8 : quantity * 2, false);
    }

    /** §6.5. */
    static Request writeCoil(int address, boolean on) {
        return new Request(WRITE_COIL, words(address, on ? 0xFF00 : 0), 4, true);
    }

    /** §6.6. */
    static Request writeRegister(int address, short register) {
        return new Request(WRITE_REGISTER, words(address, register), 4, true);
    }

    /** §6.11, for one coil: of use for devices that do not know {@link #writeCoil}. */
    static Request writeCoils(int address, boolean on) {
        ByteBuffer body = ByteBuffer.allocate(6)
                .putShort((short) address)
                .putShort((short) 1)
                .put((byte) 1)
                .put((byte) (on ? 1 : 0))
                .flip();
        return new Request(WRITE_COILS, body, 4, true);
    }

    /**
     * §6.12.
     *
     * @param registers big-endian, at most {@value #MAX_WRITTEN_REGISTERS} of them
     */
    static Request writeRegisters(int address, ByteBuffer registers) {
        int bytes = registers.remaining();
        ByteBuffer body = ByteBuffer.allocate(5 + bytes)
                .putShort((short) address)
                .putShort((short) (bytes / 2))
                .put((byte) bytes)
                .put(registers.duplicate())
                .flip();
        return new Request(WRITE_REGISTERS, body, 4, true);
    }

    /** §6.16: sets or clears one bit of a register and leaves the others as they are. */
    static Request writeBit(int address, int bit, boolean on) {
        int mask = 1 << bit;
        ByteBuffer body = ByteBuffer.allocate(6)
                .putShort((short) address)
                .putShort((short) ~mask)
                .putShort((short) (on ? mask : 0))
                .flip();
        return new Request(MASK_WRITE_REGISTER, body, 6, true);
    }

    private static ByteBuffer words(int first, int second) {
        return ByteBuffer.allocate(4)
                .putShort((short) first)
                .putShort((short) second)
                .flip();
    }

    /** Appends function and body. */
    void putInto(ByteBuffer frame) {
        frame.put((byte) function).put(body.duplicate());
    }

    /** Function and body, in bytes. */
    int length() {
        return 1 + body.remaining();
    }

    /** Function and data of an answer that is no refusal, in bytes. */
    int answerLength() {
        return (echo ? 1 : 2) + answer;
    }

    /** Whether an answer of the right length begins as this does. */
    boolean repeatedBy(ByteBuffer pdu) {
        return pdu.slice(1, answer).equals(body.slice(0, answer));
    }

    /** The function byte with which a unit refuses it (§7). */
    int refusal() {
        return function | REFUSED;
    }

    /**
     * Reads an answer.
     *
     * @param pdu function and data
     * @throws ProtocolException if it is not the answer to this
     */
    Reply reply(ByteBuffer pdu) throws ProtocolException {
        int answered = pdu.get(0) & 0xFF;
        if (answered == refusal() && pdu.limit() == 2) {
            return new Reply.Refusal(pdu.get(1) & 0xFF);
        }
        if (answered != function) {
            throw new ProtocolException("answer has function 0x%02X, asked for 0x%02X".formatted(answered, function));
        }
        if (echo) {
            if (pdu.limit() != answerLength() || !repeatedBy(pdu)) {
                throw new ProtocolException("answer does not repeat the request 0x%02X".formatted(function));
            }
            return new Reply.Data(pdu.slice(1, answer));
        }
        if (pdu.limit() != answerLength() || (pdu.get(1) & 0xFF) != answer) {
            throw new ProtocolException(
                    "answer has %d data bytes, asked for %d".formatted(Math.max(0, pdu.limit() - 2), answer));
        }
        return new Reply.Data(pdu.slice(2, answer));
    }
}
