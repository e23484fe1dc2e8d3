package io.streamforge.modbus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.PollingConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Polls the points of the units behind one connection. The body of an exchange is the {@code List<Observation>} of one poll. The route starts whether
 * or not the device is there.
 *
 * <p>The setters are Camel's edge; what they collected becomes a {@link ModbusConfig} and a list of {@link Point} when the endpoint is initialised,
 * which fails with all errors of either.
 */
public abstract class ModbusEndpoint extends DefaultEndpoint {

    @UriParam(description = "The point table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(defaultValue = "1")
    private int unitId = ModbusConfig.DEFAULT_UNIT_ID;

    @UriParam(defaultValue = "1000")
    private long pollIntervalMs = ModbusConfig.DEFAULT_POLL_INTERVAL_MS;

    @UriParam(defaultValue = "1000")
    private long timeoutMs = ModbusConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "0")
    private long pauseMs = ModbusConfig.DEFAULT_PAUSE_MS;

    @UriParam(defaultValue = "0")
    private int maxRequestsPerSecond;

    @UriParam(defaultValue = "modicon", enums = "modicon,zero-based")
    private String addressing = Addressing.MODICON.key();

    @UriParam(defaultValue = "8")
    private int maxGap = ModbusConfig.DEFAULT_MAX_GAP;

    @UriParam(defaultValue = "125")
    private int maxBlock = Area.MAX_REGISTERS;

    @UriParam(defaultValue = "30000")
    private long reconnectMaxDelayMs = ModbusConfig.DEFAULT_RECONNECT_MAX_DELAY_MS;

    private @Nullable ModbusConfig config;
    private List<Point> table = List.of();

    ModbusEndpoint(String uri, Component component) {
        super(uri, component);
    }

    /** How the units are reached, by the endpoint's own options. */
    abstract Transport transport();

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        table = PointTable.parse(points, config);
    }

    /** What the options say. */
    ModbusConfig config() {
        return new ModbusConfig(
                transport(),
                unitId,
                Duration.ofMillis(pollIntervalMs),
                Duration.ofMillis(timeoutMs),
                Duration.ofMillis(pauseMs),
                maxRequestsPerSecond,
                choice("addressing", addressing, Addressing.values(), Addressing::key),
                maxGap,
                maxBlock,
                Duration.ofMillis(reconnectMaxDelayMs));
    }

    static <E> E choice(String option, String given, E[] values, Function<E, String> key) {
        return Arrays.stream(values)
                .filter(value -> key.apply(value).equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s must be one of %s, got '%s'."
                        .formatted(option, Arrays.stream(values).map(key).collect(Collectors.joining(", ")), given)));
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ModbusConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        PollingConsumer consumer = new PollingConsumer(
                this, processor, ready.pollInterval(), () -> new ModbusDevice(ready, table, Clock.systemUTC()));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("modbus reads on its own; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setUnitId(int unitId) {
        this.unitId = unitId;
    }

    public void setPollIntervalMs(long pollIntervalMs) {
        this.pollIntervalMs = pollIntervalMs;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setPauseMs(long pauseMs) {
        this.pauseMs = pauseMs;
    }

    public void setMaxRequestsPerSecond(int maxRequestsPerSecond) {
        this.maxRequestsPerSecond = maxRequestsPerSecond;
    }

    public void setAddressing(String addressing) {
        this.addressing = addressing;
    }

    public void setMaxGap(int maxGap) {
        this.maxGap = maxGap;
    }

    public void setMaxBlock(int maxBlock) {
        this.maxBlock = maxBlock;
    }

    public void setReconnectMaxDelayMs(long reconnectMaxDelayMs) {
        this.reconnectMaxDelayMs = reconnectMaxDelayMs;
    }
}
