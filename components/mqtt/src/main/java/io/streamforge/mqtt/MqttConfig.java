package io.streamforge.mqtt;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to one broker. Reports everything that is wrong with it at once.
 *
 * @param host name or address
 * @param port TCP port, 1–65535
 * @param webSocketPath where the broker's WebSocket is, for instance {@code /mqtt}; empty for plain TCP
 * @param version of the protocol
 * @param tls null without
 * @param user empty for none
 * @param password empty for none; never in a message
 * @param clientId by which the broker knows the session
 * @param sessionExpiry how long the broker keeps the session of a client that is away, 0–10 years; zero for a clean one. MQTT 3.1.1 has no limit
 * @param keepAlive longest silence of either side, 1–65535 s
 * @param receiveMaximum most messages that wait for the stream, 1–65535
 * @param maxMessageBytes largest message, 1 KiB–16 MiB
 * @param epochUnit of times that are numbers
 * @param retained what is done with messages that the broker kept
 * @param timeout for connecting and for each answer, 100 ms–60 s
 * @param reconnectMaxDelay cap of the delay between attempts to connect, 100 ms–1 h
 */
record MqttConfig(
        String host,
        int port,
        String webSocketPath,
        Version version,
        @Nullable TlsFiles tls,
        String user,
        String password,
        String clientId,
        Duration sessionExpiry,
        Duration keepAlive,
        int receiveMaximum,
        int maxMessageBytes,
        EpochUnit epochUnit,
        Retained retained,
        Duration timeout,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; kamelets/mqtt-source says the same. */
    static final int DEFAULT_PORT = 1883;

    static final long DEFAULT_SESSION_EXPIRY_S = 86_400;
    static final int DEFAULT_KEEP_ALIVE_S = 30;
    static final int DEFAULT_RECEIVE_MAXIMUM = 1000;
    static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_576;
    static final long DEFAULT_TIMEOUT_MS = 10_000;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    /** Of the protocol. */
    enum Version {
        V5("5"),
        V3("3.1.1");

        private final String key;

        Version(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }
    }

    /** Messages that the broker kept and sends to whoever subscribes. */
    enum Retained {
        TAKE,
        IGNORE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    MqttConfig {
        OptionErrors errors = new OptionErrors();
        errors.notBlank("host", host);
        errors.range("port", port, 1, 65_535);
        if (!webSocketPath.isEmpty() && !webSocketPath.startsWith("/")) {
            errors.add("webSocketPath must begin with /, got '%s'".formatted(webSocketPath));
        }
        errors.notBlank("clientId", clientId);
        errors.range("sessionExpiryS", sessionExpiry.toSeconds(), 0, 315_360_000);
        errors.range("keepAliveS", keepAlive.toSeconds(), 1, 65_535);
        errors.range("receiveMaximum", receiveMaximum, 1, 65_535);
        errors.range("maxMessageBytes", maxMessageBytes, 1024, 16_777_216);
        errors.range("timeoutMs", timeout.toMillis(), 100, 60_000);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        if (user.isEmpty() && !password.isEmpty()) {
            errors.add("user must not be empty where there is a password");
        }
        errors.throwIfAny("MQTT broker %s:%d".formatted(host, port));
    }

    /** Host and port, as logs and messages name the broker. */
    String broker() {
        return host + ":" + port;
    }

    /** True if the broker keeps what is published while nobody is connected. */
    boolean persistent() {
        return !sessionExpiry.isZero();
    }
}
