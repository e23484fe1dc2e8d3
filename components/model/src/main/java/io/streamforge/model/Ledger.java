package io.streamforge.model;

import java.time.Instant;

/**
 * An addition to the loss ledger: so many records of one series and minute met one fate. A stage writes it in the transaction of what it
 * counts, so entries add up and none replaces another.
 *
 * @param stage the route id of the stage that the records met this fate in
 * @param assetId empty where the records cannot be read
 * @param parameter empty for the asset as a whole
 * @param minute the minute of the records' gateway time; {@link Instant#EPOCH} where they cannot be read
 * @param count how many records, at least 1
 * @param first the lowest offset counted in its partition; for SEQUENCE_GAP the first missing sequence
 * @param last the highest offset counted; for SEQUENCE_GAP the last missing sequence
 */
public record Ledger(
        Kind kind,
        String stage,
        String assetId,
        String parameter,
        Instant minute,
        long count,
        long first,
        long last,
        Origin origin) {

    /**
     * What happened to the records. For each series and minute READ + REPROCESSED + APPROVED = CLEAN − SYNTHETIC + DEAD + DUPLICATE_DROPPED;
     * the others stand beside that sum.
     */
    public enum Kind {
        /** On {@code telemetry.raw}. */
        READ,
        /** A dead letter that an operator sent through the rules again. */
        REPROCESSED,
        /** A dead letter that an operator let pass; counted as CLEAN too. */
        APPROVED,
        /** On {@code telemetry.clean}, whatever it came from. */
        CLEAN,
        /** A gap marker of the validator's own making; counted as CLEAN too. */
        SYNTHETIC,
        /** Refused, with its bytes on {@code dlq.telemetry}. */
        DEAD,
        /** Dropped by the duplicate rule: the same value of the same device time. */
        DUPLICATE_DROPPED,
        /** Sent twice by the adapter, byte for byte the same; counted as READ too. */
        REPEATED,
        /** Sequence numbers that never came. */
        SEQUENCE_GAP,
        /** Refused by a sink, with its bytes on {@code dlq.sink}. */
        SINK_DEAD
    }
}
