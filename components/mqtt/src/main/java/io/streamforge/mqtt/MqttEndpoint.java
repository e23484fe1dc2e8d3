package io.streamforge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Origin;
import io.streamforge.mqtt.MqttConfig.Retained;
import io.streamforge.mqtt.MqttConfig.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes at one MQTT broker. The body of an exchange is the {@code List<Observation>} of all messages that waited when it began; they are acknowledged
 * when it is done. The route starts whether or not the broker is there.
 *
 * <p>The setters are Camel's edge; what they collected becomes a {@link MqttConfig} and a list of {@link Row} when the endpoint is initialised, which
 * fails with all errors of either.
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "mqtt-source",
        title = "MQTT source",
        syntax = "mqtt-source:host:port",
        consumerOnly = true)
public final class MqttEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name or IP address of the broker.")
    private final String host;

    @UriPath(defaultValue = "1883")
    private final int port;

    @UriParam(description = "The subscription table, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(
            description =
                    "Whose session it is, as a bean reference to an Origin: gives the client id where none is set.")
    private @Nullable Origin origin;

    @UriParam
    private String webSocketPath = "";

    @UriParam(defaultValue = "5", enums = "5,3.1.1")
    private String protocolVersion = Version.V5.key();

    @UriParam(defaultValue = "false", label = "security")
    private boolean tls;

    @UriParam(label = "security")
    private String caFile = "";

    @UriParam(label = "security")
    private String certificateFile = "";

    @UriParam(label = "security")
    private String keyFile = "";

    @UriParam(label = "security")
    private String user = "";

    @UriParam(label = "security")
    private String password = "";

    @UriParam
    private String clientId = "";

    @UriParam(defaultValue = "86400")
    private long sessionExpiryS = MqttConfig.DEFAULT_SESSION_EXPIRY_S;

    @UriParam(defaultValue = "30")
    private int keepAliveS = MqttConfig.DEFAULT_KEEP_ALIVE_S;

    @UriParam(defaultValue = "1000")
    private int receiveMaximum = MqttConfig.DEFAULT_RECEIVE_MAXIMUM;

    @UriParam(defaultValue = "1048576")
    private int maxMessageBytes = MqttConfig.DEFAULT_MAX_MESSAGE_BYTES;

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private String epochUnit = EpochUnit.MS.key();

    @UriParam(defaultValue = "take", enums = "take,ignore")
    private String retained = Retained.TAKE.key();

    @UriParam(defaultValue = "10000")
    private long timeoutMs = MqttConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "30000")
    private long reconnectMaxDelayMs = MqttConfig.DEFAULT_RECONNECT_MAX_DELAY_MS;

    private @Nullable MqttConfig config;
    private List<Row> rows = List.of();

    MqttEndpoint(String uri, MqttComponent component, String host, int port) {
        super(uri, component);
        this.host = host;
        this.port = port;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        rows = Row.readAll(points);
    }

    /** What the options say. */
    MqttConfig config() {
        Origin from = origin;
        return new MqttConfig(
                host,
                port,
                webSocketPath,
                choice("protocolVersion", protocolVersion, Version.values(), Version::key),
                tls(tls, caFile, certificateFile, keyFile),
                user,
                password,
                clientId.isEmpty() && from != null
                        ? "streamforge-%s-%s".formatted(from.gatewayId(), from.adapterId())
                        : clientId,
                Duration.ofSeconds(sessionExpiryS),
                Duration.ofSeconds(keepAliveS),
                receiveMaximum,
                maxMessageBytes,
                choice("epochUnit", epochUnit, EpochUnit.values(), EpochUnit::key),
                choice("retained", retained, Retained.values(), Retained::key),
                Duration.ofMillis(timeoutMs),
                Duration.ofMillis(reconnectMaxDelayMs));
    }

    /** @throws IllegalArgumentException naming those that are known */
    static <E> E choice(String option, String given, E[] values, Function<E, String> key) {
        OptionErrors errors = new OptionErrors();
        Optional<E> chosen = errors.choice(option, given, values, key);
        errors.throwIfAny("MQTT source");
        return chosen.orElseThrow();
    }

    static @Nullable TlsFiles tls(boolean wanted, String caFile, String certificateFile, String keyFile) {
        OptionErrors errors = new OptionErrors();
        if (!wanted && !(caFile + certificateFile + keyFile).isEmpty()) {
            errors.add("tls must be on for caFile, certificateFile and keyFile to be used");
        }
        errors.throwIfAny("MQTT source");
        return wanted ? new TlsFiles(caFile, certificateFile, keyFile) : null;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        MqttConfig ready = config;
        if (ready == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        MqttConsumer consumer = new MqttConsumer(this, processor, ready, rows, Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("mqtt-source: receives only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setOrigin(Origin origin) {
        this.origin = origin;
    }

    public void setWebSocketPath(String webSocketPath) {
        this.webSocketPath = webSocketPath;
    }

    public void setProtocolVersion(String protocolVersion) {
        this.protocolVersion = protocolVersion;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public void setCaFile(String caFile) {
        this.caFile = caFile;
    }

    public void setCertificateFile(String certificateFile) {
        this.certificateFile = certificateFile;
    }

    public void setKeyFile(String keyFile) {
        this.keyFile = keyFile;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public void setSessionExpiryS(long sessionExpiryS) {
        this.sessionExpiryS = sessionExpiryS;
    }

    public void setKeepAliveS(int keepAliveS) {
        this.keepAliveS = keepAliveS;
    }

    public void setReceiveMaximum(int receiveMaximum) {
        this.receiveMaximum = receiveMaximum;
    }

    public void setMaxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    public void setEpochUnit(String epochUnit) {
        this.epochUnit = epochUnit;
    }

    public void setRetained(String retained) {
        this.retained = retained;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setReconnectMaxDelayMs(long reconnectMaxDelayMs) {
        this.reconnectMaxDelayMs = reconnectMaxDelayMs;
    }
}
