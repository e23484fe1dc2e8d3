package io.streamforge.plc;

import java.util.List;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.s7.readwrite.ControllerType;
import org.apache.plc4x.java.s7.readwrite.DeviceGroup;
import org.apache.plc4x.java.s7.readwrite.TPKTPacket;
import org.apache.plc4x.java.s7light.readwrite.S7LightDriver;
import org.apache.plc4x.java.s7light.readwrite.configuration.S7Configuration;
import org.apache.plc4x.java.s7light.readwrite.context.S7DriverContext;
import org.apache.plc4x.java.s7light.readwrite.optimizer.S7Optimizer;
import org.apache.plc4x.java.spi.configuration.PlcConnectionConfiguration;
import org.apache.plc4x.java.spi.connection.DefaultNettyPlcConnection;
import org.apache.plc4x.java.spi.connection.ProtocolStackConfigurer;
import org.apache.plc4x.java.spi.connection.SingleProtocolStackConfigurer;
import org.apache.plc4x.java.spi.generation.Message;
import org.apache.plc4x.java.spi.generation.ParseException;
import org.apache.plc4x.java.spi.generation.ReadBuffer;
import org.apache.plc4x.java.spi.generation.ReadBufferByteBased;
import org.apache.plc4x.java.spi.optimizer.BaseOptimizer;
import org.apache.plc4x.java.spi.values.DefaultPlcValueHandler;

/**
 * S7 communication over ISO on TCP (RFC 1006) as PLC4X speaks it. Of the library's two drivers this is the simpler one; the other reconnects by itself, for
 * redundant PLCs, and cannot be kept from it. The points are not merged into blocks, because a block beyond the end of a data block fails all its points.
 */
final class S7Stack {

    /** {@code pg}, {@code op} and {@code basic}, from 1, are the first byte of the PLC's transport selector (TSAP). */
    static final List<String> CONNECTION_TYPES = List.of("pg", "op", "basic");

    private S7Stack() {}

    /**
     * Not yet connected. The second byte of the transport selector is the PLC's rack in the upper three bits and its slot in the lower five, which the driver
     * would make of them otherwise.
     */
    static PlcConnection connection(PlcConfig config, Link link) {
        S7Configuration options = new S7Configuration();
        options.localDeviceGroup = DeviceGroup.OTHERS;
        options.remoteDeviceGroup = DeviceGroup.OTHERS;
        options.remoteTsap = CONNECTION_TYPES.indexOf(config.option("connectionType")) + 1 << 8
                | Integer.parseInt(config.option("rack")) << 5
                | Integer.parseInt(config.option("slot"));
        options.controllerType = ControllerType.S7_1500.name();
        options.enableBlockReadOptimizer = false;
        options.readTimeout = (int) config.timeout().toMillis();
        return over(
                options,
                link,
                link.guarded(
                        SingleProtocolStackConfigurer.builder(TPKTPacket.class, link.strict(S7Stack::packet))
                                .withProtocol(S7Protocol.class)
                                .withDriverContext(S7DriverContext.class)
                                .withPacketSizeEstimator(S7LightDriver.ByteLengthEstimator.class)
                                .build(),
                        S7Frame.HEADER,
                        S7Frame::size),
                new S7Optimizer());
    }

    private static TPKTPacket packet(ReadBuffer buffer) throws ParseException {
        ReadBufferByteBased bytes = (ReadBufferByteBased) buffer;
        byte[] frame = bytes.getBytes(0, bytes.getTotalBytes());
        S7Frame.clearLengthsOfErrors(frame);
        return TPKTPacket.staticParse(new ReadBufferByteBased(frame));
    }

    private static <T extends Message> PlcConnection over(
            PlcConnectionConfiguration options, Link link, ProtocolStackConfigurer<T> stack, BaseOptimizer optimizer) {
        return new DefaultNettyPlcConnection(
                false,
                true,
                true,
                false,
                false,
                new DefaultPlcValueHandler(),
                options,
                link,
                false,
                true,
                false,
                false,
                stack,
                optimizer,
                null);
    }
}
