package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.modbus.Transport.Serial.Parity;

/** Tries a {@code modbus-rtu-source}. On a serial port only while no route holds it. */
public final class ModbusRtuTester extends ModbusTester {

    @Override
    public String connector() {
        return "modbus-rtu-source";
    }

    @Override
    Transport transport(JsonNode properties) {
        return Transport.rtu(
                properties.path("line").asText(""),
                properties.path("baudRate").asInt(ModbusRtuEndpoint.DEFAULT_BAUD_RATE),
                ModbusEndpoint.choice(
                        "parity", properties.path("parity").asText(Parity.EVEN.key()), Parity.values(), Parity::key),
                properties.path("stopBits").asInt(ModbusRtuEndpoint.DEFAULT_STOP_BITS));
    }
}
