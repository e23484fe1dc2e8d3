package io.streamforge.adapter;

import io.streamforge.model.Observation;
import java.util.List;

/** What came by itself, in one piece: a request, a message, a notification. Told once how it ended, by whichever of the last three is called. */
public interface Arrival {

    List<Observation> observations();

    /** Nobody waits for it any more: it is dropped if it was not yet handed over. */
    default boolean withdrawn() {
        return false;
    }

    /** The stream has it. */
    void taken();

    /** The stream did not take it, and whoever sent it must send it again. Never called where the queue tries again itself. */
    void refused();

    /** The source ended before the stream had it. */
    void abandoned();
}
