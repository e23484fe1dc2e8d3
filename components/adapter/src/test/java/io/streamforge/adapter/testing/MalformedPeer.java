package io.streamforge.adapter.testing;

/** A device that sends malformed pieces. */
interface MalformedPeer extends AutoCloseable {

    int port();

    /** The last malformed piece that was sent. */
    byte[] last();

    /** What comes now belongs to a new conversation. */
    void next();

    @Override
    void close();
}
