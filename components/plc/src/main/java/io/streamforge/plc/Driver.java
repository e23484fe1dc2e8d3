package io.streamforge.plc;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.TableRow;
import io.streamforge.model.Value;
import io.streamforge.plc.Point.Variable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.value.PlcValue;
import org.apache.plc4x.java.s7.readwrite.ControllerType;
import org.apache.plc4x.java.s7.readwrite.DeviceGroup;
import org.apache.plc4x.java.s7.readwrite.TPKTPacket;
import org.apache.plc4x.java.s7light.readwrite.S7LightDriver;
import org.apache.plc4x.java.s7light.readwrite.configuration.S7Configuration;
import org.apache.plc4x.java.s7light.readwrite.context.S7DriverContext;
import org.apache.plc4x.java.s7light.readwrite.optimizer.S7Optimizer;
import org.apache.plc4x.java.s7light.readwrite.protocol.S7ProtocolLogic;
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
import org.apache.plc4x.java.spi.values.PlcRawByteArray;
import org.jspecify.annotations.Nullable;

/** The drivers that were found to work, with their options and their address syntax. */
enum Driver {

    /**
     * S7 communication over ISO on TCP (RFC 1006). Of the library's two drivers this is the simpler one; the other reconnects by itself, for redundant
     * PLCs, and cannot be kept from it. The points are not merged into blocks, because a block beyond the end of a data block fails all its points.
     */
    S7("s7", "S7", 102) {
        @Override
        Map<String, String> complete(Map<String, String> options, OptionErrors errors) {
            Options given = new Options(options, errors);
            given.whole("rack", 0, 0, 7);
            given.whole("slot", 1, 0, 31);
            given.choice("connectionType", CONNECTION_TYPES, "pg");
            return given.complete();
        }

        @Override
        Set<String> options() {
            return Set.of("rack", "slot", "connectionType");
        }

        @Override
        Variable variable(TableRow row) {
            return S7Address.variable(row);
        }

        @Override
        String tag(Variable variable) {
            return S7Address.tag(variable);
        }

        @Override
        @Nullable
        Value decode(Point point, PlcValue value, int element) {
            byte[] bytes = point.variable().bytes() == 1 ? new byte[] {(byte) value.getShort()} : value.getRaw();
            return bytes.length == point.variable().bytes() ? S7Data.decode(point, bytes, element) : null;
        }

        @Override
        Write encode(Point point, Value value) {
            byte[] bytes = S7Data.encode(point, value);
            Variable variable = point.variable();
            if (variable.type() == DataType.BOOL) {
                String tag = variable.area() + variable.start() + "." + variable.bit() + ":BOOL";
                return new Write(tag, bytes[0] != 0, value);
            }
            Value held = S7Data.decode(point, bytes, 0);
            Object raw = bytes.length == 1 ? (short) (bytes[0] & 0xFF) : new PlcRawByteArray(bytes);
            return new Write(S7Address.tag(variable), raw, held == null ? value : held);
        }

        @Override
        PlcConnection connection(PlcConfig config, Link link) {
            S7Configuration options = new S7Configuration();
            options.localDeviceGroup = DeviceGroup.OTHERS;
            options.remoteDeviceGroup = DeviceGroup.OTHERS;
            options.remoteTsap = CONNECTION_TYPES.indexOf(config.options().get("connectionType")) + 1 << 8
                    | Integer.parseInt(config.options().get("rack")) << 5
                    | Integer.parseInt(config.options().get("slot"));
            options.controllerType = ControllerType.S7_1500.name();
            options.enableBlockReadOptimizer = false;
            options.readTimeout = (int) config.timeout().toMillis();
            return over(
                    options,
                    link,
                    link.guarded(
                            SingleProtocolStackConfigurer.builder(TPKTPacket.class, link.strict(Driver::s7Packet))
                                    .withProtocol(S7ProtocolLogic.class)
                                    .withDriverContext(S7DriverContext.class)
                                    .withPacketSizeEstimator(S7LightDriver.ByteLengthEstimator.class)
                                    .build(),
                            S7Frame.HEADER,
                            S7Frame::size),
                    new S7Optimizer());
        }
    };

    /**
     * The first byte of the PLC's transport selector (TSAP), from 1; the second is its rack in the upper three bits and its slot in the lower five, which the
     * driver would make of them otherwise.
     */
    private static final List<String> CONNECTION_TYPES = List.of("pg", "op", "basic");

    private final String key;
    private final String title;
    private final int port;

    Driver(String key, String title, int port) {
        this.key = key;
        this.title = title;
        this.port = port;
    }

    /** How a URI writes it. */
    String key() {
        return key;
    }

    /** As operators know the protocol. */
    String title() {
        return title;
    }

    int port() {
        return port;
    }

    /** The names of the driver's own options. */
    abstract Set<String> options();

    /** Fills in what is left out, and notes what is wrong. */
    abstract Map<String, String> complete(Map<String, String> options, OptionErrors errors);

    /**
     * A value as the driver writes it.
     *
     * @param tag the variable in the driver's syntax
     * @param value of a class that the driver takes for it
     * @param held what a read should give then
     */
    record Write(String tag, Object value, Value held) {}

    /** The variable of a row; errors are noted at the row. */
    abstract Variable variable(TableRow row);

    /** A variable in the driver's syntax. */
    abstract String tag(Variable variable);

    /** One element of what the driver read, scaled; null if it is none of the point's type. */
    abstract @Nullable Value decode(Point point, PlcValue value, int element);

    /** @throws IllegalArgumentException if the point cannot hold the value */
    abstract Write encode(Point point, Value value);

    /** Not yet connected. */
    abstract PlcConnection connection(PlcConfig config, Link link);

    private static TPKTPacket s7Packet(ReadBuffer buffer) throws ParseException {
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

    /** A driver's options as they are checked. */
    private static final class Options {

        private final Map<String, String> given;
        private final OptionErrors errors;
        private final Map<String, String> complete = new TreeMap<>();

        Options(Map<String, String> given, OptionErrors errors) {
            this.given = given;
            this.errors = errors;
        }

        void whole(String name, int otherwise, int min, int max) {
            String text = given.getOrDefault(name, String.valueOf(otherwise));
            try {
                errors.range(name, Long.parseLong(text), min, max);
            } catch (NumberFormatException e) {
                errors.add("%s must be a whole number, got '%s'".formatted(name, text));
            }
            complete.put(name, text);
        }

        void choice(String name, List<String> choices, String otherwise) {
            String text = given.getOrDefault(name, otherwise);
            errors.choice(name, text, choices.toArray(new String[0]), choice -> choice);
            complete.put(name, text);
        }

        Map<String, String> complete() {
            given.keySet().stream()
                    .filter(name -> !complete.containsKey(name))
                    .forEach(name -> errors.add(
                            "%s is unknown, known are %s".formatted(name, String.join(", ", complete.keySet()))));
            return Map.copyOf(complete);
        }
    }
}
