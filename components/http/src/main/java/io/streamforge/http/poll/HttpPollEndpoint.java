package io.streamforge.http.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.PollingConsumer;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import java.time.Clock;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Polls a service. The body of an exchange is the {@code List<Observation>} of one answer. The route starts whether or not the service is there. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "http-poll",
        title = "HTTP poll",
        syntax = "http-poll:name",
        consumerOnly = true)
public final class HttpPollEndpoint extends DefaultEndpoint {

    @UriParam(description = "The mapping, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam
    private String url = "";

    @UriParam
    private String headers = "";

    @UriParam
    private String username = "";

    @UriParam(secret = true)
    private String secret = "";

    @UriParam(defaultValue = "Authorization")
    private String secretHeader = PollConfig.DEFAULT_SECRET_HEADER;

    @UriParam(label = "security")
    private String tokenUrl = "";

    @UriParam(label = "security")
    private String clientId = "";

    @UriParam(label = "security", secret = true)
    private String clientSecret = "";

    @UriParam(label = "security")
    private String scope = "";

    @UriParam(label = "security")
    private String caFile = "";

    @UriParam(label = "security")
    private String certificateFile = "";

    @UriParam(label = "security")
    private String keyFile = "";

    @UriParam(defaultValue = "10000")
    private long pollIntervalMs = PollConfig.DEFAULT_POLL_INTERVAL_MS;

    @UriParam(defaultValue = "5000")
    private long timeoutMs = PollConfig.DEFAULT_TIMEOUT_MS;

    @UriParam(defaultValue = "0")
    private int maxRequestsPerSecond;

    @UriParam(defaultValue = "2")
    private int retries = PollConfig.DEFAULT_RETRIES;

    @UriParam(defaultValue = "30000")
    private long retryMaxDelayMs = PollConfig.DEFAULT_RETRY_MAX_DELAY_MS;

    @UriParam(defaultValue = "1048576")
    private int maxBodyBytes = PollConfig.DEFAULT_MAX_BODY_BYTES;

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private String epochUnit = EpochUnit.MS.key();

    private @Nullable PollConfig config;
    private @Nullable PayloadMapping mapping;

    HttpPollEndpoint(String uri, HttpPollComponent component) {
        super(uri, component);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        PollConfig checked = config();
        config = checked;
        mapping = PayloadMapping.of("HTTP points", points, Set.of(), checked.epochUnit());
    }

    /** What the options say. */
    PollConfig config() {
        return PollConfig.of(
                url,
                headers,
                new Credentials(username, secret, secretHeader),
                new TokenGrant(tokenUrl, clientId, clientSecret, scope),
                new TlsFiles(caFile, certificateFile, keyFile),
                pollIntervalMs,
                timeoutMs,
                maxRequestsPerSecond,
                retries,
                retryMaxDelayMs,
                maxBodyBytes,
                epochUnit);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PollConfig ready = config;
        PayloadMapping table = mapping;
        if (ready == null || table == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        PollingConsumer consumer = new PollingConsumer(
                this, processor, ready.pollInterval(), () -> new PolledService(ready, table, Clock.systemUTC()));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("http-poll: reads only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public void setHeaders(String headers) {
        this.headers = headers;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public void setSecret(String secret) {
        this.secret = secret;
    }

    public void setSecretHeader(String secretHeader) {
        this.secretHeader = secretHeader;
    }

    public void setTokenUrl(String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public void setClientSecret(String clientSecret) {
        this.clientSecret = clientSecret;
    }

    public void setScope(String scope) {
        this.scope = scope;
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

    public void setPollIntervalMs(long pollIntervalMs) {
        this.pollIntervalMs = pollIntervalMs;
    }

    public void setTimeoutMs(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public void setMaxRequestsPerSecond(int maxRequestsPerSecond) {
        this.maxRequestsPerSecond = maxRequestsPerSecond;
    }

    public void setRetries(int retries) {
        this.retries = retries;
    }

    public void setRetryMaxDelayMs(long retryMaxDelayMs) {
        this.retryMaxDelayMs = retryMaxDelayMs;
    }

    public void setMaxBodyBytes(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    public void setEpochUnit(String epochUnit) {
        this.epochUnit = epochUnit;
    }
}
