package io.streamforge.modbus;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.Pace;
import java.time.Duration;

/**
 * How to talk to the units behind one connection. Reports everything that is wrong with it at once.
 *
 * @param transport how they are reached
 * @param unitId of points that name none; 0–255 over Modbus TCP, 1–247 on a serial line
 * @param pollInterval from the start of one poll to the start of the next, at least 50 ms
 * @param timeout for connecting and for each answer, at least 50 ms
 * @param pause from an answer to the next request, at most 1 s, zero for none
 * @param ceiling most requests in a second, 0 for any number
 * @param addressing how the point table writes addresses
 * @param maxGap unwanted registers in a row that are read along, 0–124
 * @param maxBlock most registers in one request, 4–125: a 64-bit value must fit
 * @param reconnectMaxDelay cap of the delay between attempts to connect, or to reach a silent unit, at least 100 ms
 */
record ModbusConfig(
        Transport transport,
        int unitId,
        Duration pollInterval,
        Duration timeout,
        Duration pause,
        int ceiling,
        Addressing addressing,
        int maxGap,
        int maxBlock,
        Duration reconnectMaxDelay) {

    /** What an endpoint and a test take where nothing is said; the Kamelets say the same. */
    static final int DEFAULT_PORT = 502;

    static final int DEFAULT_UNIT_ID = 1;
    static final long DEFAULT_POLL_INTERVAL_MS = 1000;
    static final long DEFAULT_TIMEOUT_MS = 1000;
    static final long DEFAULT_PAUSE_MS = 0;
    static final int DEFAULT_MAX_GAP = 8;
    static final long DEFAULT_RECONNECT_MAX_DELAY_MS = 30_000;

    ModbusConfig {
        OptionErrors errors = new OptionErrors();
        transport.check(errors);
        errors.range("unitId", unitId, transport.leastUnit(), transport.greatestUnit());
        errors.range("pollIntervalMs", pollInterval.toMillis(), 50, 86_400_000);
        errors.range("timeoutMs", timeout.toMillis(), 50, 60_000);
        errors.range("pauseMs", pause.toMillis(), 0, 1000);
        Pace.check(errors, ceiling);
        errors.range("maxGap", maxGap, 0, Area.MAX_REGISTERS - 1);
        errors.range("maxBlock", maxBlock, 4, Area.MAX_REGISTERS);
        errors.range("reconnectMaxDelayMs", reconnectMaxDelay.toMillis(), 100, 3_600_000);
        errors.throwIfAny("Modbus device " + transport.name());
    }

    /** As logs and messages name the device. */
    String device() {
        return transport.name();
    }
}
