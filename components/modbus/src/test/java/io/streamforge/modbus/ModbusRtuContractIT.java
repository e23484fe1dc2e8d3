package io.streamforge.modbus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.modbus.peers.PymodbusServer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Modbus RTU over TCP against pymodbus. */
class ModbusRtuContractIT extends AdapterContractIT {

    private @Nullable PymodbusServer server;

    @Override
    protected int startDevice(int port) {
        PymodbusServer started = PymodbusServer.rtu(port).holding(0, 241, 17);
        server = started;
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected void breakFragile() {
        Objects.requireNonNull(server).removeHolding(1, 1);
    }

    /** A refused address is tried again once a minute, or when the device was away. */
    @Override
    protected void mendFragile() {
        int port = Objects.requireNonNull(server).port();
        killDevice();
        startDevice(port);
    }

    @Override
    protected String endpoint(int port) {
        return endpoint("127.0.0.1:" + port);
    }

    /** For both points at the end of this line. */
    protected final String endpoint(String line) {
        context.getRegistry().bind("contract.points", points());
        return "modbus-rtu:%s?points=#bean:contract.points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(line);
    }

    @Override
    protected void converse(int port) {
        new ModbusRtuTester().test(json("{\"timeoutMs\":100,\"line\":\"127.0.0.1:%d\"}".formatted(port)), points());
    }

    @Override
    protected boolean asks() {
        return true;
    }

    private static JsonNode points() {
        return json("[{\"name\":\"steady\",\"address\":40001},{\"name\":\"fragile\",\"address\":40002}]");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
