package io.streamforge.broker;

/** The broker cannot start; the message tells the operator why and what to do. */
public final class BrokerStartException extends RuntimeException {

    BrokerStartException(String message) {
        super(message);
    }

    BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
