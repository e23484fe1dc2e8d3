package io.streamforge.aggregate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes numbers in as few bytes as they need, seven bits a byte, lowest first. The counterpart of {@link Unpacker}; reused. */
final class Packer {

    static final VarHandle DOUBLE = MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int LONGEST_NUMBER = 10;

    private byte[] bytes = new byte[64];
    private int length;

    /** What was written since {@link #clear}, up to {@link #length}; not to be kept. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void header(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    /** Small numbers of either sign are short. */
    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    void unsigned(long value) {
        reserve(LONGEST_NUMBER);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    void real(double value) {
        reserve(Double.BYTES);
        DOUBLE.set(bytes, length, value);
        length += Double.BYTES;
    }

    void content(byte[] source, int at, int count) {
        unsigned(count);
        reserve(count);
        System.arraycopy(source, at, bytes, length, count);
        length += count;
    }

    /** One number before it tells none from an empty one. */
    void text(@Nullable String value) {
        if (value == null) {
            unsigned(0);
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            unsigned(1);
            content(utf8, 0, utf8.length);
        }
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
