package io.streamforge.ledger;

import java.time.Duration;

/**
 * How the ledger is kept.
 *
 * @param stage the route's id
 * @param gatewayId for entries about what cannot be read
 * @param interval how long counts may wait before they are written, 1 s to 1 min
 * @param horizon for how long, by the gateway's time, the sequence of an asset that fell silent is remembered
 */
record Settings(String stage, String gatewayId, Duration interval, Duration horizon) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    Settings {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Ledger '%s': intervalMs must be 1000 to 60000, got %d.".formatted(stage, interval.toMillis()));
        }
        if (horizon.compareTo(interval) < 0) {
            throw new IllegalArgumentException("Ledger '%s': horizonMs must be at least intervalMs (%d), got %d."
                    .formatted(stage, interval.toMillis(), horizon.toMillis()));
        }
    }
}
