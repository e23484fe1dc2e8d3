package io.streamforge.aggregate;

import io.streamforge.model.AggregateCodec;
import io.streamforge.model.AggregateView;
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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Tumbling windows by event time. Each partition has its own watermark, so an idle one holds no other up: a window is given out when event
 * time has passed its end by the allowed lateness, or when its partition has been silent for as long by the wall clock. A later contribution
 * to a window that is still held gives it out again with a higher revision.
 *
 * <p>A series keeps its contributions, packed, and a window is computed from its own when it is given out: the final result depends on what was measured and not on the order
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
     * @param outOfTime what no window holds
     * @param late the readings among that which came too late
     */
    public record Outcome(Batch aggregates, Batch dead, OutOfTime outOfTime, LateReadings late) {}

    private static final String AGGREGATE = Schemas.AGGREGATE.getFullName();

    private static final int LONGEST_STATE = 100;

    private final Settings settings;
    private final Origin unreadable;
    private final long resolution;
    private final long lateness;
    private final long held;
    private final Decoder decoder;
    private final ReadingView view;
    private final AggregateView part;
    private final AggregateCodec aggregates;
    private final DeadLetterCodec deadLetters;
    private final Clock clock;
    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private final Workbench bench;
    private final Summary summary;
    private final PartContent partContent = new PartContent();
    private final Cell cell = new Cell();
    private Partition partition;
    private OutOfTime outOfTime = new OutOfTime();
    private LateReadings late = new LateReadings();

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
        this.bench = new Workbench(resolution);
        this.decoder = decoder;
        this.view = new ReadingView(readingSchemaId);
        this.part = new AggregateView(aggregateSchemaId);
        this.summary = new Summary(settings.worstCounted());
        this.partition = newPartition(0);
        this.aggregates = new AggregateCodec(aggregateSchemaId);
        this.deadLetters = new DeadLetterCodec(deadLetterSchemaId);
        this.clock = clock;
    }

    /** Takes a batch into the windows and gives out those that are due; an empty batch only asks the wall clock. */
    public Outcome aggregate(Batch in) {
        Outcome outcome = new Outcome(Batch.output(), Batch.output(), new OutOfTime(), new LateReadings());
        outOfTime = outcome.outOfTime;
        late = outcome.late;
        for (int id : in.forgotten()) {
            Batch.Note note = in.notes().get(id);
            partitions.put(id, newPartition(note == null ? 0 : note.watermarkMicros()));
        }
        long now = micros(clock.instant());
        int current = -1;
        for (int i = 0; i < in.size(); i++) {
            if (in.partition(i) != current) {
                current = in.partition(i);
                partition = partitions.computeIfAbsent(current, id -> newPartition(0));
            }
            try {
                take(in, i, now, outcome.dead);
            } catch (UndecodableException e) {
                refuse(in, i, outcome.dead, e.reasonCode(), Objects.requireNonNull(e.getMessage()), unreadable);
            }
        }
        partitions.forEach((id, each) -> {
            if (in.size() == 0) {
                each.warm();
            }
            Partition.Out out = (series, start, bookmark) -> {
                if (!in.warmUp()) {
                    give(id, series, start, bookmark, outcome.aggregates);
                }
            };
            if (in.isLast()) {
                each.end(out);
            } else {
                each.settle(in.warmUp() ? null : now, out);
            }
            if (each.started()) {
                in.note(id, each.warmOffset(), each.closedUpTo());
            }
        });
        return outcome;
    }

    private void take(Batch in, int i, long now, Batch dead) {
        byte[] framed = in.value(i);
        if (view.wrap(framed)) {
            takeReading(in, i, now);
        } else if (part.wrap(framed)) {
            takePart(in, i, now, dead);
        } else if (decoder.recordName(framed).equals(AGGREGATE)) {
            part.wrapResolved(decoder, framed);
            takePart(in, i, now, dead);
        } else {
            view.wrapResolved(decoder, framed);
            takeReading(in, i, now);
        }
    }

    private Partition newPartition(long closedUpTo) {
        return new Partition(resolution, lateness, held, closedUpTo, bench);
    }

    /** How many signals have held windows. */
    public int seriesCount() {
        return partitions.values().stream().mapToInt(Partition::seriesCount).sum();
    }

    private void takeReading(Batch in, int i, long now) {
        if (view.quality() == Quality.BAD) {
            return;
        }
        long time = view.timeMicros();
        if (time < 0) {
            tooLate(in, i);
            return;
        }
        if (time - view.gatewayTimeMicros() > held) {
            outOfTime.early(view.assetId(), view.parameter(), time);
            return;
        }
        partition.advance(Math.min(time, view.gatewayTimeMicros()), in.offset(i), now, in.warmUp());
        long start = partition.startOf(time);
        if (!partition.holds(start)) {
            tooLate(in, i);
            return;
        }
        byte[] bytes = view.bytes();
        Series series = partition.series(
                bytes, view.assetOffset(), view.assetLength(), view.parameterOffset(), view.parameterLength());
        cell.time = time;
        cell.sequence = view.sequence();
        cell.offset = in.offset(i);
        cell.quality = view.quality();
        cell.source = series.sourceIndex(
                bench,
                bytes,
                view.unitOffset(),
                view.unitLength(),
                view.originOffset(),
                bytes.length - view.originOffset());
        takeValue();
        partition.add(series, cell, start);
    }

    private void tooLate(Batch in, int i) {
        outOfTime.late(view.assetId(), view.parameter(), view.timeMicros());
        late.add(view, in.partition(i), in.offset(i));
    }

    private void takeValue() {
        cell.number = 0;
        switch (view.valueKind()) {
            case NONE -> cell.kind = Kind.GAP;
            case REAL, WHOLE -> {
                double number = view.doubleValue();
                boolean usable = Double.isFinite(number);
                cell.kind = usable ? Kind.NUMBER : Kind.UNUSABLE;
                cell.number = usable ? number : 0;
            }
            case FLAG -> cell.kind = view.booleanValue() ? Kind.ON : Kind.OFF;
            case TEXT -> {
                byte[] text = stateName(view.textValue());
                cell.kind = Kind.TEXT;
                cell.bytes = text;
                cell.contentAt = 0;
                cell.contentLength = text.length;
            }
        }
    }

    /** A text of this length still names a state; what is longer is a message, of which the beginning has to do. */
    private static byte[] stateName(String text) {
        int length = Math.min(text.length(), LONGEST_STATE);
        boolean split = length < text.length() && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, split ? length - 1 : length).getBytes(StandardCharsets.UTF_8);
    }

    private void takePart(Batch in, int i, long now, Batch dead) {
        long finer = part.resolutionMillis();
        if (finer <= 0 || settings.resolution().toMillis() % finer != 0) {
            String reason = "%s/%s: an aggregate of %d ms does not divide windows of %d ms."
                    .formatted(
                            part.assetId(),
                            part.parameter(),
                            finer,
                            settings.resolution().toMillis());
            refuse(in, i, dead, "RESOLUTION", reason, part.origin());
            return;
        }
        long time = part.startMicros();
        if (time < 0) {
            outOfTime.late(part.assetId(), part.parameter(), time);
            return;
        }
        partition.advance(time, in.offset(i), now, in.warmUp());
        long start = partition.startOf(time);
        long end = part.endMicros();
        if (!partition.holds(start) || partition.isFinal(end)) {
            outOfTime.late(part.assetId(), part.parameter(), time);
            return;
        }
        byte[] bytes = part.bytes();
        Series series = partition.series(
                bytes, part.assetOffset(), part.assetLength(), part.parameterOffset(), part.parameterLength());
        cell.time = time;
        cell.sequence = part.revision();
        cell.offset = in.offset(i);
        cell.source = series.sourceIndex(
                bench, bytes, part.unitOffset(), part.unitLength(), part.originOffset(), part.originLength());
        if (PartContent.single(part)) {
            cell.kind = Kind.SINGLE;
            cell.quality = part.good() == 1 ? Quality.GOOD : part.suspect() == 1 ? Quality.SUSPECT : Quality.UNCERTAIN;
            cell.number = part.avg();
        } else {
            Packer content = partContent.pack(part);
            cell.kind = Kind.PART;
            cell.quality = Quality.GOOD;
            cell.number = 0;
            cell.bytes = content.bytes();
            cell.contentAt = 0;
            cell.contentLength = content.length();
        }
        partition.addPart(series, cell, start, end - time);
    }

    private void give(int partitionId, Series series, long start, boolean bookmark, Batch out) {
        if (!series.read(start, start + resolution, bookmark, bench, summary)) {
            return;
        }
        Source source = series.source(summary.source());
        byte[] record = aggregates.encode(
                series.asset(),
                series.parameter(),
                source.unit(),
                source.origin(),
                settings.resolution().toMillis(),
                start,
                start + resolution,
                summary.statistics(),
                summary.quality(),
                summary.revision(),
                summary.gaps(),
                summary.states());
        out.add(series.asset(), record, partitionId, summary.revision());
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
}
