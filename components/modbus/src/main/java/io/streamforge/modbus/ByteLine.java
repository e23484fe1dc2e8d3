package io.streamforge.modbus;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** A line that carries bytes and knows nothing of frames. Confined to one thread at a time but for {@link #close}. */
interface ByteLine extends Closeable {

    void open() throws IOException;

    void write(byte[] bytes) throws IOException;

    /**
     * Takes what has come, or waits for some.
     *
     * @param patience longest wait for the first byte, more than zero
     * @return how many bytes were put into the buffer; 0 if none came in time
     * @throws IOException if the line has gone
     */
    int read(byte[] buffer, int offset, Duration patience) throws IOException;

    /** The silence that must stand between two frames (MODBUS over Serial Line V1.02 §2.5.1.1: 3.5 characters). */
    Duration silence();
}
