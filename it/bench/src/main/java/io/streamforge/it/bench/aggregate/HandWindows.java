package io.streamforge.it.bench.aggregate;

import io.streamforge.it.bench.SeriesKey;
import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.AggregateCodec;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The same windows written by hand for exactly this workload: a hash of series to its current window with plain running sums, given out when
 * the next one begins. It knows no lateness, no repetition and no restart: what the general aggregator is measured against.
 */
final class HandWindows {

    static final long RESOLUTION = 1_000_000;

    private static final class Window {
        private final byte[] asset;
        private final byte[] parameter;
        private final byte[] unit;
        private final byte[] origin;
        private long start;
        private long revision;
        private long good;
        private long suspect;
        private long uncertain;
        private long count;
        private double sum;
        private double squares;
        private double min;
        private double max;
        private double first;
        private double last;

        private Window(ReadingView view) {
            byte[] bytes = view.bytes();
            asset = Arrays.copyOfRange(bytes, view.assetOffset(), view.assetOffset() + view.assetLength());
            parameter =
                    Arrays.copyOfRange(bytes, view.parameterOffset(), view.parameterOffset() + view.parameterLength());
            unit = Arrays.copyOfRange(bytes, view.unitOffset(), view.unitOffset() + view.unitLength());
            origin = Arrays.copyOfRange(bytes, view.originOffset(), bytes.length);
        }

        private void begin(long at, double value) {
            start = at;
            good = 0;
            suspect = 0;
            uncertain = 0;
            count = 0;
            sum = 0;
            squares = 0;
            min = value;
            max = value;
            first = value;
        }

        private void add(double value, Quality quality, long offset) {
            switch (quality) {
                case GOOD -> good++;
                case SUSPECT -> suspect++;
                case UNCERTAIN -> uncertain++;
                case BAD -> {
                    return;
                }
            }
            count++;
            sum += value;
            squares += value * value;
            min = Math.min(min, value);
            max = Math.max(max, value);
            last = value;
            revision = offset;
        }

        private byte[] encode(AggregateCodec codec) {
            double avg = sum / count;
            double stddev = Math.sqrt(Math.max(0, squares / count - avg * avg));
            return codec.encode(
                    asset,
                    parameter,
                    unit,
                    origin,
                    RESOLUTION / 1_000,
                    start,
                    start + RESOLUTION,
                    new Statistics(avg, min, max, count, stddev, first, last),
                    new QualitySummary(good, suspect, uncertain, 100.0 * good / (good + suspect + uncertain)),
                    revision,
                    0,
                    null);
        }
    }

    private final ReadingView view;
    private final AggregateCodec codec;
    private final SeriesKey probe = new SeriesKey();
    private final Map<SeriesKey, Window> windows = new HashMap<>();

    HandWindows(int readingSchemaId, int aggregateSchemaId) {
        this.view = new ReadingView(readingSchemaId);
        this.codec = new AggregateCodec(aggregateSchemaId);
    }

    /** The window that the reading ends, or null. */
    byte @Nullable [] take(ConsumerRecord<byte[], byte[]> read) {
        if (!view.wrap(read.value())) {
            throw new IllegalStateException("The bench writes one schema only.");
        }
        long start = Math.floorDiv(view.timeMicros(), RESOLUTION) * RESOLUTION;
        double value = view.doubleValue();
        Window window = windows.get(probe.at(view, read.value()));
        byte[] done = null;
        if (window == null) {
            window = new Window(view);
            window.begin(start, value);
            windows.put(new SeriesKey().at(view, read.value().clone()), window);
        } else if (window.start != start) {
            done = window.encode(codec);
            window.begin(start, value);
        }
        window.add(value, view.quality(), read.offset());
        return done;
    }
}
