package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a route's source does, as its gateway's last heartbeat told: counts since the source's start, and its load on the device of late.
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
@JsonIgnoreProperties(ignoreUnknown = true)
public record SourceStatus(
        @PositiveOrZero long polls,
        @PositiveOrZero long failedPolls,
        @PositiveOrZero long skippedPolls,
        @PositiveOrZero long undelivered,
        @NotNull @Size(max = 1000) SortedMap<String, Long> errors,
        @PositiveOrZero long goodPoints,
        @PositiveOrZero long badPoints,
        @Nullable @Valid Requests requests) {

    /**
     * Requests to the device over the last minute, or since the source's start.
     *
     * @param perS how many went out per second
     * @param ceiling most that may per second, null if there is no limit
     * @param p50Ms half of the answers took no longer than this; null if there were none
     * @param p99Ms 99 of 100 answers took no longer than this; null if there were none
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Requests(
            @PositiveOrZero double perS,
            @Nullable @Positive Integer ceiling,
            @Nullable @PositiveOrZero Integer p50Ms,
            @Nullable @PositiveOrZero Integer p99Ms) {}
}
