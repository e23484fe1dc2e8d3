package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a window's cells amount to. Two passes in the cells' canonical order with compensated sums (Neumaier): the mean first, then the squared
 * distances from it, so that a small spread around a large value does not vanish.
 *
 * @param statistics null where no value counted
 */
record Summary(@Nullable Statistics statistics, QualitySummary quality) {

    /**
     * @param cells in canonical order
     * @param worstCounted the worst quality whose values still count
     */
    static Summary of(List<Cell> cells, Quality worstCounted) {
        long good = 0;
        long suspect = 0;
        long uncertain = 0;
        long count = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double first = Double.NaN;
        double last = Double.NaN;
        Sum sum = new Sum();
        for (Cell cell : cells) {
            good += cell.readings(Quality.GOOD);
            suspect += cell.readings(Quality.SUSPECT);
            uncertain += cell.readings(Quality.UNCERTAIN);
            Statistics part = cell.statistics(worstCounted);
            if (part != null) {
                sum.add(part.avg() * part.count());
                min = Math.min(min, part.min());
                max = Math.max(max, part.max());
                first = count == 0 ? part.first() : first;
                last = part.last();
                count += part.count();
            }
        }
        long all = good + suspect + uncertain;
        QualitySummary quality = new QualitySummary(good, suspect, uncertain, all == 0 ? 0 : 100.0 * good / all);
        if (count == 0) {
            return new Summary(null, quality);
        }
        double avg = sum.value() / count;
        double stddev = Math.sqrt(squaredDistances(cells, worstCounted, avg) / count);
        return new Summary(new Statistics(avg, min, max, count, stddev, first, last), quality);
    }

    private static double squaredDistances(List<Cell> cells, Quality worstCounted, double avg) {
        Sum squares = new Sum();
        for (Cell cell : cells) {
            Statistics part = cell.statistics(worstCounted);
            if (part != null) {
                double distance = part.avg() - avg;
                squares.add(part.count() * (part.stddev() * part.stddev() + distance * distance));
            }
        }
        return squares.value();
    }

    /** Neumaier's compensated sum. */
    private static final class Sum {
        private double sum;
        private double lost;

        void add(double value) {
            double next = sum + value;
            lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
            sum = next;
        }

        double value() {
            return sum + lost;
        }
    }
}
