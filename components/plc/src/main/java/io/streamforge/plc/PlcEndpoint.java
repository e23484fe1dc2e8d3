package io.streamforge.plc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.PollingConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Polls the points of one PLC. The body of an exchange is the {@code List<Observation>} of one poll. The route starts whether or not the PLC is there.
 *
 * <p>The setters are Camel's edge; what they collected becomes a {@link PlcConfig} and a list of {@link Point} when the endpoint is initialised, which
 * fails with all errors of either.
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "plc",
        title = "PLC",
        syntax = "plc:protocol:host:port",
        consumerOnly = true)
public final class PlcEndpoint extends DefaultEndpoint {

    @UriPath(description = "The driver: s7, eip, ads or bacnet.")
    private final Driver protocol;

    @UriPath(description = "Name or IP address of the PLC.")
    private final String host;

    @UriPath(description = "TCP or UDP port of the PLC.")
    private final int port;

    @UriParam(description = "The point table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(prefix = "driver.", multiValue = true, description = "The driver's own options, as rack and slot.")
    private Map<String, Object> driver = Map.of();

    @UriParam(defaultValue = "1000")
    private long pollIntervalMs = PlcConfig.DEFAULT_POLL_INTERVAL_MS;

    @UriParam(defaultValue = "2000")
    private long timeoutMs = PlcConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "20")
    private int maxTags = PlcConfig.DEFAULT_MAX_TAGS;

    @UriParam(defaultValue = "0")
    private long requestPauseMs;

    @UriParam(defaultValue = "0")
    private int maxRequestsPerSecond;

    @UriParam(defaultValue = "30000")
    private long reconnectMaxDelayMs = PlcConfig.DEFAULT_RECONNECT_MAX_DELAY_MS;

    private @Nullable PlcConfig config;
    private List<Point> table = List.of();

    PlcEndpoint(String uri, PlcComponent component, Driver protocol, String host, int port) {
        super(uri, component);
        this.protocol = protocol;
        this.host = host;
        this.port = port;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        table = PointTable.parse(points, protocol);
    }

    /** What the options say. */
    PlcConfig config() {
        Map<String, String> options = new TreeMap<>();
        driver.forEach((name, value) -> options.put(name, String.valueOf(value)));
        return new PlcConfig(
                protocol,
                host,
                port,
                options,
                Duration.ofMillis(pollIntervalMs),
                Duration.ofMillis(timeoutMs),
                maxTags,
                Duration.ofMillis(requestPauseMs),
                maxRequestsPerSecond,
                Duration.ofMillis(reconnectMaxDelayMs));
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PlcConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        PollingConsumer consumer = new PollingConsumer(
                this, processor, ready.pollInterval(), () -> new PlcDevice(ready, table, Clock.systemUTC()));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("plc: reads only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setDriver(Map<String, Object> driver) {
        this.driver = Map.copyOf(driver);
    }

    public void setPollIntervalMs(long pollIntervalMs) {
        this.pollIntervalMs = pollIntervalMs;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setMaxTags(int maxTags) {
        this.maxTags = maxTags;
    }

    public void setRequestPauseMs(long requestPauseMs) {
        this.requestPauseMs = requestPauseMs;
    }

    public void setMaxRequestsPerSecond(int maxRequestsPerSecond) {
        this.maxRequestsPerSecond = maxRequestsPerSecond;
    }

    public void setReconnectMaxDelayMs(long reconnectMaxDelayMs) {
        this.reconnectMaxDelayMs = reconnectMaxDelayMs;
    }
}
