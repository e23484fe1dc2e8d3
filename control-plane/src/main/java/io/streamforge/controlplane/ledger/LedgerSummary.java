package io.streamforge.controlplane.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A gateway's ledger in short.
 *
 * @param from beginning of what is summed up
 * @param adapters the sums of each adapter, by id
 * @param missing over all minutes that are settled
 * @param unbalanced settled minutes of series whose sums do not balance
 * @param gaps gaps in sequences
 * @param latestGaps at most ten of them, the latest first
 */
record LedgerSummary(
        String gatewayId,
        Instant from,
        List<LedgerSums> adapters,
        long missing,
        long unbalanced,
        long gaps,
        List<SequenceGap> latestGaps) {

    /**
     * Numbers that are missing in {@code telemetry.raw}.
     *
     * @param minute of the reading that came after the gap
     */
    record SequenceGap(String adapterId, long epoch, String assetId, long first, long last, Instant minute) {}
}
