package io.streamforge.model;

import io.streamforge.model.UndecodableException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over an Avro body ("Apache Avro 1.12 Specification, Binary Encoding"): longs zigzag and variable-length, little groups first;
 * doubles little-endian; strings and bytes behind their length. Checks every byte before it is used, and allocates only to fail.
 */
final class BinaryReader {

    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ValueKind[] VALUE_KINDS = ValueKind.values();
    private static final Quality[] QUALITIES = Quality.values();
    private static final TimeSource[] TIME_SOURCES = TimeSource.values();

    private byte[] bytes = new byte[0];
    private int position;

    void reset(byte[] source, int start) {
        bytes = source;
        position = start;
    }

    int position() {
        return position;
    }

    int remaining() {
        return bytes.length - position;
    }

    /** @param field for the message only, as everywhere here */
    long readLong(String field) {
        long zigzag = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == bytes.length) {
                throw truncated(field);
            }
            byte group = bytes[position++];
            zigzag |= (group & 0x7FL) << shift;
            if (group >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw malformed(field, "a number must end within 10 bytes");
    }

    int readInt(String field) {
        long value = readLong(field);
        if (value != (int) value) {
            throw malformed(field, "a 32-bit number is expected, got " + value);
        }
        return (int) value;
    }

    double readDouble(String field) {
        int start = skip(field, Double.BYTES);
        return (double) DOUBLE.get(bytes, start);
    }

    boolean readBoolean(String field) {
        byte value = bytes[skip(field, 1)];
        if ((value & ~1) != 0) {
            throw malformed(field, "a boolean must be 0 or 1, got " + value);
        }
        return value == 1;
    }

    /** An enum's or union's index: one byte for all that the stream's records have. */
    int readIndex(String field, int count) {
        byte zigzag = bytes[skip(field, 1)];
        if (zigzag < 0 || (zigzag & 1) != 0 || zigzag >> 1 >= count) {
            throw malformed(field, "an index must lie between 0 and %d, got byte 0x%02X".formatted(count - 1, zigzag));
        }
        return zigzag >> 1;
    }

    /** Whether a union of null and one other type, in this order, holds the other. */
    boolean readPresent(String field) {
        return readIndex(field, 2) == 1;
    }

    /** The length of a string or byte field whose content begins at {@link #position()} and is there in full. */
    int readLength(String field) {
        long length = readLong(field);
        if (length < 0) {
            throw malformed(field, "a length must not be negative, got " + length);
        }
        if (length > remaining()) {
            throw truncated(field);
        }
        return (int) length;
    }

    String readString(String field) {
        int length = readLength(field);
        int start = skip(field, length);
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    @Nullable
    Value readValue(String field) {
        return switch (VALUE_KINDS[readIndex(field, VALUE_KINDS.length)]) {
            case NONE -> null;
            case REAL -> new Value.Real(readDouble(field));
            case WHOLE -> new Value.Whole(readLong(field));
            case FLAG -> new Value.Flag(readBoolean(field));
            case TEXT -> new Value.Text(readString(field));
        };
    }

    /** An event's state: its union has another order than a reading's value. */
    @Nullable
    Value readState(String field) {
        return switch (readIndex(field, 5)) {
            case 0 -> null;
            case 1 -> new Value.Text(readString(field));
            case 2 -> new Value.Real(readDouble(field));
            case 3 -> new Value.Whole(readLong(field));
            default -> new Value.Flag(readBoolean(field));
        };
    }

    Quality readQuality(String field) {
        return QUALITIES[readIndex(field, QUALITIES.length)];
    }

    TimeSource readTimeSource(String field) {
        return TIME_SOURCES[readIndex(field, TIME_SOURCES.length)];
    }

    /** A copy, so that the record's array can go. */
    ByteBuffer readBytes(String field) {
        int length = readLength(field);
        int start = skip(field, length);
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, start, position)).asReadOnlyBuffer();
    }

    /** Moves on; answers where it was. */
    int skip(String field, int length) {
        if (remaining() < length) {
            throw truncated(field);
        }
        int start = position;
        position += length;
        return start;
    }

    void expectEnd() {
        if (remaining() > 0) {
            throw new UndecodableException(
                    Reason.TRAILING_BYTES,
                    "The record must end at byte %d, got %d more bytes.".formatted(position, remaining()));
        }
    }

    private UndecodableException truncated(String field) {
        return new UndecodableException(
                Reason.TRUNCATED, "The record ends inside its field '%s', at byte %d.".formatted(field, bytes.length));
    }

    UndecodableException malformed(String field, String rule) {
        return new UndecodableException(
                Reason.MALFORMED, "Field '%s', before byte %d: %s.".formatted(field, position, rule));
    }
}
