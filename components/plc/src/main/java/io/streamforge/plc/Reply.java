package io.streamforge.plc;

import io.streamforge.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of one request on a connection that still stands. */
sealed interface Reply {

    /**
     * The device has been asked about every point, though perhaps has no value.
     *
     * @param outcomes one per point, in the order of the request
     */
    record Answer(List<Outcome> outcomes) implements Reply {}

    /** The driver or the device failed the request as a whole. */
    record Failure(String reason) implements Reply {}

    /** There was no answer in time, or none that could be understood: the connection is of no more use. */
    record Lost(String reason) implements Reply {}

    /** What became of one point. */
    sealed interface Outcome {}

    /** @param elements its values, scaled; null is an element that holds none of the point's type */
    record Got(List<@Nullable Value> elements) implements Outcome {}

    /**
     * @param error by which it is counted
     * @param reason for the operator: the protocol's code and name
     */
    record Refused(String error, String reason) implements Outcome {}
}
