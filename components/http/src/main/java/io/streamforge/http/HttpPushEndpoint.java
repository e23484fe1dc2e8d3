package io.streamforge.http;

import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Takes readings that are posted to one path of one address. The body of an exchange is the {@code List<Observation>} of all requests that were waiting
 * when it began; they are answered when it is done.
 *
 * <p>The setters are Camel's edge; what they collected becomes a {@link PushConfig} when the endpoint is initialised, which fails with all its errors.
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "http-push",
        title = "HTTP push",
        syntax = "http-push:host:port/path",
        consumerOnly = true)
public final class HttpPushEndpoint extends DefaultEndpoint {

    @UriPath(description = "Address to listen on.")
    private final String host;

    @UriPath(description = "Port to listen on.")
    private final int port;

    @UriPath(defaultValue = "/")
    private final String path;

    @UriParam(description = "The key that senders show.", label = "security")
    private String apiKey = "";

    @UriParam(label = "security")
    private String certificateFile = "";

    @UriParam(label = "security")
    private String keyFile = "";

    @UriParam(label = "security")
    private String clientCaFile = "";

    @UriParam(defaultValue = "1048576")
    private int maxBodyBytes = PushConfig.DEFAULT_MAX_BODY_BYTES;

    @UriParam(defaultValue = "5000")
    private int maxReadings = PushConfig.DEFAULT_MAX_READINGS;

    @UriParam(defaultValue = "32")
    private int maxRequests = PushConfig.DEFAULT_MAX_REQUESTS;

    @UriParam(defaultValue = "10000")
    private long acknowledgeTimeoutMs = PushConfig.DEFAULT_ACKNOWLEDGE_TIMEOUT_MS;

    @UriParam(defaultValue = "asset")
    private String assetField = "asset";

    @UriParam(defaultValue = "parameter")
    private String parameterField = "parameter";

    @UriParam(defaultValue = "value")
    private String valueField = "value";

    @UriParam(defaultValue = "unit")
    private String unitField = "unit";

    @UriParam(defaultValue = "timestamp")
    private String timestampField = "timestamp";

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private String epochUnit = EpochUnit.MS.key();

    private @Nullable PushConfig config;
    private @Nullable ApiKey key;

    HttpPushEndpoint(String uri, HttpPushComponent component, String host, int port, String path) {
        super(uri, component);
        this.host = host;
        this.port = port;
        this.path = path;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        config = config();
        key = new ApiKey(apiKey);
    }

    /** What the options say. */
    PushConfig config() {
        EpochUnit unit = EpochUnit.of(epochUnit)
                .orElseThrow(() -> new IllegalArgumentException("HTTP source: epochUnit must be one of %s, got '%s'."
                        .formatted(
                                Arrays.stream(EpochUnit.values())
                                        .map(EpochUnit::key)
                                        .collect(Collectors.joining(", ")),
                                epochUnit)));
        return new PushConfig(
                host,
                port,
                path,
                tls(),
                maxBodyBytes,
                maxReadings,
                maxRequests,
                Duration.ofMillis(acknowledgeTimeoutMs),
                new Mapping(assetField, parameterField, valueField, unitField, timestampField, unit));
    }

    private @Nullable TlsFiles tls() {
        if (certificateFile.isEmpty() && !clientCaFile.isEmpty()) {
            throw new IllegalArgumentException(
                    "HTTP source: certificateFile and keyFile must be given for clientCaFile to be used.");
        }
        TlsFiles files = new TlsFiles(clientCaFile, certificateFile, keyFile);
        return certificateFile.isEmpty() ? null : files;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PushConfig ready = config;
        ApiKey shown = key;
        if (ready == null || shown == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        HttpPushConsumer consumer = new HttpPushConsumer(
                this, (HttpPushComponent) getComponent(), processor, ready, shown, Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("http-push: receives only; it cannot be used in to.");
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public void setCertificateFile(String certificateFile) {
        this.certificateFile = certificateFile;
    }

    public void setKeyFile(String keyFile) {
        this.keyFile = keyFile;
    }

    public void setClientCaFile(String clientCaFile) {
        this.clientCaFile = clientCaFile;
    }

    public void setMaxBodyBytes(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    public void setMaxReadings(int maxReadings) {
        this.maxReadings = maxReadings;
    }

    public void setMaxRequests(int maxRequests) {
        this.maxRequests = maxRequests;
    }

    public void setAcknowledgeTimeoutMs(long acknowledgeTimeoutMs) {
        this.acknowledgeTimeoutMs = acknowledgeTimeoutMs;
    }

    public void setAssetField(String assetField) {
        this.assetField = assetField;
    }

    public void setParameterField(String parameterField) {
        this.parameterField = parameterField;
    }

    public void setValueField(String valueField) {
        this.valueField = valueField;
    }

    public void setUnitField(String unitField) {
        this.unitField = unitField;
    }

    public void setTimestampField(String timestampField) {
        this.timestampField = timestampField;
    }

    public void setEpochUnit(String epochUnit) {
        this.epochUnit = epochUnit;
    }
}
