package io.streamforge.aggregate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

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

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
