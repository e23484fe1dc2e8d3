package io.streamforge.adapter;

import io.streamforge.model.Losses;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a source component's consumer says about its device, so that the gateway can report a route's state and counters without knowing
 * the protocol. Implemented by the Camel {@code Consumer} itself; its methods may be called from any thread and never block.
 */
public interface SourceHealth {

    /** Why the route is DEGRADED, as a sentence for an operator; empty while every point is read. */
    Optional<String> fault();

    /** What has happened since the consumer's start. */
    Counters counters();

    /**
     * What the stream does not have of what the source had or should have had, for the ledger: it counts on by itself. A start may begin another; what is
     * added to an earlier one until its stop is counted, too.
     */
    Losses losses();

    /** How the device is used. */
    default Traffic traffic() {
        return Traffic.NONE;
    }

    /**
     * Counts since the consumer's start.
     *
     * @param polls polls that were due and attempted, also while the device was down
     * @param failedPolls those of them in which the connection failed or the device answered nothing
     * @param skippedPolls polls that could not even be attempted because an earlier one still ran or waited for the stream
     * @param undelivered exchanges that failed after the read
     * @param errors by protocol code and name, or {@code timeout}, {@code connection}, {@code protocol}, {@code value}
     */
    record Counters(long polls, long failedPolls, long skippedPolls, long undelivered, SortedMap<String, Long> errors) {

        /** Of a source that has not been started. */
        public static final Counters NONE = new Counters(0, 0, 0, 0, Collections.emptySortedMap());
    }
}
