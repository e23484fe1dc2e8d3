package io.streamforge.ledger;

import io.streamforge.model.Ledger.Kind;

/**
 * Counts of one series and minute, or of whatever they are added up over.
 *
 * @param clean all readings on {@code telemetry.clean}, the synthetic and the approved ones among them
 * @param repeated of those read, the ones that the adapter sent twice
 * @param late of those clean, the ones that came too late for a stage's windows
 * @param pollFailed polls that the device did not answer, as this and the next four say apart from readings what never became any
 * @param pollSkipped polls that were due and not made
 * @param lost by the source, before the stream had it
 * @param unmapped what came and no point takes
 * @param turnedAway what the sender was told to keep
 */
record Sums(
        long read,
        long reprocessed,
        long approved,
        long clean,
        long synthetic,
        long dead,
        long duplicateDropped,
        long repeated,
        long late,
        long pollFailed,
        long pollSkipped,
        long lost,
        long unmapped,
        long turnedAway) {

    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    Sums plus(Sums other) {
        return new Sums(
                read + other.read,
                reprocessed + other.reprocessed,
                approved + other.approved,
                clean + other.clean,
                synthetic + other.synthetic,
                dead + other.dead,
                duplicateDropped + other.duplicateDropped,
                repeated + other.repeated,
                late + other.late,
                pollFailed + other.pollFailed,
                pollSkipped + other.pollSkipped,
                lost + other.lost,
                unmapped + other.unmapped,
                turnedAway + other.turnedAway);
    }

    Sums plus(Kind kind, long count) {
        return plus(
                switch (kind) {
                    case READ -> new Sums(count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    case REPROCESSED -> new Sums(0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    case APPROVED -> new Sums(0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    case CLEAN -> new Sums(0, 0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    case SYNTHETIC -> new Sums(0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    case DEAD -> new Sums(0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0);
                    case DUPLICATE_DROPPED -> new Sums(0, 0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0, 0);
                    case REPEATED -> new Sums(0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0);
                    case LATE -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0);
                    case POLL_FAILED -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0, 0);
                    case POLL_SKIPPED -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0);
                    case LOST -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0);
                    case UNMAPPED -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0);
                    case TURNED_AWAY -> new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count);
                    case SEQUENCE_GAP, SINK_DEAD, DELIVERED -> NONE;
                });
    }

    /** What went in and did not come out: above 0 lost, below 0 more came out than went in. */
    long missing() {
        return read + reprocessed + approved - (clean - synthetic + dead + duplicateDropped);
    }

    /** What it means that they do not balance. Exactly once nothing comes twice; at least once, what was written just before a failure does. */
    String verdict() {
        return missing() > 0 ? "missing" : "repeated: at-least-once";
    }
}
