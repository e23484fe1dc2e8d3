package io.streamforge.ledger;

import io.streamforge.model.Ledger.Kind;

/**
 * Counts of one series and minute, or of whatever they are added up over.
 *
 * @param clean all readings on {@code telemetry.clean}, the synthetic and the approved ones among them
 * @param repeated of those read, the ones that the adapter sent twice
 */
record Sums(
        long read,
        long reprocessed,
        long approved,
        long clean,
        long synthetic,
        long dead,
        long duplicateDropped,
        long repeated) {

    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0);

    Sums plus(Sums other) {
        return new Sums(
                read + other.read,
                reprocessed + other.reprocessed,
                approved + other.approved,
                clean + other.clean,
                synthetic + other.synthetic,
                dead + other.dead,
                duplicateDropped + other.duplicateDropped,
                repeated + other.repeated);
    }

    Sums plus(Kind kind, long count) {
        return plus(
                switch (kind) {
                    case READ -> new Sums(count, 0, 0, 0, 0, 0, 0, 0);
                    case REPROCESSED -> new Sums(0, count, 0, 0, 0, 0, 0, 0);
                    case APPROVED -> new Sums(0, 0, count, 0, 0, 0, 0, 0);
                    case CLEAN -> new Sums(0, 0, 0, count, 0, 0, 0, 0);
                    case SYNTHETIC -> new Sums(0, 0, 0, 0, count, 0, 0, 0);
                    case DEAD -> new Sums(0, 0, 0, 0, 0, count, 0, 0);
                    case DUPLICATE_DROPPED -> new Sums(0, 0, 0, 0, 0, 0, count, 0);
                    case REPEATED -> new Sums(0, 0, 0, 0, 0, 0, 0, count);
                    case SEQUENCE_GAP, SINK_DEAD -> NONE;
                });
    }

    /** What went in and did not come out: above 0 lost, below 0 more came out than went in. */
    long missing() {
        return read + reprocessed + approved - (clean - synthetic + dead + duplicateDropped);
    }
}
