package io.streamforge.modbus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.modbus.peers.PymodbusServer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Modbus TCP against pymodbus. */
class ModbusContractIT extends AdapterContractIT {

    private @Nullable PymodbusServer server;

    @Override
    protected int startDevice(int port) {
        PymodbusServer started = PymodbusServer.start(port).holding(0, 241, 17);
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
        context.getRegistry().bind("contract.points", points());
        return "modbus:127.0.0.1:%d?points=#bean:contract.points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(port);
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) {
        new ModbusTcpTester().test(json("{\"host\":\"127.0.0.1\",\"timeoutMs\":300,\"port\":" + port + "}"), points());
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
