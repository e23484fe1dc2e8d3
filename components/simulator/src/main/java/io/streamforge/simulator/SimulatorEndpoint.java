package io.streamforge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.PollingConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Polls a device that is made up. The body of an exchange is the {@code List<Observation>} of one poll. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "simulator",
        title = "Simulator",
        syntax = "simulator:name",
        consumerOnly = true)
public final class SimulatorEndpoint extends DefaultEndpoint {

    @UriPath(description = "How logs and messages name the device.")
    private final String name;

    @UriParam(description = "The point table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(defaultValue = "1000")
    private long pollIntervalMs = SimulatorConfig.DEFAULT_POLL_INTERVAL_MS;

    @UriParam(defaultValue = "1")
    private long seed = SimulatorConfig.DEFAULT_SEED;

    @UriParam
    private String replayFile = "";

    private @Nullable SimulatorConfig config;
    private List<SimulatedPoint> table = List.of();

    SimulatorEndpoint(String uri, SimulatorComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        SimulatorConfig checked = new SimulatorConfig(name, Duration.ofMillis(pollIntervalMs), seed, replayFile);
        config = checked;
        table = SimulatedPoint.table(points, checked);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SimulatorConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        PollingConsumer consumer = new PollingConsumer(
                this, processor, ready.pollInterval(), () -> new SimulatedDevice(ready, table, Clock.systemUTC()));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("simulator: reads only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setPollIntervalMs(long pollIntervalMs) {
        this.pollIntervalMs = pollIntervalMs;
    }

    public void setSeed(long seed) {
        this.seed = seed;
    }

    public void setReplayFile(String replayFile) {
        this.replayFile = replayFile;
    }
}
