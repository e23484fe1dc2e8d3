package io.streamforge.controlplane.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A gateway's ledger in short.
 *
 * @param from beginning of what is summed up
 * @param adapters the sums of each adapter, by id
 * @param losses what the adapters' sources did not bring into the stream, by reason
 * @param sinks what each sink stated to have delivered of each topic
 * @param missing over all minutes that are settled
 * @param unbalanced settled minutes of series whose sums do not balance
 * @param gaps gaps in sequences
 * @param latestGaps at most ten of them, the latest first
 */
record LedgerSummary(
        String gatewayId,
        Instant from,
        List<LedgerSums> adapters,
        List<SourceLoss> losses,
        List<SinkDelivery> sinks,
        long missing,
        long unbalanced,
        long gaps,
        List<SequenceGap> latestGaps) {

    /**
     * What a source did not bring into the stream.
     *
     * @param reason what was counted and why, as the ledger names it: {@code QOS0_STREAM_SLOW}; newer gateways may have new ones
     * @param latest the last minute in which there was any
     */
    record SourceLoss(String adapterId, String reason, long count, Instant latest) {}

    /** @param delivered records that the sink's system accepted */
    record SinkDelivery(String sink, String topic, long delivered) {}

    /**
     * Numbers that are missing in {@code telemetry.raw}.
     *
     * @param minute of the reading that came after the gap
     */
    record SequenceGap(String adapterId, long epoch, String assetId, long first, long last, Instant minute) {}
}
