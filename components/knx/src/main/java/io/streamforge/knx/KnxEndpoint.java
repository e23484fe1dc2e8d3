package io.streamforge.knx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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

/**
 * Listens to the groups of one KNX installation. The body of an exchange is the {@code List<Observation>} of the telegrams that were waiting. The
 * route starts whether or not the interface is there.
 *
 * <p>The setters are Camel's edge; what they collected becomes a {@link KnxConfig} and a list of {@link Point} when the endpoint is initialised, which
 * fails with all errors of either.
 */
@UriEndpoint(firstVersion = "1.0.0", scheme = "knx", title = "KNX", syntax = "knx:host:port", consumerOnly = true)
public final class KnxEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name or IPv4 address of the KNXnet/IP interface.")
    private final String host;

    @UriPath(description = "UDP port of the interface.")
    private final int port;

    @UriParam(description = "The point table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(defaultValue = "false")
    private boolean nat;

    @UriParam(defaultValue = "3000")
    private long timeoutMs = KnxConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "60000")
    private long heartbeatIntervalMs = KnxConfig.DEFAULT_HEARTBEAT_INTERVAL_MS;

    @UriParam(defaultValue = "0")
    private long readIntervalMs;

    @UriParam(defaultValue = "5")
    private int maxRequestsPerSecond = KnxConfig.DEFAULT_CEILING;

    @UriParam(defaultValue = "30000")
    private long reconnectMaxDelayMs = KnxConfig.DEFAULT_RECONNECT_MAX_DELAY_MS;

    private @Nullable KnxConfig config;
    private List<Point> table = List.of();

    KnxEndpoint(String uri, KnxComponent component, String host, int port) {
        super(uri, component);
        this.host = host;
        this.port = port;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        table = PointTable.parse(points);
    }

    /** What the options say. */
    KnxConfig config() {
        return new KnxConfig(
                host,
                port,
                nat,
                Duration.ofMillis(timeoutMs),
                Duration.ofMillis(heartbeatIntervalMs),
                Duration.ofMillis(readIntervalMs),
                maxRequestsPerSecond,
                Duration.ofMillis(reconnectMaxDelayMs));
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        KnxConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        KnxConsumer consumer = new KnxConsumer(this, processor, ready, table, Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("knx: is a source; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setNat(boolean nat) {
        this.nat = nat;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setHeartbeatIntervalMs(long heartbeatIntervalMs) {
        this.heartbeatIntervalMs = heartbeatIntervalMs;
    }

    public void setReadIntervalMs(long readIntervalMs) {
        this.readIntervalMs = readIntervalMs;
    }

    public void setMaxRequestsPerSecond(int maxRequestsPerSecond) {
        this.maxRequestsPerSecond = maxRequestsPerSecond;
    }

    public void setReconnectMaxDelayMs(long reconnectMaxDelayMs) {
        this.reconnectMaxDelayMs = reconnectMaxDelayMs;
    }
}
