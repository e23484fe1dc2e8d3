package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Tries a Modbus device once, with the same planner, decoder and connection as a running route. */
public final class ModbusTester implements ConnectionTester {

    @Override
    public String connector() {
        return "modbus-tcp-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        Addressing addressing =
                ModbusEndpoint.addressing(properties.path("addressing").asText(Addressing.MODICON.key()));
        ModbusConfig config = new ModbusConfig(
                properties.path("host").asText(""),
                properties.path("port").asInt(502),
                properties.path("unitId").asInt(1),
                Duration.ofMillis(properties.path("pollIntervalMs").asLong(1000)),
                Duration.ofMillis(properties.path("timeoutMs").asLong(1000)),
                addressing,
                properties.path("maxGap").asInt(8),
                properties.path("maxBlock").asInt(Area.MAX_REGISTERS),
                Duration.ofMillis(properties.path("reconnectMaxDelayMs").asLong(30_000)));
        long started = System.nanoTime();
        try (ModbusDevice device = new ModbusDevice(config, PointTable.parse(points, addressing), Clock.systemUTC())) {
            List<Sample> samples = device.poll();
            return new Outcome(samples, device.fault(), Duration.ofNanos(System.nanoTime() - started));
        }
    }
}
