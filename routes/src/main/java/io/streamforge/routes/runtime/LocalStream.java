package io.streamforge.routes.runtime;

/** Whether the gateway's own stream can be used now. */
public interface LocalStream {

    /** The addresses it was given, {@code host:port} with commas. */
    String addresses();

    /** Whether the brokers answered when they were asked last. */
    boolean up();

    /** Whether its topics exist and the schema ids are known: once true, always true. */
    boolean prepared();
}
