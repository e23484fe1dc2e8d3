package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Tries the units behind a connection once, with the same planner, decoder and connection as a running route. */
abstract class ModbusTester implements ConnectionTester {

    abstract Transport transport(JsonNode properties);

    @Override
    public final Outcome test(JsonNode properties, JsonNode points) {
        ModbusConfig config = config(properties);
        long started = System.nanoTime();
        try (ModbusDevice device = new ModbusDevice(config, PointTable.parse(points, config), Clock.systemUTC())) {
            List<Sample> samples = Observation.samples(device.poll());
            return new Outcome(samples, device.fault(), Duration.ofNanos(System.nanoTime() - started));
        }
    }

    @Override
    public final List<String> places(JsonNode properties, JsonNode points) {
        return PointTable.parse(points, config(properties)).stream()
                .map(Point::place)
                .toList();
    }

    private ModbusConfig config(JsonNode properties) {
        return new ModbusConfig(
                transport(properties),
                properties.path("unitId").asInt(ModbusConfig.DEFAULT_UNIT_ID),
                Duration.ofMillis(properties.path("pollIntervalMs").asLong(ModbusConfig.DEFAULT_POLL_INTERVAL_MS)),
                Duration.ofMillis(properties.path("timeoutMs").asLong(ModbusConfig.DEFAULT_TIMEOUT_MS)),
                Duration.ofMillis(properties.path("pauseMs").asLong(ModbusConfig.DEFAULT_PAUSE_MS)),
                properties.path("maxRequestsPerSecond").asInt(0),
                ModbusEndpoint.choice(
                        "addressing",
                        properties.path("addressing").asText(Addressing.MODICON.key()),
                        Addressing.values(),
                        Addressing::key),
                properties.path("maxGap").asInt(ModbusConfig.DEFAULT_MAX_GAP),
                properties.path("maxBlock").asInt(Area.MAX_REGISTERS),
                Duration.ofMillis(
                        properties.path("reconnectMaxDelayMs").asLong(ModbusConfig.DEFAULT_RECONNECT_MAX_DELAY_MS)));
    }
}
