package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
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
                properties.path("port").asInt(ModbusConfig.DEFAULT_PORT),
                properties.path("unitId").asInt(ModbusConfig.DEFAULT_UNIT_ID),
                Duration.ofMillis(properties.path("pollIntervalMs").asLong(ModbusConfig.DEFAULT_POLL_INTERVAL_MS)),
                Duration.ofMillis(properties.path("timeoutMs").asLong(ModbusConfig.DEFAULT_TIMEOUT_MS)),
                addressing,
                properties.path("maxGap").asInt(ModbusConfig.DEFAULT_MAX_GAP),
                properties.path("maxBlock").asInt(Area.MAX_REGISTERS),
                Duration.ofMillis(
                        properties.path("reconnectMaxDelayMs").asLong(ModbusConfig.DEFAULT_RECONNECT_MAX_DELAY_MS)));
        long started = System.nanoTime();
        try (ModbusDevice device = new ModbusDevice(config, PointTable.parse(points, addressing), Clock.systemUTC())) {
            List<Sample> samples = Observation.samples(device.poll());
            return new Outcome(samples, device.fault(), Duration.ofNanos(System.nanoTime() - started));
        }
    }
}
