package io.streamforge.modbus;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Modbus RTU (MODBUS over Serial Line V1.02 §2.5.1): unit, PDU and check sum, without anything that says to which question an answer belongs. So
 * the answer is looked for among whatever came by unit, function, length and check sum, which steps over noise and the echo of a two-wire line;
 * and after a question without an answer the line must be quiet for a whole time-out before the next one, because an answer that comes late would
 * be taken for that to another address.
 */
final class RtuConnection implements ModbusConnection {

    /** Unit and check sum. */
    private static final int ENVELOPE = 3;
    /** Unit, function, code and check sum. */
    private static final int REFUSAL = 5;
    /** §2.5.1: a frame has at most 256 bytes; as many again for noise in front of it. */
    private static final int BUFFER = 512;

    private final ByteLine line;
    private final Duration timeout;
    private final byte[] in = new byte[BUFFER];
    private int filled;
    private long lastByte = System.nanoTime();
    private int unit;
    private @Nullable Request asked;
    private long deadline;
    private boolean answered;
    private boolean suspect;

    /** @param timeout for each answer */
    RtuConnection(ByteLine line, Duration timeout) {
        this.line = line;
        this.timeout = timeout;
    }

    @Override
    public void connect() throws IOException {
        line.open();
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void ask(int unitId, Request request) throws IOException {
        if (suspect) {
            listen();
            suspect = false;
        }
        pause();
        ByteBuffer frame = ByteBuffer.allocate(ENVELOPE + request.length()).put((byte) unitId);
        request.putInto(frame);
        int crc = Crc.of(frame.array(), 0, frame.position());
        frame.put((byte) crc).put((byte) (crc >>> 8));
        filled = 0;
        line.write(frame.array());
        unit = unitId;
        asked = request;
        deadline = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public Reply answer() throws IOException {
        Request request = Objects.requireNonNull(asked, "nothing was asked");
        long left;
        do {
            // Whoever reads may have been held up: what came in time is there.
            left = deadline - System.nanoTime();
            if (!receive(Duration.ofNanos(Math.max(1, left)))) {
                break;
            }
            ByteBuffer pdu = find(unit, request);
            if (pdu != null) {
                answered = true;
                return request.reply(pdu);
            }
        } while (left > 0);
        suspect = true;
        return filled == 0 ? new Reply.Silence() : new Reply.Garbled();
    }

    /** Function and data of the answer, wherever it begins; null if it is not, or not wholly, there. */
    private @Nullable ByteBuffer find(int unitId, Request request) {
        for (int at = 0; at + REFUSAL <= filled; at++) {
            if ((in[at] & 0xFF) != unitId) {
                continue;
            }
            int function = in[at + 1] & 0xFF;
            int length;
            if (function == request.refusal()) {
                length = REFUSAL;
            } else if (function == request.function() && (request.echo() || (in[at + 2] & 0xFF) == request.answer())) {
                length = ENVELOPE + request.answerLength();
            } else {
                continue;
            }
            if (at + length <= filled && Crc.fits(in, at, length)) {
                ByteBuffer pdu = ByteBuffer.allocate(length - ENVELOPE)
                        .put(in, at + 1, length - ENVELOPE)
                        .flip();
                if (function == request.refusal() || !request.echo() || request.repeatedBy(pdu)) {
                    return pdu;
                }
            }
        }
        return null;
    }

    /** Waits until nothing has come for a time-out, and drops what did. */
    private void listen() throws IOException {
        long limit = System.nanoTime() + 3 * timeout.toNanos();
        while (receive(timeout)) {
            filled = 0;
            if (System.nanoTime() - limit > 0) {
                throw new ProtocolException("the line does not fall silent, its bytes are no answers");
            }
        }
    }

    private void pause() {
        long until = lastByte + line.silence().toNanos();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    /** True if bytes came; of more than the buffer holds the oldest are dropped. */
    private boolean receive(Duration patience) throws IOException {
        if (filled == in.length) {
            System.arraycopy(in, in.length / 2, in, 0, in.length / 2);
            filled = in.length / 2;
        }
        int count = line.read(in, filled, patience);
        if (count > 0) {
            filled += count;
            lastByte = System.nanoTime();
        }
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
