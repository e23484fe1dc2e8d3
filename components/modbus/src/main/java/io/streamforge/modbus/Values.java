package io.streamforge.modbus;

import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * From the bytes of an answer to a value. Registers are big-endian on the wire (Modbus Application Protocol V1.1b3 §4.2), bits start at the
 * least significant of the first byte (§6.1); a point may say that its device does otherwise within and between registers.
 */
final class Values {

    private Values() {}

    /**
     * Decodes and scales one point.
     *
     * <p>Scaling is decimal: the result is the double nearest to raw × scale + offset, so 241 × 0.1 is 24.1. An unscaled integer stays whole; a
     * uint64 beyond the range of a signed 64-bit integer becomes the nearest double, because wrapping it round would show a negative value.
     *
     * @param data the answer's data bytes
     * @param start the address of the first of them
     */
    static Value decode(Point point, ByteBuffer data, int start) {
        if (point.area().bits()) {
            int bit = point.address() - start;
            return new Value.Flag((data.get(bit >> 3) >> (bit & 7) & 1) != 0);
        }
        long raw = raw(point, data, (point.address() - start) * 2);
        return switch (point.type()) {
            case BOOL -> {
                Integer bit = point.bit();
                yield new Value.Flag(bit == null ? raw != 0 : (raw >> bit & 1) != 0);
            }
            case INT16 -> whole(point, (short) raw);
            case INT32 -> whole(point, (int) raw);
            case UINT16, UINT32, INT64 -> whole(point, raw);
            case UINT64 -> raw >= 0 ? whole(point, raw) : beyondLong(point, raw);
            case FLOAT32 -> real(point, Float.intBitsToFloat((int) raw));
            case FLOAT64 -> real(point, Double.longBitsToDouble(raw));
        };
    }

    private static long raw(Point point, ByteBuffer data, int position) {
        int registers = point.type().registers();
        long raw = 0;
        for (int i = 0; i < registers; i++) {
            int at = position + 2 * (point.wordOrder() == Order.BIG ? i : registers - 1 - i);
            short register = data.getShort(at);
            raw = raw << 16 | ((point.byteOrder() == Order.BIG ? register : Short.reverseBytes(register)) & 0xFFFF);
        }
        return raw;
    }

    private static Value whole(Point point, long raw) {
        return point.unscaled() ? new Value.Whole(raw) : scaled(point, BigDecimal.valueOf(raw));
    }

    private static Value beyondLong(Point point, long raw) {
        return scaled(point, new BigDecimal(new BigInteger(Long.toUnsignedString(raw))));
    }

    private static Value real(Point point, double raw) {
        return point.unscaled() || !Double.isFinite(raw) ? new Value.Real(raw) : scaled(point, new BigDecimal(raw));
    }

    private static Value scaled(Point point, BigDecimal raw) {
        return new Value.Real(raw.multiply(point.scale()).add(point.offset()).doubleValue());
    }
}
