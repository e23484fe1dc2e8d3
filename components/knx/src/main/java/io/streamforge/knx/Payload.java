package io.streamforge.knx;

import java.util.Arrays;
import java.util.HexFormat;

/** The value in a telegram: up to six bits within the service's own byte, or whole bytes behind it (KNX Standard 03_03_07 Application Layer, A_GroupValue). */
final class Payload {

    private static final int LOW_BITS = 0x3F;

    private final boolean bits;
    private final byte[] bytes;

    private Payload(boolean bits, byte[] bytes) {
        this.bits = bits;
        this.bytes = bytes;
    }

    /** @param value 0–63 */
    static Payload ofBits(int value) {
        return new Payload(true, new byte[] {(byte) (value & LOW_BITS)});
    }

    /** @param bytes 1 to 14, not kept */
    static Payload ofBytes(byte... bytes) {
        return new Payload(false, bytes.clone());
    }

    /** Whether it is up to six bits, in one byte. */
    boolean bits() {
        return bits;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** As messages show it. */
    String size() {
        return bits ? "up to 6 bits" : bytes.length == 1 ? "1 byte" : bytes.length + " bytes";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && bits == that.bits && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
