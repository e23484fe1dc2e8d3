package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One transition, or on the compacted topic the current state, of an alarm in the ISA-18.2 life cycle.
 *
 * @param alarmId stable for a rule and an asset
 * @param occurrenceId one activation of that alarm
 * @param assetId the asset, or the adapter where the alarm is about the system itself; the stream's key
 * @param type the kind of alarm, for instance {@code CLOCK_SKEW}
 * @param acked whether an operator acknowledged this occurrence
 * @param shelvedUntil null if not shelved
 * @param suppressedBy the rule or state that suppresses it by design, null if none
 * @param raisedAt when this occurrence became active
 * @param ackedAt null if not acknowledged
 * @param ackedBy null if not acknowledged
 * @param clearedAt null while its condition lasts
 * @param value the value that caused the transition, null for none
 * @param threshold the limit it was held against, null where the rule has none
 * @param unit UCUM code of value and threshold, empty for none
 * @param message the sentence an operator reads
 * @param ruleId the rule that raised it
 */
public record Alarm(
        String alarmId,
        String occurrenceId,
        String assetId,
        String type,
        Severity severity,
        State state,
        boolean acked,
        @Nullable Instant shelvedUntil,
        @Nullable String suppressedBy,
        Instant raisedAt,
        @Nullable Instant ackedAt,
        @Nullable String ackedBy,
        @Nullable Instant clearedAt,
        @Nullable Value value,
        @Nullable Value threshold,
        String unit,
        String message,
        String ruleId,
        Origin origin) {

    /** How urgent it is. */
    public enum Severity {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW
    }

    /** Where it stands. */
    public enum State {
        ACTIVE,
        ACKNOWLEDGED,
        CLEARED,
        SUPPRESSED
    }
}
