package io.streamforge.knx;

import io.streamforge.model.Observation;
import java.util.List;

/** Where observations go on their way to the stream. Never waits: a bus does not either. */
interface Inbox {

    /** @param seen of one point, in the order of time over all points */
    void put(Point point, List<Observation> seen);

    /** Hands on what had to wait; whether some of it still has to. */
    default boolean waits() {
        return false;
    }
}
