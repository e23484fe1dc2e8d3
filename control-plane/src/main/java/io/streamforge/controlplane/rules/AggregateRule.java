package io.streamforge.controlplane.rules;

import org.jspecify.annotations.Nullable;

/**
 * Windows of one length.
 *
 * @param resolutionMs their length; it divides a day, and is a multiple of the finer windows that they are made of
 * @param allowedLatenessMs how far event time must have passed a window's end before it is given out; null: 2000 for windows of readings, 5000
 *     for windows of windows
 * @param heldMs for how long after its end late data still corrects a window; null: half a minute, at least as long as what it is made of
 * @param worstCounted the worst quality whose values count, null: UNCERTAIN. Windows of windows have it from those
 */
public record AggregateRule(
        int resolutionMs,
        @Nullable Integer allowedLatenessMs,
        @Nullable Integer heldMs,
        @Nullable CountedQuality worstCounted) {

    /** A quality whose values may count; BAD never does. */
    public enum CountedQuality {
        GOOD,
        SUSPECT,
        UNCERTAIN
    }
}
