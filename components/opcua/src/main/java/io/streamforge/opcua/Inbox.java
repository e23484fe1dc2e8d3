package io.streamforge.opcua;

import io.streamforge.model.Observation;
import java.util.List;

/** Where observations wait on their way to the stream. */
interface Inbox {

    /** Whether fewer wait than should; where more do, the server is not asked for more. */
    boolean hasRoom();

    /** Takes them, whether or not there is room. */
    void add(List<Observation> observations);

    /** Takes them as soon as there is room. */
    void put(List<Observation> observations) throws InterruptedException;
}
