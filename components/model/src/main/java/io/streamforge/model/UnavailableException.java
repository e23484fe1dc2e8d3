package io.streamforge.model;

import org.jspecify.annotations.Nullable;

/**
 * Something that a stage or sink needs does not answer now, or is not set up yet: a registry, a database. It says nothing about the records,
 * so the stream's consumer keeps its offsets, waits and tries the same records again; it never divides the batch to look for a poison
 * record, as it does after any other exception.
 */
public class UnavailableException extends RuntimeException {

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
