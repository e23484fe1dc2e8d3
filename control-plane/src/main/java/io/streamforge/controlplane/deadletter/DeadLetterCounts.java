package io.streamforge.controlplane.deadletter;

import java.time.Instant;
import java.util.List;

/**
 * How many dead letters fit a filter.
 *
 * @param asOf given to a bulk decision, it concerns these letters and none that arrived later
 * @param approvable how many of them can be approved now
 * @param open how many of them can be discarded or reprocessed now
 * @param reasons by reason code, the most frequent first
 * @param fullGateways gateways whose further letters wait in their streams until some are decided
 */
record DeadLetterCounts(
        Instant asOf, long total, long approvable, long open, List<ReasonCount> reasons, List<String> fullGateways) {

    /** Letters of one reason; {@code open} of them can be decided about. */
    record ReasonCount(String reasonCode, long count, long open) {}
}
