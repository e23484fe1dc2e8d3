package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;

/** Tries a {@code modbus-tcp-source}. */
public final class ModbusTcpTester extends ModbusTester {

    @Override
    public String connector() {
        return "modbus-tcp-source";
    }

    @Override
    Transport transport(JsonNode properties) {
        return new Transport.Tcp(
                properties.path("host").asText(""), properties.path("port").asInt(ModbusConfig.DEFAULT_PORT));
    }
}
