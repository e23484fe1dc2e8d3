package io.streamforge.aggregate;

import io.streamforge.aggregate.Cell.Part;
import io.streamforge.aggregate.Cell.Point;
import io.streamforge.aggregate.Cell.Source;
import io.streamforge.model.Aggregate;
import io.streamforge.model.AggregateCodec;
import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingView;
import io.streamforge.model.Schemas;
import io.streamforge.model.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Tumbling windows by event time. Each partition has its own watermark, so an idle one holds no other up: a window is given out when event
 * time has passed its end by the allowed lateness, or when its partition has been silent for as long by the wall clock. A later contribution
 * to a window that is still held gives it out again with a higher revision.
 *
 * <p>A window keeps its contributions and computes when it is given out: the final result depends on what was measured and not on the order
 * of arrival, on repetitions, on restarts or on the borders of batches. Nothing is given out while state is rebuilt; the note to the stream
 * says how far windows were given out before, also by the wall clock, so that each revision appears once.
 *
 * <p>Reads readings, or finer aggregates: each record by its own schema. Confined to its route's thread.
 */
public final class Aggregator {

    /**
     * What became of a batch.
     *
     * @param aggregates for the target topic
     * @param dead dead letters of what cannot be read
     * @param tooLate contributions whose window is held no longer
     * @param tooEarly contributions whose device clock is ahead of the gateway's by more than windows are held
     */
    public record Outcome(Batch aggregates, Batch dead, int tooLate, int tooEarly) {}

    private static final String AGGREGATE = Schemas.AGGREGATE.getFullName();

    private final Settings settings;
    private final Origin unreadable;
    private final long resolution;
    private final long lateness;
    private final long held;
    private final Decoder decoder;
    private final ReadingView view;
    private final AggregateCodec aggregates;
    private final DeadLetterCodec deadLetters;
    private final Clock clock;
    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private int tooLate;
    private int tooEarly;

    /**
     * @param readingSchemaId the registry's id of {@link io.streamforge.model.Schemas#READING}
     * @param aggregateSchemaId the registry's id of {@link io.streamforge.model.Schemas#AGGREGATE}
     * @param deadLetterSchemaId the registry's id of {@link io.streamforge.model.Schemas#DEAD_LETTER}
     * @param clock the gateway's, for silent partitions
     */
    public Aggregator(
            Settings settings,
            Decoder decoder,
            int readingSchemaId,
            int aggregateSchemaId,
            int deadLetterSchemaId,
            Clock clock) {
        this.settings = settings;
        this.unreadable = Origin.of(settings.gatewayId());
        this.resolution = micros(settings.resolution());
        this.lateness = micros(settings.allowedLateness());
        this.held = micros(settings.held());
        this.decoder = decoder;
        this.view = new ReadingView(readingSchemaId);
        this.aggregates = new AggregateCodec(aggregateSchemaId);
        this.deadLetters = new DeadLetterCodec(deadLetterSchemaId);
        this.clock = clock;
    }

    /** Takes a batch into the windows and gives out those that are due; an empty batch only asks the wall clock. */
    public Outcome aggregate(Batch in) {
        Outcome outcome = new Outcome(Batch.output(), Batch.output(), 0, 0);
        tooLate = 0;
        tooEarly = 0;
        for (int id : in.forgotten()) {
            Batch.Note note = in.notes().get(id);
            partitions.put(id, new Partition(resolution, lateness, held, note == null ? 0 : note.watermarkMicros()));
        }
        long now = micros(clock.instant());
        for (int i = 0; i < in.size(); i++) {
            Partition partition =
                    partitions.computeIfAbsent(in.partition(i), id -> new Partition(resolution, lateness, held, 0));
            try {
                if (view.wrap(in.value(i))) {
                    takeReading(partition, in, i, now);
                } else if (decoder.recordName(in.value(i)).equals(AGGREGATE)) {
                    takeAggregate(partition, in, i, now, outcome.dead);
                } else {
                    view.wrapResolved(decoder, in.value(i));
                    takeReading(partition, in, i, now);
                }
            } catch (UndecodableException e) {
                refuse(in, i, outcome.dead, e.reasonCode(), Objects.requireNonNull(e.getMessage()), unreadable);
            }
        }
        partitions.forEach((id, partition) -> {
            if (in.size() == 0) {
                partition.warm();
            }
            partition.settle(in.warmUp() ? null : now, window -> {
                if (!in.warmUp()) {
                    give(window, id, outcome.aggregates);
                }
            });
            if (partition.started()) {
                in.note(id, partition.warmOffset(), partition.closedUpTo());
            }
        });
        return new Outcome(outcome.aggregates, outcome.dead, tooLate, tooEarly);
    }

