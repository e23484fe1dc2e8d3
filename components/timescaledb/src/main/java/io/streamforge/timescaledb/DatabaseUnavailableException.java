package io.streamforge.timescaledb;

import io.streamforge.model.UnavailableException;

/** The sink's database is away or not set up: what the breaker counts. */
final class DatabaseUnavailableException extends UnavailableException {

    DatabaseUnavailableException(String message) {
        super(message, null);
    }
}
