package io.streamforge.opcua;

import io.streamforge.model.Observation;
import java.util.List;

/** Where observations go on their way to the stream. */
interface Inbox {

    /** Waits while too many are under way: until then the server is not asked for more. */
    void put(List<Observation> observations) throws InterruptedException;
}
