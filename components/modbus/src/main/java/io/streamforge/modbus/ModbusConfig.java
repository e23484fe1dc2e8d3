package io.streamforge.modbus;

import io.streamforge.adapter.OptionErrors;
import java.time.Duration;

/**
 * How to talk to one device. Reports everything that is wrong with it at once.
 *
 * @param host name or address
 * @param port TCP port, 1–65535
 * @param unitId 0–255
 * @param pollInterval from the start of one poll to the start of the next, at least 50 ms
 * @param timeout for connecting and for each answer, at least 50 ms
 * @param addressing how the point table writes addresses
 * @param maxGap unwanted registers in a row that are read along, 0–124
 * @param maxBlock most registers in one request, 4–125: a 64-bit value must fit
 * @param reconnectMaxDelay cap of the delay between attempts to connect, at least 100 ms
 */
record ModbusConfig(
        String host,
        int port,
        int unitId,
        Duration pollInterval,
        Duration timeout,
        Addressing addressing,
        int maxGap,
        int maxBlock,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; kamelets/modbus-tcp-source says the same. */
    static final int DEFAULT_PORT = 502;

    static final int DEFAULT_UNIT_ID = 1;
    static final long DEFAULT_POLL_INTERVAL_MS = 1000;
    static final long DEFAULT_TIMEOUT_MS = 1000;
    static final int DEFAULT_MAX_GAP = 8;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    ModbusConfig {
        OptionErrors errors = new OptionErrors();
        errors.notBlank("host", host);
        errors.range("port", port, 1, 65535);
        errors.range("unitId", unitId, 0, 255);
        errors.range("pollIntervalMs", pollInterval.toMillis(), 50, 86_400_000);
        errors.range("timeoutMs", timeout.toMillis(), 50, 60_000);
        errors.range("maxGap", maxGap, 0, Area.MAX_REGISTERS - 1);
        errors.range("maxBlock", maxBlock, 4, Area.MAX_REGISTERS);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        errors.throwIfAny("Modbus device %s:%d".formatted(host, port));
    }

    /** Host and port, as logs and messages name the device. */
    String device() {
        return host + ":" + port;
    }
}
