package io.streamforge.knx;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.Pace;
import java.time.Duration;

/**
 * How to reach an installation. Reports everything that is wrong with it at once.
 *
 * @param host name or IPv4 address of the interface
 * @param port of UDP, 1–65535
 * @param nat whether the interface is to answer to where a datagram came from, instead of to the address that stands in it
 * @param timeout for each answer of the interface or of a device, 50 ms – 60 s; for acknowledgements at most one second
 * @param heartbeatInterval from one question whether the tunnel stands to the next, 1–60 s
 * @param readInterval from one round of questions to the next; zero for one round only, after each connect
 * @param ceiling most requests in a second, 0 for any number
 * @param reconnectMaxDelay cap of the delay between attempts to connect, at least 100 ms
 */
record KnxConfig(
        String host,
        int port,
        boolean nat,
        Duration timeout,
        Duration heartbeatInterval,
        Duration readInterval,
        int ceiling,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; the Kamelet says the same. */
    static final int DEFAULT_PORT = 3671;

    static final long DEFAULT_TIMEOUT_MS = 3000;

    /** KNX Standard 03_08_02 §5.4. */
    static final long DEFAULT_HEARTBEAT_INTERVAL_MS = 60_000;

    static final int DEFAULT_CEILING = 5;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    KnxConfig {
        OptionErrors errors = new OptionErrors();
        errors.notBlank("host", host);
        errors.range("port", port, 1, 65535);
        errors.range("timeoutMs", timeout.toMillis(), 50, 60_000);
        errors.range("heartbeatIntervalMs", heartbeatInterval.toMillis(), 1000, 60_000);
        errors.range("readIntervalMs", readInterval.toMillis(), 0, 86_400_000);
        Pace.check(errors, ceiling);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        errors.throwIfAny("KNX interface %s:%d".formatted(host, port));
    }

    /** @param properties of the connector; those left out take its defaults */
    static KnxConfig parse(JsonNode properties) {
        return new KnxConfig(
                properties.path("host").asText(""),
                properties.path("port").asInt(DEFAULT_PORT),
                properties.path("nat").asBoolean(false),
                millis(properties, "timeoutMs", DEFAULT_TIMEOUT_MS),
                millis(properties, "heartbeatIntervalMs", DEFAULT_HEARTBEAT_INTERVAL_MS),
                millis(properties, "readIntervalMs", 0),
                properties.path("maxRequestsPerSecond").asInt(DEFAULT_CEILING),
                millis(properties, "reconnectMaxDelayMs", DEFAULT_RECONNECT_MAX_DELAY_MS));
    }

    private static Duration millis(JsonNode properties, String option, long otherwise) {
        return Duration.ofMillis(properties.path(option).asLong(otherwise));
    }

    /** Host and port, as logs and messages name it. */
    String address() {
        return host + ":" + port;
    }
}
