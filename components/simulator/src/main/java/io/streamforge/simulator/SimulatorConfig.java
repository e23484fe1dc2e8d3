package io.streamforge.simulator;

import io.streamforge.adapter.OptionErrors;
import java.time.Duration;

/**
 * What all points of a simulated device share. Reports everything that is wrong with it at once.
 *
 * @param name as logs and messages name the device
 * @param pollInterval from the start of one poll to the start of the next, 10 ms to a day
 * @param seed of the random walks: the same seed makes the same walks
 * @param replayFile a CSV file whose first line names the columns; empty if nothing is replayed
 */
record SimulatorConfig(String name, Duration pollInterval, long seed, String replayFile) {

    /** What an endpoint and a test take where nothing is said; kamelets/simulator-source says the same. */
    static final long DEFAULT_POLL_INTERVAL_MS = 1000;

    static final long DEFAULT_SEED = 1;

    SimulatorConfig {
        OptionErrors errors = new OptionErrors();
        errors.range("pollIntervalMs", pollInterval.toMillis(), 10, 86_400_000);
        errors.throwIfAny("Simulator '%s'".formatted(name));
    }
}
