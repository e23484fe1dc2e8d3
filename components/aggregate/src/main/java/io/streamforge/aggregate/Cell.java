package io.streamforge.aggregate;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import org.jspecify.annotations.Nullable;

/**
 * One contribution to a window. Cells have a total order that depends on what was measured and not on when it arrived: a window's sums run in
 * that order, which makes them the same to the last bit however often the stream was delayed, repeated or re-read.
 */
sealed interface Cell {

    /** Event time, microseconds since the epoch. */
    long time();

    /** Where it stands in its partition. */
    long offset();

    Source source();

    /** How many readings of this quality it stands for. */
    long readings(Quality quality);

    /** Its values as far as they count, null for none. */
    @Nullable
    Statistics statistics(Quality worstCounted);

    /** Negative, zero or positive; zero means that both are the same measurement, so that only one of them counts. */
    int compare(Cell other);

    /** Whether this cell takes the place of another that is the same measurement. */
    boolean replaces(Cell same);

    /** What an aggregate takes over from its latest contribution. */
    record Source(String unit, Origin origin) {}

    /**
     * A reading.
     *
     * @param value NaN for one that cannot be calculated with: none, a text, not finite
     */
    record Point(long time, long sequence, double value, Quality quality, long offset, Source source) implements Cell {

        @Override
        public long readings(Quality asked) {
            return quality == asked ? 1 : 0;
        }

        @Override
        public @Nullable Statistics statistics(Quality worstCounted) {
            return quality.compareTo(worstCounted) > 0 || Double.isNaN(value)
                    ? null
                    : new Statistics(value, value, value, 1, 0, value, value);
        }

        @Override
        public int compare(Cell other) {
            if (!(other instanceof Point point)) {
                return -1;
            }
            int byTime = Long.compare(time, point.time);
            int bySequence = byTime != 0 ? byTime : Long.compare(sequence, point.sequence);
            return bySequence != 0 ? bySequence : Double.compare(value, point.value);
        }

        @Override
        public boolean replaces(Cell same) {
            return false;
        }
    }

    /** A finer aggregate: of two for one window start the higher revision is right. Which qualities count was decided when it was made. */
    record Part(long time, Aggregate aggregate, long offset) implements Cell {

        @Override
        public Source source() {
            return new Source(aggregate.unit(), aggregate.origin());
        }

        @Override
        public long readings(Quality asked) {
            QualitySummary summary = aggregate.quality();
            return switch (asked) {
                case GOOD -> summary.good();
                case SUSPECT -> summary.suspect();
                case UNCERTAIN -> summary.uncertain();
                case BAD -> 0;
            };
        }

        @Override
        public @Nullable Statistics statistics(Quality worstCounted) {
            return aggregate.statistics();
        }

        @Override
        public int compare(Cell other) {
            return other instanceof Part part ? Long.compare(time, part.time) : 1;
        }

        @Override
        public boolean replaces(Cell same) {
            return aggregate.revision() > ((Part) same).aggregate.revision();
        }
    }
}
