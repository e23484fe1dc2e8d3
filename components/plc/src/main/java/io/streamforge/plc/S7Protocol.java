package io.streamforge.plc;

import java.util.Set;
import org.apache.plc4x.java.api.model.PlcTag;
import org.apache.plc4x.java.s7.readwrite.MemoryArea;
import org.apache.plc4x.java.s7.readwrite.S7Address;
import org.apache.plc4x.java.s7.readwrite.S7AddressAny;
import org.apache.plc4x.java.s7light.readwrite.protocol.S7ProtocolLogic;
import org.apache.plc4x.java.spi.generation.SerializationException;
import org.apache.plc4x.java.spi.generation.WriteBuffer;

/**
 * The driver's protocol, which can ask for timers and counters, too. They are numbered in words, not in bytes, and have a transport size of their own; the driver
 * has the areas but addresses them like bytes. Public, as its constructor is, because the driver makes it.
 */
public final class S7Protocol extends S7ProtocolLogic {

    private static final Set<MemoryArea> NUMBERED = Set.of(MemoryArea.TIMERS, MemoryArea.COUNTERS);

    @Override
    protected S7Address encodeS7Address(PlcTag tag) {
        S7Address address = super.encodeS7Address(tag);
        return address instanceof S7AddressAny any && NUMBERED.contains(any.getArea()) ? new Numbered(any) : address;
    }

    /** A timer or counter by its number. */
    private static final class Numbered extends S7AddressAny {

        private static final int BYTES = 2;

        /** @param bytes as the driver would ask for it */
        Numbered(S7AddressAny bytes) {
            super(
                    bytes.getTransportSize(),
                    bytes.getNumberOfElements() / BYTES,
                    bytes.getDbNumber(),
                    bytes.getArea(),
                    bytes.getByteAddress(),
                    bytes.getBitAddress());
        }

        /** Of both the transport size has the area's code: 0x1C counters, 0x1D timers. */
        @Override
        protected void serializeS7AddressChild(WriteBuffer buffer) throws SerializationException {
            buffer.writeUnsignedShort("transportSize", 8, getArea().getValue());
            buffer.writeUnsignedInt("numberOfElements", 16, getNumberOfElements());
            buffer.writeUnsignedInt("dbNumber", 16, getDbNumber());
            buffer.writeUnsignedShort("area", 8, getArea().getValue());
            buffer.writeUnsignedInt("number", 24, getByteAddress());
        }
    }
}
