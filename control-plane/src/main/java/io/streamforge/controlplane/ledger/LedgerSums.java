package io.streamforge.controlplane.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of the readings of an adapter, or of one of its series, in a span of time by the gateway's clock. {@code read + reprocessed +
 * approved = clean − synthetic + dead + duplicateDropped}.
 *
 * @param at when the span begins; null for what cannot be read and so has no time
 * @param adapterId null for what cannot be read
 * @param assetId null in the sums of a whole adapter
 * @param parameter null in the sums of a whole adapter
 * @param repeated of those read, the ones that the adapter sent twice
 * @param sinkDead of those clean, the ones that a sink refused
 * @param late of those clean, the ones that came too late for a stage's windows
 * @param failedPolls polls that the device did not answer; they made no reading
 * @param skippedPolls polls that were due and not made
 * @param lost what the source lost before the stream had it
 * @param unmapped what came to the source and no point takes
 * @param turnedAway what the source did not take, as its sender was told
 * @param missing what went in and did not come out; below 0 more came out than went in
 * @param open whether the span is so recent that its counts may still be on their way
 */
record LedgerSums(
        String gatewayId,
        @Nullable Instant at,
        @Nullable String adapterId,
        @Nullable String assetId,
        @Nullable String parameter,
        long read,
        long reprocessed,
        long approved,
        long clean,
        long synthetic,
        long dead,
        long duplicateDropped,
        long repeated,
        long sinkDead,
        long late,
        long failedPolls,
        long skippedPolls,
        long lost,
        long unmapped,
        long turnedAway,
        long missing,
        boolean open) {}
