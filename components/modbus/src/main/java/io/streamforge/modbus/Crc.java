package io.streamforge.modbus;

/** The check sum of an RTU frame (MODBUS over Serial Line V1.02 §6.2.2): polynomial 0xA001 reflected, begun with 0xFFFF. */
final class Crc {

    private static final int POLYNOMIAL = 0xA001;
    private static final int[] TABLE = new int[256];

    static {
        for (int index = 0; index < TABLE.length; index++) {
            int crc = index;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            TABLE[index] = crc;
        }
    }

    private Crc() {}

    /** Of some bytes; on the wire its low byte comes first. */
    static int of(byte[] bytes, int from, int length) {
        int crc = 0xFFFF;
        for (int at = from; at < from + length; at++) {
            crc = crc >>> 8 ^ TABLE[(crc ^ bytes[at]) & 0xFF];
        }
        return crc;
    }

    /** Whether a frame ends with the check sum of what stands before it. */
    static boolean fits(byte[] bytes, int from, int length) {
        int crc = of(bytes, from, length - 2);
        return (bytes[from + length - 2] & 0xFF) == (crc & 0xFF) && (bytes[from + length - 1] & 0xFF) == crc >>> 8;
    }
}
