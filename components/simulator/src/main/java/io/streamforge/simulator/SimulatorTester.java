package io.streamforge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Makes up every point once. */
public final class SimulatorTester implements ConnectionTester {

    @Override
    public String connector() {
        return "simulator-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        SimulatorConfig config = new SimulatorConfig(
                "test",
                Duration.ofMillis(properties.path("pollIntervalMs").asLong(SimulatorConfig.DEFAULT_POLL_INTERVAL_MS)),
                properties.path("seed").asLong(SimulatorConfig.DEFAULT_SEED),
                properties.path("replayFile").asText(""));
        long started = System.nanoTime();
        try (SimulatedDevice device =
                new SimulatedDevice(config, SimulatedPoint.table(points, config), Clock.systemUTC())) {
            List<Sample> samples = Observation.samples(device.poll());
            return new Outcome(samples, device.fault(), Duration.ofNanos(System.nanoTime() - started));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was interrupted.", e);
        }
    }
}
