package io.streamforge.it.bench.modbus;

/** One way to poll the same registers of the same server at the same pace. */
interface Poller extends AutoCloseable {

    /** Polls begin. */
    void go() throws Exception;

    /** Polls end; everything is kept for the next {@link #go}. */
    void halt() throws Exception;

    /** Polls that were answered whole so far. */
    long polls();
}
