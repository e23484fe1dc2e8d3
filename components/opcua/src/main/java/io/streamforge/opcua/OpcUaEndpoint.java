package io.streamforge.opcua;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Clock;
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
 * Monitors the points of one OPC UA server. The body of an exchange is the {@code List<Observation>} of the notifications that were waiting. The route
 * starts whether or not the server is there.
 *
 * <p>The setters are Camel's edge; what they collected becomes an {@link OpcUaConfig} and a list of {@link Point} when the endpoint is initialised, which
 * fails with all errors of either.
 */
@UriEndpoint(firstVersion = "1.0.0", scheme = "opcua", title = "OPC UA", syntax = "opcua:url", consumerOnly = true)
public final class OpcUaEndpoint extends DefaultEndpoint {

    @UriPath(description = "Address of the server, opc.tcp://host:port/path.")
    private final String url;

    @UriParam(description = "The point table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(defaultValue = "Basic256Sha256", enums = "none,Basic256Sha256,Aes128_Sha256_RsaOaep,Aes256_Sha256_RsaPss")
    private String security = OpcUaConfig.DEFAULT_SECURITY.key();

    @UriParam(defaultValue = "sign-and-encrypt", enums = "sign,sign-and-encrypt")
    private String messageSecurity = OpcUaConfig.DEFAULT_MESSAGES.key();

    @UriParam(defaultValue = "anonymous", enums = "anonymous,user,certificate")
    private String login = OpcUaConfig.DEFAULT_LOGIN.key();

    @UriParam(label = "security")
    private String user = "";

    @UriParam(label = "security", secret = true)
    private String password = "";

    @UriParam(defaultValue = "500")
    private long publishingIntervalMs = OpcUaConfig.DEFAULT_PUBLISHING_INTERVAL_MS;

    @UriParam(defaultValue = "500")
    private long samplingIntervalMs = OpcUaConfig.DEFAULT_SAMPLING_INTERVAL_MS;

    @UriParam(defaultValue = "100")
    private int queueSize = OpcUaConfig.DEFAULT_QUEUE_SIZE;

    @UriParam(defaultValue = "5000")
    private long timeoutMs = OpcUaConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "60000")
    private long sessionTimeoutMs = OpcUaConfig.DEFAULT_SESSION_TIMEOUT_MS;

    @UriParam(description = "Node whose alarms are taken; empty for none.")
    private String alarms = "";

    @UriParam(defaultValue = "30000")
    private long reconnectMaxDelayMs = OpcUaConfig.DEFAULT_RECONNECT_MAX_DELAY_MS;

    private @Nullable OpcUaConfig config;
    private List<Point> table = List.of();

    OpcUaEndpoint(String uri, OpcUaComponent component, String url) {
        super(uri, component);
        this.url = url;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        table = PointTable.parse(points);
    }

    /** What the options say. */
    OpcUaConfig config() {
        return OpcUaConfig.parse(
                url,
                security,
                messageSecurity,
                login,
                user,
                password,
                publishingIntervalMs,
                samplingIntervalMs,
                queueSize,
                timeoutMs,
                sessionTimeoutMs,
                alarms,
                reconnectMaxDelayMs);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        OpcUaConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        OpcUaComponent component = (OpcUaComponent) getComponent();
        OpcUaConsumer consumer =
                new OpcUaConsumer(this, component, processor, ready, table, component.pki(), Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("opcua: reads only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setSecurity(String security) {
        this.security = security;
    }

    public void setMessageSecurity(String messageSecurity) {
        this.messageSecurity = messageSecurity;
    }

    public void setLogin(String login) {
        this.login = login;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public void setPublishingIntervalMs(long publishingIntervalMs) {
        this.publishingIntervalMs = publishingIntervalMs;
    }

    public void setSamplingIntervalMs(long samplingIntervalMs) {
        this.samplingIntervalMs = samplingIntervalMs;
    }

    public void setQueueSize(int queueSize) {
        this.queueSize = queueSize;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setSessionTimeoutMs(long sessionTimeoutMs) {
        this.sessionTimeoutMs = sessionTimeoutMs;
    }

    public void setAlarms(String alarms) {
        this.alarms = alarms;
    }

    public void setReconnectMaxDelayMs(long reconnectMaxDelayMs) {
        this.reconnectMaxDelayMs = reconnectMaxDelayMs;
    }
}
