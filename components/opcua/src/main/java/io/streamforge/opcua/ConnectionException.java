package io.streamforge.opcua;

import org.jspecify.annotations.Nullable;

/** A server cannot be used; the message is a sentence for an operator. */
final class ConnectionException extends Exception {

    ConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
