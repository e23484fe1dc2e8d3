package io.streamforge.opcua;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.OptionErrors;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.UaRuntimeException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to one server. Reports everything that is wrong with it at once.
 *
 * @param url {@code opc.tcp://host:port/path}; host and port are used whatever the server says of itself
 * @param messages of no meaning without a security policy
 * @param user name for {@link Login#USER}
 * @param password for {@link Login#USER}
 * @param publishingInterval at which the server sends what it has queued, 50 ms to 1 h
 * @param samplingInterval at which the server looks at a node whose point says nothing else, up to 1 h; zero is as fast as it can
 * @param queueSize values that the server keeps of each node between two publishings and while the connection is cut, 1–10,000
 * @param timeout for connecting and for each answer, at least 100 ms
 * @param sessionTimeout how long the server keeps session and queues without a connection, 10 s to 1 h
 * @param alarms the node whose alarms are taken, null for none
 * @param reconnectMaxDelay cap of the delay between attempts to connect, at least 100 ms
 */
record OpcUaConfig(
        String url,
        Policy security,
        MessageSecurity messages,
        Login login,
        String user,
        String password,
        Duration publishingInterval,
        Duration samplingInterval,
        int queueSize,
        Duration timeout,
        Duration sessionTimeout,
        @Nullable ExpandedNodeId alarms,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; kamelets/opcua-source says the same. */
    static final Policy DEFAULT_SECURITY = Policy.BASIC256_SHA256;

    static final MessageSecurity DEFAULT_MESSAGES = MessageSecurity.SIGN_AND_ENCRYPT;
    static final Login DEFAULT_LOGIN = Login.ANONYMOUS;
    static final long DEFAULT_PUBLISHING_INTERVAL_MS = 500;
    static final long DEFAULT_SAMPLING_INTERVAL_MS = 500;
    static final int DEFAULT_QUEUE_SIZE = 100;
    static final long DEFAULT_TIMEOUT_MS = 5000;
    static final long DEFAULT_SESSION_TIMEOUT_MS = 60_000;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    private static final String URL = "opc\\.tcp://[A-Za-z0-9._:\\[\\]%-]+(/[A-Za-z0-9._~/%-]*)?";

    OpcUaConfig {
        OptionErrors errors = new OptionErrors();
        if (!url.matches(URL)) {
            errors.add("url must be opc.tcp://host:port, with a path if the server has one, got '%s'".formatted(url));
        }
        if (login == Login.USER) {
            errors.notBlank("user", user);
        }
        errors.range("publishingIntervalMs", publishingInterval.toMillis(), 50, 3_600_000);
        errors.range("samplingIntervalMs", samplingInterval.toMillis(), 0, 3_600_000);
        errors.range("queueSize", queueSize, 1, 10_000);
        errors.range("timeoutMs", timeout.toMillis(), 100, 60_000);
        errors.range("sessionTimeoutMs", sessionTimeout.toMillis(), 10_000, 3_600_000);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        errors.throwIfAny("OPC UA server %s".formatted(url));
    }

    /**
     * From an endpoint's options as they are written.
     *
     * @throws IllegalArgumentException with all errors
     */
    static OpcUaConfig parse(
            String url,
            String security,
            String messages,
            String login,
            String user,
            String password,
            long publishingIntervalMs,
            long samplingIntervalMs,
            int queueSize,
            long timeoutMs,
            long sessionTimeoutMs,
            String alarms,
            long reconnectMaxDelayMs) {
        OptionErrors errors = new OptionErrors();
        Optional<Policy> policy = errors.choice("security", security, Policy.values(), Policy::key);
        Optional<MessageSecurity> mode =
                errors.choice("messageSecurity", messages, MessageSecurity.values(), MessageSecurity::key);
        Optional<Login> kind = errors.choice("login", login, Login.values(), Login::key);
        ExpandedNodeId notifier = notifier(alarms, errors);
        errors.throwIfAny("OPC UA server %s".formatted(url));
        return new OpcUaConfig(
                url,
                policy.orElseThrow(),
                mode.orElseThrow(),
                kind.orElseThrow(),
                user,
                password,
                Duration.ofMillis(publishingIntervalMs),
                Duration.ofMillis(samplingIntervalMs),
                queueSize,
                Duration.ofMillis(timeoutMs),
                Duration.ofMillis(sessionTimeoutMs),
                notifier,
                Duration.ofMillis(reconnectMaxDelayMs));
    }

    private static @Nullable ExpandedNodeId notifier(String text, OptionErrors errors) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return ExpandedNodeId.parse(text);
        } catch (UaRuntimeException e) {
            errors.add(
                    "alarms must be a node id as i=2253 or nsu=urn:plant;s=Press, or empty, got '%s'".formatted(text));
            return null;
        }
    }

    /**
     * From a connector's properties; those left out take its defaults.
     *
     * @throws IllegalArgumentException with all errors
     */
    static OpcUaConfig parse(JsonNode properties) {
        return parse(
                properties.path("url").asText(""),
                properties.path("security").asText(DEFAULT_SECURITY.key()),
                properties.path("messageSecurity").asText(DEFAULT_MESSAGES.key()),
                properties.path("login").asText(DEFAULT_LOGIN.key()),
                properties.path("user").asText(""),
                properties.path("password").asText(""),
                properties.path("publishingIntervalMs").asLong(DEFAULT_PUBLISHING_INTERVAL_MS),
                properties.path("samplingIntervalMs").asLong(DEFAULT_SAMPLING_INTERVAL_MS),
                properties.path("queueSize").asInt(DEFAULT_QUEUE_SIZE),
                properties.path("timeoutMs").asLong(DEFAULT_TIMEOUT_MS),
                properties.path("sessionTimeoutMs").asLong(DEFAULT_SESSION_TIMEOUT_MS),
                properties.path("alarms").asText(""),
                properties.path("reconnectMaxDelayMs").asLong(DEFAULT_RECONNECT_MAX_DELAY_MS));
    }

    MessageSecurityMode mode() {
        return security == Policy.NONE ? MessageSecurityMode.None : messages.mode();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "%s %s".formatted(url, security.key());
    }
}
