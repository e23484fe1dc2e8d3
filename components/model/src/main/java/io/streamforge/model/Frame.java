package io.streamforge.model;

import io.streamforge.model.UndecodableException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The frame around every record of the stream: {@code 0x00}, then the schema id as 4 bytes big-endian, then the Avro body (Confluent wire format). */
public final class Frame {

    /** Where the Avro body begins. */
    static final int LENGTH = 5;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Frame() {}

    /** The schema id, or null where there is no readable frame: for a dead letter, which must not fail again. */
    public static @Nullable Integer schemaIdOrNull(byte[] framed) {
        return framed.length < LENGTH || framed[0] != 0 ? null : Integer.valueOf((int) INT.get(framed, 1));
    }

    /** @throws UndecodableException BAD_FRAME */
    static int schemaId(byte[] framed) {
        if (framed.length < LENGTH) {
            throw new UndecodableException(
                    Reason.BAD_FRAME,
                    "A record must begin with 0x00 and a 4-byte schema id, got %d bytes.".formatted(framed.length));
        }
        if (framed[0] != 0) {
            throw new UndecodableException(
                    Reason.BAD_FRAME,
                    "A record must begin with 0x00 and a 4-byte schema id, got 0x%02X as its first byte."
                            .formatted(framed[0]));
        }
        return (int) INT.get(framed, 1);
    }

    static void write(byte[] target, int schemaId) {
        target[0] = 0;
        INT.set(target, 1, schemaId);
    }
}
