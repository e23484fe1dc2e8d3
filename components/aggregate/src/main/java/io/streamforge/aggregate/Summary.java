package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a window's contributions amount to, in one pass in their canonical order with compensated sums. The spread is summed around the first
 * value, which is as good as summing it around the mean (it is one of the values): a small spread around a large value does not vanish.
 */
final class Summary {

    private static final Value ON = new Value.Flag(true);
    private static final Value OFF = new Value.Flag(false);

    private final Quality worstCounted;
    private final PartContent part = new PartContent();
    private final Packer out = new Packer();
    private final Unpacker in = new Unpacker();
    private final StateWalk states = new StateWalk();
    private final Sum sum = new Sum();
    private final Sum distances = new Sum();
    private final Sum squares = new Sum();
    private long revision;
    private int source;
    private long good;
    private long suspect;
    private long uncertain;
    private long gaps;
    private long count;
    private double min;
    private double max;
    private double shift;
    private double first;
    private double last;

    /** @param worstCounted the worst quality of a reading whose value still counts; a finer aggregate has decided that already */
    Summary(Quality worstCounted) {
        this.worstCounted = worstCounted;
    }

    void begin(long start, long end) {
        states.begin(start, end);
        sum.clear();
        distances.clear();
        squares.clear();
        revision = Long.MIN_VALUE;
        good = 0;
        suspect = 0;
        uncertain = 0;
        gaps = 0;
        count = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
    }

    void add(Cell cell) {
        revision = Math.max(revision, cell.offset);
        source = cell.source;
        switch (cell.kind) {
            case SINGLE -> {
                reading(cell.quality);
                states.interrupt(cell.time);
                number(cell.number);
            }
            case PART -> part(cell);
            case FOLDED -> unfold(cell);
            case GAP -> {
                reading(cell.quality);
                gaps++;
                states.interrupt(cell.time);
            }
            case NUMBER, OFF, ON, TEXT, UNUSABLE -> {
                reading(cell.quality);
                if (cell.quality.compareTo(worstCounted) > 0) {
                    states.interrupt(cell.time);
                } else {
                    value(cell);
                }
            }
        }
    }

    /** Packs how far it has come, all of it: what goes on from there ends the same to the last bit. The bytes stand until the next call. */
    Packer fold() {
        out.clear();
        out.unsigned(good);
        out.unsigned(suspect);
        out.unsigned(uncertain);
        out.unsigned(gaps);
        out.unsigned(count);
        if (count > 0) {
            sum.pack(out);
            distances.pack(out);
            squares.pack(out);
            out.real(min);
            out.real(max);
            out.real(shift);
            out.real(first);
            out.real(last);
        }
        out.unsigned(states.since());
        StatesContent.pack(states.soFar(), out);
        return out;
    }

    private void unfold(Cell cell) {
        in.reset(cell.bytes, cell.contentAt);
        good = in.unsigned();
        suspect = in.unsigned();
        uncertain = in.unsigned();
        gaps = in.unsigned();
        count = in.unsigned();
        if (count > 0) {
            sum.unpack(in);
            distances.unpack(in);
            squares.unpack(in);
            min = in.real();
            max = in.real();
            shift = in.real();
            first = in.real();
            last = in.real();
        }
        long since = in.unsigned();
        states.resume(StatesContent.unpack(in), since);
    }

    /** The highest offset that contributed. */
    long revision() {
        return revision;
    }

    /** Index of the latest contribution's source. */
    int source() {
        return source;
    }

    long gaps() {
        return gaps;
    }

    QualitySummary quality() {
        long all = good + suspect + uncertain;
        return new QualitySummary(good, suspect, uncertain, all == 0 ? 0 : 100.0 * good / all);
    }

    /** Null where no number and no flag counted. */
    @Nullable
    Statistics statistics() {
        if (count == 0) {
            return null;
        }
        double distance = distances.value() / count;
        double variance = Math.max(0, squares.value() / count - distance * distance);
        return new Statistics(sum.value() / count, min, max, count, Math.sqrt(variance), first, last);
    }

    @Nullable
    States states() {
        return states.result(gaps > 0 && gaps == good + suspect + uncertain);
    }

    private void value(Cell cell) {
        switch (cell.kind) {
            case NUMBER -> {
                states.interrupt(cell.time);
                number(cell.number);
            }
            case OFF -> flag(OFF, 0, cell.time);
            case ON -> flag(ON, 1, cell.time);
            case TEXT ->
                states.enter(
                        new Value.Text(
                                new String(cell.bytes, cell.contentAt, cell.contentLength, StandardCharsets.UTF_8)),
                        cell.time);
            case UNUSABLE, GAP, SINGLE, PART, FOLDED -> states.interrupt(cell.time);
        }
    }

    /** A flag counts as 1 or 0, so that its average is the share of readings in which it was on. */
    private void flag(Value state, double number, long time) {
        states.enter(state, time);
        number(number);
    }

    private void part(Cell cell) {
        part.unpack(cell.bytes, cell.contentAt);
        good += part.good;
        suspect += part.suspect;
        uncertain += part.uncertain;
        gaps += part.gaps;
        if (part.hasStatistics) {
            weighted(part.avg, part.count, part.stddev);
            min = Math.min(min, part.min);
            max = Math.max(max, part.max);
            first = count == part.count ? part.first : first;
            last = part.last;
        }
        States known = part.states;
        if (known == null) {
            states.interrupt(cell.time);
        } else {
            states.part(cell.time, cell.time + part.length, known);
        }
    }

    private void reading(Quality quality) {
        switch (quality) {
            case GOOD -> good++;
            case SUSPECT -> suspect++;
            case UNCERTAIN -> uncertain++;
            case BAD -> throw new IllegalStateException("A BAD reading must not reach a window.");
        }
    }

    private void number(double value) {
        weighted(value, 1, 0);
        min = Math.min(min, value);
        max = Math.max(max, value);
        first = count == 1 ? value : first;
        last = value;
    }

    private void weighted(double mean, long weight, double spread) {
        if (count == 0) {
            shift = mean;
        }
        double distance = mean - shift;
        sum.add(weight * mean);
        distances.add(weight * distance);
        squares.add(weight * (spread * spread + distance * distance));
        count += weight;
    }

    /** A compensated sum: what an addition loses is summed beside it (Knuth's two-sum, without branches). */
    private static final class Sum {
        private double sum;
        private double lost;

        void clear() {
            sum = 0;
            lost = 0;
        }

        void add(double value) {
            double next = sum + value;
            double added = next - sum;
            lost += (sum - (next - added)) + (value - added);
            sum = next;
        }

        void pack(Packer out) {
            out.real(sum);
            out.real(lost);
        }

        void unpack(Unpacker in) {
            sum = in.real();
            lost = in.real();
        }

        /** A sum beyond the range of numbers has lost nothing that could be told. */
        double value() {
            return Double.isFinite(lost) ? sum + lost : sum;
        }
    }
}
