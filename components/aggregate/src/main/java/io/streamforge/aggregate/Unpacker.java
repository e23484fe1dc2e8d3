package io.streamforge.aggregate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link Packer} wrote; reused. */
final class Unpacker {

    private byte[] bytes = {};
    private int at;

    void reset(byte[] packed, int from) {
        bytes = packed;
        at = from;
    }

    int at() {
        return at;
    }

    int header() {
        return bytes[at++];
    }

    long signed() {
        long zigzag = unsigned();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    long unsigned() {
        long value = 0;
        int shift = 0;
        byte group;
        do {
            group = bytes[at++];
            value |= (group & 0x7FL) << shift;
            shift += 7;
        } while (group < 0);
        return value;
    }

    double real() {
        double value = (double) Packer.DOUBLE.get(bytes, at);
        at += Double.BYTES;
        return value;
    }

    @Nullable
    String text() {
        if (unsigned() == 0) {
            return null;
        }
        int length = (int) unsigned();
        return new String(bytes, skip(length), length, StandardCharsets.UTF_8);
    }

    /** Moves over so many bytes; answers where they begin. */
    int skip(int count) {
        int from = at;
        at += count;
        return from;
    }
}