    /** How many signals have held windows. */
    public int seriesCount() {
        return partitions.values().stream().mapToInt(Partition::seriesCount).sum();
    }

    private void takeReading(Partition partition, Batch in, int i, long now) {
        if (view.quality() == Quality.BAD) {
            return;
        }
        long time = view.timeMicros();
        if (time < 0) {
            tooLate++;
            return;
        }
        if (time - view.gatewayTimeMicros() > held) {
            tooEarly++;
            return;
        }
        partition.advance(Math.min(time, view.gatewayTimeMicros()), in.offset(i), now, in.warmUp());
        if (!partition.holds(time)) {
            tooLate++;
            return;
        }
        Series series = partition.series(
                view.bytes(), view.assetOffset(), view.assetLength(), view.parameterOffset(), view.parameterLength());
        partition.add(
                series, new Point(time, view.sequence(), number(), view.quality(), in.offset(i), series.source(view)));
    }

    /** A flag counts as 1 or 0, so that its average is the share of readings in which it was on. */
    private double number() {
        return switch (view.valueKind()) {
            case REAL, WHOLE -> Double.isFinite(view.doubleValue()) ? view.doubleValue() : Double.NaN;
            case FLAG -> view.booleanValue() ? 1 : 0;
            case NONE, TEXT -> Double.NaN;
        };
    }

    private void takeAggregate(Partition partition, Batch in, int i, long now, Batch dead) {
        Aggregate part = decoder.aggregate(in.value(i));
        long time = micros(part.windowStart());
        if (resolution % micros(part.resolution()) != 0) {
            String reason = "%s/%s: an aggregate of %d ms does not divide windows of %d ms."
                    .formatted(
                            part.assetId(),
                            part.parameter(),
                            part.resolution().toMillis(),
                            settings.resolution().toMillis());
            refuse(in, i, dead, "RESOLUTION", reason, part.origin());
            return;
        }
        partition.advance(time, in.offset(i), now, in.warmUp());
        if (!partition.holds(time)) {
            tooLate++;
            return;
        }
        byte[] asset = part.assetId().getBytes(StandardCharsets.UTF_8);
        byte[] parameter = part.parameter().getBytes(StandardCharsets.UTF_8);
        byte[] names = new byte[asset.length + parameter.length];
        System.arraycopy(asset, 0, names, 0, asset.length);
        System.arraycopy(parameter, 0, names, asset.length, parameter.length);
        Series series = partition.series(names, 0, asset.length, asset.length, parameter.length);
        partition.add(series, new Part(time, part, in.offset(i)));
    }

    private void give(Window window, int partition, Batch out) {
        List<Cell> cells = window.cells();
        Source source = cells.get(cells.size() - 1).source();
        Summary summary = Summary.of(cells, settings.worstCounted());
        Series series = window.series();
        Aggregate aggregate = new Aggregate(
                series.assetId(),
                series.parameterName(),
                source.unit(),
                settings.resolution(),
                instant(window.start()),
                instant(window.start() + resolution),
                summary.statistics(),
                summary.quality(),
                window.revision(),
                source.origin());
        out.add(series.asset(), aggregates.encode(aggregate), partition, window.revision());
    }

    private void refuse(Batch in, int i, Batch dead, String code, String reason, Origin origin) {
        if (!in.warmUp()) {
            DeadLetter letter = DeadLetter.of(in, i, settings.stage(), code, reason, clock.instant(), origin);
            dead.add(in.key(i), deadLetters.encode(letter), in.partition(i), in.offset(i));
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
