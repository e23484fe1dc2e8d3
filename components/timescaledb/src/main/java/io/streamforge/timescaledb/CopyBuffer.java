package io.streamforge.timescaledb;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows in PostgreSQL's binary COPY format: big-endian, each field a 4-byte length (−1 for null) and its bytes ("PostgreSQL 18, COPY, Binary
 * Format"). Reused from batch to batch.
 */
final class CopyBuffer {

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private byte[] bytes = new byte[1 << 16];
    private int length;
    private int rows;

    /** Forgets all rows. */
    void clear() {
        length = 0;
        rows = 0;
        room(HEADER.length);
        System.arraycopy(HEADER, 0, bytes, 0, HEADER.length);
        length = HEADER.length;
    }

    int rows() {
        return rows;
    }

    void startRow(int fields) {
        room(2);
        bytes[length++] = (byte) (fields >>> 8);
        bytes[length++] = (byte) fields;
        rows++;
    }

    /** {@code text}. PostgreSQL has no place for U+0000 in a text: it becomes U+2400, the visible sign for it. */
    void text(@Nullable String value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        byte[] utf8 = (value.indexOf(0) < 0 ? value : value.replace('\0', '\u2400')).getBytes(StandardCharsets.UTF_8);
        writeInt(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    /** {@code jsonb}: version 1, then its text. */
    void json(@Nullable String value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        writeInt(utf8.length + 1);
        room(utf8.length + 1);
        bytes[length++] = 1;
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    /** {@code double precision}. */
    void real(@Nullable Double value) {
        if (value == null) {
            writeInt(-1);
        } else {
            bigint(Double.doubleToLongBits(value));
        }
    }

    /** {@code boolean}. */
    void flag(@Nullable Boolean value) {
        if (value == null) {
            writeInt(-1);
        } else {
            writeInt(1);
            room(1);
            bytes[length++] = (byte) (value ? 1 : 0);
        }
    }

    /** {@code timestamp with time zone}: microseconds since 2000-01-01T00:00Z. */
    void time(@Nullable Instant value) {
        if (value == null) {
            writeInt(-1);
        } else {
            bigint(micros(value));
        }
    }

    /** {@code bigint}. */
    void bigint(long value) {
        writeInt(Long.BYTES);
        writeInt((int) (value >>> 32));
        writeInt((int) value);
    }

    private static long micros(Instant value) {
        long seconds = value.getEpochSecond() - POSTGRES_EPOCH.getEpochSecond();
        return Math.addExact(Math.multiplyExact(seconds, 1_000_000L), value.getNano() / 1_000);
    }

    /** The whole stream of all rows. */
    byte[] toBytes() {
        byte[] all = Arrays.copyOf(bytes, length + 2);
        all[length] = (byte) 0xFF;
        all[length + 1] = (byte) 0xFF;
        return all;
    }

    private void writeInt(int value) {
        room(Integer.BYTES);
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
