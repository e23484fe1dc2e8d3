package io.streamforge.plc;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tries a PLC once, with the same connection and decoder as a running route. */
abstract class PlcTester implements ConnectionTester {

    private final Driver driver;
    private final String connector;

    PlcTester(Driver driver, String connector) {
        this.driver = driver;
        this.connector = connector;
    }

    @Override
    public final String connector() {
        return connector;
    }

    @Override
    public final Outcome test(JsonNode properties, JsonNode points) {
        PlcConfig config = config(driver, properties);
        long started = System.nanoTime();
        try (PlcDevice device = new PlcDevice(config, PointTable.parse(points, driver), Clock.systemUTC())) {
            List<Sample> samples = Observation.samples(device.poll());
            return new Outcome(samples, device.fault(), Duration.ofNanos(System.nanoTime() - started));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was interrupted.", e);
        }
    }

    /** What a connector's properties say; those left out take the connector's defaults. */
    static PlcConfig config(Driver driver, JsonNode properties) {
        Map<String, String> options = new TreeMap<>();
        for (String option : driver.options()) {
            if (properties.hasNonNull(option)) {
                options.put(option, properties.get(option).asText());
            }
        }
        return new PlcConfig(
                driver,
                properties.path("host").asText(""),
                properties.path("port").asInt(driver.port()),
                options,
                Duration.ofMillis(properties.path("pollIntervalMs").asLong(PlcConfig.DEFAULT_POLL_INTERVAL_MS)),
                Duration.ofMillis(properties.path("timeoutMs").asLong(PlcConfig.DEFAULT_TIMEOUT_MS)),
                properties.path("maxTags").asInt(PlcConfig.DEFAULT_MAX_TAGS),
                Duration.ofMillis(properties.path("requestPauseMs").asLong(0)),
                properties.path("maxRequestsPerSecond").asInt(0),
                Duration.ofMillis(
                        properties.path("reconnectMaxDelayMs").asLong(PlcConfig.DEFAULT_RECONNECT_MAX_DELAY_MS)));
    }
}
