package io.streamforge.routes.runtime;

import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.adapter.Traffic;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a route's source does, as heartbeat and health tell it: counts since the source's start, and its load on the device of late.
 *
 * @param polls polls, or what came by itself: messages, notifications
 * @param failedPolls those of them that brought nothing
 * @param skippedPolls those that were not made, or not taken, because an earlier one still ran or waited for the stream
 * @param undelivered those that the stream did not take at once
 * @param errors by protocol code and name
 * @param goodPoints values that were read
 * @param badPoints values that were to be read and could not be
 * @param requests null where it asks nobody
 */
public record SourceStatus(
        long polls,
        long failedPolls,
        long skippedPolls,
        long undelivered,
        SortedMap<String, Long> errors,
        long goodPoints,
        long badPoints,
        @Nullable Requests requests) {

    /**
     * Requests to the device over the last minute, or since the source's start.
     *
     * @param perS how many went out per second
     * @param ceiling most that may per second, null if there is no limit
     * @param p50Ms half of the answers took no longer than this; null if there were none
     * @param p99Ms 99 of 100 answers took no longer than this; null if there were none
     */
    public record Requests(
            double perS,
            @Nullable Integer ceiling,
            @Nullable Integer p50Ms,
            @Nullable Integer p99Ms) {}

    static SourceStatus of(Counters counters, Traffic traffic, @Nullable Requests requests) {
        return new SourceStatus(
                counters.polls(),
                counters.failedPolls(),
                counters.skippedPolls(),
                counters.undelivered(),
                counters.errors(),
                traffic.goodPoints(),
                traffic.badPoints(),
                requests);
    }
}
