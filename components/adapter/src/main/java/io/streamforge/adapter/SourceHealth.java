package io.streamforge.adapter;

import java.util.Optional;
import java.util.SortedMap;

/**
 * What a source component's consumer says about its device, so that the gateway can report a route's state and counters without knowing
 * the protocol. Implemented by the Camel {@code Consumer} itself; both methods may be called from any thread and never block.
 */
public interface SourceHealth {

    /** Why the route is DEGRADED, as a sentence for an operator; empty while every point is read. */
    Optional<String> fault();

    /** What has happened since the consumer's start. */
    Counters counters();

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
    record Counters(
            long polls, long failedPolls, long skippedPolls, long undelivered, SortedMap<String, Long> errors) {}
}
