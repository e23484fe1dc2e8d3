package io.streamforge.modbus;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** Which requests write a point (Modbus Application Protocol V1.1b3 §6.5, 6.6, 6.11, 6.12, 6.16). */
final class Writes {

    private Writes() {}

    /**
     * The requests to try one after the other while the device says that it does not know the function: some know only the one for a single coil or
     * register, some only the one for several. A bit of a register has no second way: to read and write back the register would undo what the device
     * changed in between.
     *
     * @param registers what {@link Values#encode} made of the value
     */
    static List<Request> requests(Point point, ByteBuffer registers) {
        int address = point.address();
        if (!point.area().writable()) {
            throw new IllegalArgumentException("is in area %s, which cannot be written"
                    .formatted(point.area().key()));
        }
        if (point.area().bits()) {
            boolean on = registers.getShort(0) != 0;
            return List.of(Request.writeCoil(address, on), Request.writeCoils(address, on));
        }
        if (point.bit() != null) {
            return List.of(Request.writeBit(address, bitOnTheWire(point), registers.getShort(0) != 0));
        }
        Request several = Request.writeRegisters(address, registers);
        return point.registers() == 1
                ? List.of(Request.writeRegister(address, registers.getShort(0)), several)
                : List.of(several);
    }

    /** What a read would answer where these registers were written. */
    static ByteBuffer asRead(Point point, ByteBuffer registers) {
        boolean on = registers.getShort(0) != 0;
        if (point.area().bits()) {
            return ByteBuffer.allocate(1).put(0, (byte) (on ? 1 : 0));
        }
        return point.bit() == null
                ? registers
                : ByteBuffer.allocate(2).putShort(0, (short) (on ? 1 << bitOnTheWire(point) : 0));
    }

    private static int bitOnTheWire(Point point) {
        int bit = Objects.requireNonNull(point.bit());
        return point.byteOrder() == Order.BIG ? bit : bit ^ 8;
    }
}
