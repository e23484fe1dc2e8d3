package io.streamforge.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes one framed record in Avro's binary encoding; the counterpart of {@link BinaryReader}. */
final class BinaryWriter {

    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private static final char FIRST_BEYOND_ASCII = 0x80;

    /** Seven bits of a long are a byte. */
    private static final int LONGEST_LONG = 10;

    private byte[] bytes;
    private int position = Frame.LENGTH;

    BinaryWriter(int schemaId, int expectedLength) {
        bytes = new byte[Frame.LENGTH + expectedLength];
        Frame.write(bytes, schemaId);
    }

    /** An origin as it stands in a record. */
    static byte[] encoded(Origin origin) {
        BinaryWriter out = new BinaryWriter(0, 64);
        out.writeOrigin(origin);
        return Arrays.copyOfRange(out.bytes, Frame.LENGTH, out.position);
    }

    byte[] toBytes() {
        return position == bytes.length ? bytes : Arrays.copyOf(bytes, position);
    }

    void writeLong(long value) {
        if (bytes.length - position < LONGEST_LONG) {
            reserve(sizeOf(value));
        }
        long zigzag = zigzag(value);
        while ((zigzag & ~0x7FL) != 0) {
            bytes[position++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        bytes[position++] = (byte) zigzag;
    }

    /** How many bytes {@link #writeLong} makes of it. */
    static int sizeOf(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(zigzag(value) | 1)) / 7;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    void writeDouble(double value) {
        reserve(Double.BYTES);
        DOUBLE.set(bytes, position, value);
        position += Double.BYTES;
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** An enum's or union's index below 64: one byte. */
    void writeIndex(int index) {
        writeByte(index << 1);
    }

    /** UTF-8. What is ASCII, as nearly all names are, is written without an array in between. */
    void writeString(String value) {
        int start = position;
        int length = value.length();
        writeLong(length);
        reserve(length);
        for (int i = 0; i < length; i++) {
            char letter = value.charAt(i);
            if (letter >= FIRST_BEYOND_ASCII) {
                position = start;
                writeContent(value.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[position + i] = (byte) letter;
        }
        position += length;
    }

    /** A string's UTF-8 or a byte field. */
    void writeContent(byte[] content) {
        writeLong(content.length);
        copy(content, 0, content.length);
    }

    void writeBytes(ByteBuffer value) {
        byte[] content = new byte[value.remaining()];
        value.duplicate().get(content);
        writeContent(content);
    }

    /** Microseconds since the epoch, rounded down; an instant more than 292,000 years away is an {@link ArithmeticException}. */
    void writeInstant(Instant value) {
        writeLong(Micros.of(value));
    }

    void writeOptional(@Nullable Instant value) {
        writeIndex(value == null ? 0 : 1);
        if (value != null) {
            writeInstant(value);
        }
    }

    void writeOptional(@Nullable Number value) {
        writeIndex(value == null ? 0 : 1);
        if (value != null) {
            writeLong(value.longValue());
        }
    }

    void writeOptional(@Nullable String value) {
        writeIndex(value == null ? 0 : 1);
        if (value != null) {
            writeString(value);
        }
    }

    void writeOptional(@Nullable Boolean value) {
        writeIndex(value == null ? 0 : 1);
        if (value != null) {
            writeBoolean(value);
        }
    }

    void writeValue(@Nullable Value value) {
        if (value == null) {
            writeIndex(ValueKind.NONE.ordinal());
        } else if (value instanceof Value.Real real) {
            writeIndex(ValueKind.REAL.ordinal());
            writeDouble(real.value());
        } else if (value instanceof Value.Whole whole) {
            writeIndex(ValueKind.WHOLE.ordinal());
            writeLong(whole.value());
        } else if (value instanceof Value.Flag flag) {
            writeIndex(ValueKind.FLAG.ordinal());
            writeBoolean(flag.value());
        } else if (value instanceof Value.Text text) {
            writeIndex(ValueKind.TEXT.ordinal());
            writeString(text.value());
        }
    }

    /** An event's state: its union has another order than a reading's value. */
    void writeState(@Nullable Value state) {
        if (state == null) {
            writeIndex(0);
        } else if (state instanceof Value.Text text) {
            writeIndex(1);
            writeString(text.value());
        } else if (state instanceof Value.Real real) {
            writeIndex(2);
            writeDouble(real.value());
        } else if (state instanceof Value.Whole whole) {
            writeIndex(3);
            writeLong(whole.value());
        } else if (state instanceof Value.Flag flag) {
            writeIndex(4);
            writeBoolean(flag.value());
        }
    }

    void writeOrigin(Origin origin) {
        writeString(origin.gatewayId());
        writeString(origin.adapterId());
        writeString(origin.adapterVersion());
        writeLong(origin.revision());
        writeLong(origin.epoch());
    }

    /** Copies a stretch of an existing record as it stands. */
    void copy(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, position, to - from);
        position += to - from;
    }

    private void writeByte(int value) {
        reserve(1);
        bytes[position++] = (byte) value;
    }

    private void reserve(int length) {
        if (bytes.length - position < length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + length));
        }
    }
}
