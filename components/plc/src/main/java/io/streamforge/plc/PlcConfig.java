package io.streamforge.plc;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.Pace;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How to talk to one PLC. Reports everything that is wrong with it at once.
 *
 * @param host name or address
 * @param port of TCP, or of UDP for BACnet, 1–65535
 * @param options the driver's own, by name; those left out take the driver's defaults
 * @param pollInterval from the start of one poll to the start of the next, at least 50 ms
 * @param timeout for connecting and for each answer, at least 50 ms
 * @param maxTags most points in one request, at least 1
 * @param requestPause between an answer and the next request
 * @param ceiling most requests in a second, 0 for any number
 * @param reconnectMaxDelay cap of the delay between attempts to connect, at least 100 ms
 */
record PlcConfig(
        Driver driver,
        String host,
        int port,
        Map<String, String> options,
        Duration pollInterval,
        Duration timeout,
        int maxTags,
        Duration requestPause,
        int ceiling,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; the Kamelets say the same. */
    static final long DEFAULT_POLL_INTERVAL_MS = 1000;

    static final long DEFAULT_TIMEOUT_MS = 2000;
    static final int DEFAULT_MAX_TAGS = 20;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    PlcConfig {
        OptionErrors errors = new OptionErrors();
        errors.notBlank("host", host);
        errors.range("port", port, 1, 65535);
        options = driver.complete(options, errors);
        errors.range("pollIntervalMs", pollInterval.toMillis(), 50, 86_400_000);
        errors.range("timeoutMs", timeout.toMillis(), 50, 60_000);
        errors.range("maxTags", maxTags, 1, 1000);
        errors.range("requestPauseMs", requestPause.toMillis(), 0, 10_000);
        Pace.check(errors, ceiling);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        errors.throwIfAny("%s device %s:%d".formatted(driver.title(), host, port));
    }

    /** One of the driver's own options, which are complete. */
    String option(String name) {
        return Objects.requireNonNull(options.get(name), name);
    }

    /** Host and port, as logs and messages name the device. */
    String device() {
        return host + ":" + port;
    }
}
