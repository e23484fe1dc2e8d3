package io.streamforge.routes.uplink;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Decoder;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.UndecodableException;
import io.streamforge.model.Value;
import io.streamforge.routes.runtime.StreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads one tag's past from the local stream: short spans from the readings, longer ones from the windows of one second. */
final class History {

    private static final String READINGS = "telemetry.clean";
    private static final String WINDOWS = "telemetry.1s";
    private static final Duration READINGS_SPAN = Duration.ofMinutes(15);
    /** By how much an asset's records may be out of order and still all be found. */
    private static final Duration LATE = Duration.ofSeconds(30);

    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * One value, or one bucket of values where there were more than were asked for.
     *
     * @param time of the value, or of the bucket's start
     * @param value the number (0 and 1 for a flag) or the bucket's average; null for a gap or what is not a number
     * @param min least of the bucket or window, null for a single value
     * @param max greatest of the bucket or window, null for a single value
     * @param quality the worst of the bucket
     */
    record Point(
            Instant time,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            Quality quality) {}

    /**
     * The answer.
     *
     * @param topic where it was read
     * @param points in order of time
     * @param complete false if the time limit was reached first; the oldest are there then
     */
    record Result(String assetId, String parameter, String unit, String topic, List<Point> points, boolean complete) {}

    private final StreamReader stream;
    private final Decoder decoder;

    History(StreamReader stream, SchemaRegistry registry) {
        this.stream = stream;
        this.decoder = new Decoder(registry);
    }

    Result read(Command.ReadHistory asked) {
        if (!asked.from().isBefore(asked.to())) {
            throw new IllegalArgumentException(
                    "Argument 'from' must be before 'to', got %s and %s.".formatted(asked.from(), asked.to()));
        }
        boolean windows = Duration.between(asked.from(), asked.to()).compareTo(READINGS_SPAN) > 0;
        String topic = windows ? WINDOWS : READINGS;
        Series series = new Series(asked, windows);
        boolean complete = true;
        try (Consumer<byte[], byte[]> consumer = stream.open(5000)) {
            TopicPartition partition =
                    StreamReader.partitionOf(consumer, topic, asked.tag().assetId());
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            OffsetAndTimestamp first = consumer.offsetsForTimes(
                            Map.of(partition, asked.from().toEpochMilli()))
                    .get(partition);
            if (first != null) {
                consumer.seek(partition, first.offset());
                complete = readTo(consumer, partition, end, series);
            }
        }
        return new Result(
                asked.tag().assetId(),
                asked.tag().parameter(),
                series.unit,
                topic,
                decimate(series.points, asked.from(), asked.to(), asked.maxPoints()),
                complete);
    }

    private boolean readTo(Consumer<byte[], byte[]> consumer, TopicPartition partition, long end, Series series) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                series.add(record.value());
            }
            if (series.passed) {
                return true;
            }
        }
        return true;
    }

    private final class Series {
        private final Command.ReadHistory asked;
        private final boolean windows;
        private final List<Point> points = new ArrayList<>();
        private String unit = "";
        /** Whether the asset's records have come to times after those asked for; the stream keeps an asset in order. */
        private boolean passed;

        Series(Command.ReadHistory asked, boolean windows) {
            this.asked = asked;
            this.windows = windows;
        }

        void add(byte[] framed) {
            try {
                if (windows) {
                    add(decoder.aggregate(framed));
                } else {
                    add(decoder.reading(framed));
                }
            } catch (UndecodableException e) {
                // A record that cannot be read is the stages' to report; a trend shows what there is.
            }
        }

        private void add(Reading reading) {
            if (wanted(reading.assetId(), reading.parameter(), reading.time())) {
                unit = reading.unit();
                points.add(new Point(reading.time(), number(reading.value()), null, null, reading.quality()));
            }
        }

        private void add(Aggregate window) {
            if (wanted(window.assetId(), window.parameter(), window.windowStart())) {
                unit = window.unit();
                Aggregate.Statistics statistics = window.statistics();
                Quality quality = window.quality().percentGood() == 100 ? Quality.GOOD : Quality.UNCERTAIN;
                points.add(
                        statistics == null
                                ? new Point(window.windowStart(), null, null, null, quality)
                                : new Point(
                                        window.windowStart(),
                                        statistics.avg(),
                                        statistics.min(),
                                        statistics.max(),
                                        quality));
            }
        }

        private boolean wanted(String assetId, String parameter, Instant time) {
            if (!assetId.equals(asked.tag().assetId())) {
                return false;
            }
            passed |= time.isAfter(asked.to().plus(LATE));
            return parameter.equals(asked.tag().parameter())
                    && !time.isBefore(asked.from())
                    && time.isBefore(asked.to());
        }
    }

    /** The points as they are, or one for each of {@code maxPoints} equal buckets of time that holds any. */
    static List<Point> decimate(List<Point> points, Instant from, Instant to, int maxPoints) {
        List<Point> inOrder =
                points.stream().sorted(Comparator.comparing(Point::time)).toList();
        if (inOrder.size() <= maxPoints) {
            return inOrder;
        }
        double width = Duration.between(from, to).toMillis() / (double) maxPoints;
        SortedMap<Long, List<Point>> buckets = new TreeMap<>();
        for (Point point : inOrder) {
            long number = (long) (Duration.between(from, point.time()).toMillis() / width);
            buckets.computeIfAbsent(number, key -> new ArrayList<>()).add(point);
        }
        List<Point> kept = new ArrayList<>();
        buckets.forEach((number, bucket) -> kept.add(merge(from.plusMillis((long) (number * width)), bucket)));
        return List.copyOf(kept);
    }

    private static Point merge(Instant start, List<Point> bucket) {
        double sum = 0;
        int count = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        Quality worst = Quality.GOOD;
        for (Point point : bucket) {
            worst = point.quality().compareTo(worst) > 0 ? point.quality() : worst;
            if (point.value() != null) {
                sum += point.value();
                count++;
                min = Math.min(min, point.min() == null ? point.value() : point.min());
                max = Math.max(max, point.max() == null ? point.value() : point.max());
            }
        }
        return count == 0 ? new Point(start, null, null, null, worst) : new Point(start, sum / count, min, max, worst);
    }

    private static @Nullable Double number(@Nullable Value value) {
        Object plain = TagValue.plain(value);
        if (plain instanceof Number number) {
            return number.doubleValue();
        }
        return plain instanceof Boolean flag ? Double.valueOf(flag ? 1 : 0) : null;
    }
}
