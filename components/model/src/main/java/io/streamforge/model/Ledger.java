package io.streamforge.model;

import java.time.Instant;

/**
 * An addition to the loss ledger: so many records of one series and minute met one fate. A stage writes it in the transaction of what it
 * counts, so entries add up and none replaces another.
 *
 * @param stage the route id of the stage that the records met this fate in
 * @param assetId empty where the records cannot be read
 * @param parameter empty for the asset as a whole
 * @param minute the minute of the records' gateway time, for DELIVERED and what a source states of the count; {@link Instant#EPOCH}
 *     where they cannot be read
 * @param count how many records, polls, or whatever the reason counts, at least 1
 * @param first the lowest offset counted in its partition; for SEQUENCE_GAP the first missing sequence; for what a source states the first of them,
 *     counted per reason since the gateway's start
 * @param last the highest offset counted; for SEQUENCE_GAP the last missing sequence; for what a source states the last of them
 * @param topic for DELIVERED the topic that was delivered, otherwise empty
 * @param partition for DELIVERED its partition, otherwise -1
 * @param reason for what a source states the name of a {@link Loss}, which may be one of a newer version; otherwise empty
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
        Origin origin,
        String topic,
        int partition,
        String reason) {

    /** An entry about records of a series. */
    public Ledger(
            Kind kind,
            String stage,
            String assetId,
            String parameter,
            Instant minute,
            long count,
            long first,
            long last,
            Origin origin) {
        this(kind, stage, assetId, parameter, minute, count, first, last, origin, "", -1, "");
    }

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
        SINK_DEAD,
        /** Accepted by a sink's system: so many of the records of one partition from {@code first} to {@code last}; the others it refused. */
        DELIVERED,
        /** Polls that a device did not answer: they made no record. */
        POLL_FAILED,
        /** Came when no window of the stage held its time any longer; counted as CLEAN too. */
        LATE,
        /** Polls that were due and not made. */
        POLL_SKIPPED,
        /** What a source had, or should have had, and the stream never will. */
        LOST,
        /** What came to a source and no point of its adapter takes. */
        UNMAPPED,
        /** What a source did not take and told the sender so, who still has it. */
        TURNED_AWAY
    }
}
