package io.streamforge.adapter.testing;

import java.time.Duration;
import java.util.List;

/** The network between an adapter and its device, on the loopback, which breaks in all the ways a network does. */
public interface FaultyNetwork extends AutoCloseable {

    /** Where the adapter finds the device. */
    int port();

    /** What stands is broken, and what is new refused. */
    void cut();

    /** Everything passes again as it is. */
    void mend();

    /** What stands carries nothing any more, and does not end; what is new works. */
    void halfOpen();

    /** Each piece of an answer comes that much later. */
    void delay(Duration delay);

    /** Whether a delayed answer is under way. */
    boolean keepsWaiting();

    /** Answers keep their length, and nothing else. */
    void garble();

    /** What the device has answered so far, question by question, on each connection over which it did, in the order in which they were opened. */
    List<List<byte[]>> answers();

    /** How many questions the device has answered so far. */
    default int answered() {
        return answers().stream().mapToInt(List::size).sum();
    }

    @Override
    void close();
}
