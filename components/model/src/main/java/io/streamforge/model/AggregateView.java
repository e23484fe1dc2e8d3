package io.streamforge.model;

import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Aggregate.Statistics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an aggregate where it lies, for coarser windows: {@link #wrap} and the accessors of numbers allocate nothing. Reusable for one record
 * after another, confined to one thread; everything it answers is about the record wrapped last.
 */
public final class AggregateView {

    private final int schemaId;
    private final BinaryReader in = new BinaryReader();

    private byte[] bytes = new byte[0];
    private int assetOffset;
    private int assetLength;
    private int parameterOffset;
    private int parameterLength;
    private int unitOffset;
    private int unitLength;
    private long resolutionMillis;
    private long startMicros;
    private long endMicros;
    private boolean statisticsPresent;
    private double avg;
    private double min;
    private double max;
    private long count;
    private double stddev;
    private double first;
    private double last;
    private long good;
    private long suspect;
    private long uncertain;
    private double percentGood;
    private long revision;
    private int originOffset;
    private int originLength;
    private long gaps;
    private @Nullable States states;

    /** @param schemaId the registry's id of {@link Schemas#AGGREGATE} */
    public AggregateView(int schemaId) {
        this.schemaId = schemaId;
    }

    /**
     * Looks at a record of the known schema.
     *
     * @param source the framed record; kept until the next call, not to be modified
     * @return false if the frame names another schema: go on with {@link #wrapResolved}
     * @throws UndecodableException if the bytes are no aggregate
     */
    public boolean wrap(byte[] source) {
        if (Frame.schemaId(source) != schemaId) {
            return false;
        }
        parse(source);
        return true;
    }

    /**
     * Looks at a record of any schema that resolves to an aggregate, by way of Avro.
     *
     * @param source the framed record; kept until the next call, not to be modified
     * @throws UndecodableException if the bytes are no aggregate
     * @throws SchemaRegistry.RegistryUnavailableException if the writer's schema cannot be had now
     */
    public void wrapResolved(Decoder decoder, byte[] source) {
        parse(decoder.toLayout(Schemas.AGGREGATE, decoder.writerOf(source), source));
    }

    private void parse(byte[] known) {
        bytes = known;
        in.reset(known, Frame.LENGTH);
        assetLength = in.readLength("asset_id");
        assetOffset = in.skip("asset_id", assetLength);
        parameterLength = in.readLength("parameter");
        parameterOffset = in.skip("parameter", parameterLength);
        unitLength = in.readLength("unit");
        unitOffset = in.skip("unit", unitLength);
        resolutionMillis = in.readLong("resolution");
        startMicros = in.readLong("window_start");
        endMicros = in.readLong("window_end");
        statisticsPresent = in.readPresent("aggregates");
        if (statisticsPresent) {
            avg = in.readDouble("aggregates.avg");
            min = in.readDouble("aggregates.min");
            max = in.readDouble("aggregates.max");
            count = in.readLong("aggregates.count");
            stddev = in.readDouble("aggregates.stddev");
            first = in.readDouble("aggregates.first");
            last = in.readDouble("aggregates.last");
        }
        good = in.readLong("quality.good");
        suspect = in.readLong("quality.suspect");
        uncertain = in.readLong("quality.uncertain");
        percentGood = in.readDouble("quality.percent_good");
        revision = in.readLong("revision");
        originOffset = in.position();
        in.skip("metadata.gateway_id", in.readLength("metadata.gateway_id"));
        in.skip("metadata.adapter_id", in.readLength("metadata.adapter_id"));
        in.skip("metadata.adapter_version", in.readLength("metadata.adapter_version"));
        in.readLong("metadata.revision");
        in.readLong("metadata.epoch");
        originLength = in.position() - originOffset;
        gaps = in.readLong("gaps");
        states = in.readPresent("states") ? parseStates() : null;
        in.expectEnd();
    }

    private States parseStates() {
        Value latest =
                switch (in.readIndex("states.last", 3)) {
                    case 0 -> null;
                    case 1 -> new Value.Flag(in.readBoolean("states.last"));
                    default -> new Value.Text(in.readString("states.last"));
                };
        long counted = in.readLong("states.count");
        long lead = in.readLong("states.lead_micros");
        boolean open = in.readBoolean("states.open");
        return new States(latest, counted, lead, open, parseTimes());
    }

    /** Blocks of items up to an empty one; a negative count is followed by the block's size in bytes ("Avro 1.12, Arrays"). */
    private List<StateTime> parseTimes() {
        List<StateTime> times = new ArrayList<>();
        for (long block = in.readLong("states.times"); block != 0; block = in.readLong("states.times")) {
            if (block < 0) {
                in.readLong("states.times");
            }
            for (long i = Math.abs(block); i != 0; i--) {
                times.add(new StateTime(
                        in.readPresent("states.times.state") ? in.readString("states.times.state") : null,
                        in.readLong("states.times.count"),
                        in.readLong("states.times.micros")));
            }
        }
        return times;
    }

    /** The array that the offsets point into; not to be modified. It is the wrapped record itself, except after {@link #wrapResolved}. */
    public byte[] bytes() {
        return bytes;
    }

    public int assetOffset() {
        return assetOffset;
    }

    public int assetLength() {
        return assetLength;
    }

    /** Makes a new string, as all below that answer one. */
    public String assetId() {
        return string(assetOffset, assetLength);
    }

    public int parameterOffset() {
        return parameterOffset;
    }

    public int parameterLength() {
        return parameterLength;
    }

    public String parameter() {
        return string(parameterOffset, parameterLength);
    }

    public int unitOffset() {
        return unitOffset;
    }

    public int unitLength() {
        return unitLength;
    }

    /** The window's length in milliseconds. */
    public long resolutionMillis() {
        return resolutionMillis;
    }

    /** Microseconds since the epoch, inclusive. */
    public long startMicros() {
        return startMicros;
    }

    /** Microseconds since the epoch, exclusive. */
    public long endMicros() {
        return endMicros;
    }

    /** Whether any number counted: only then the seven statistics may be asked. */
    public boolean hasStatistics() {
        return statisticsPresent;
    }

    public double avg() {
        return avg;
    }

    public double min() {
        return min;
    }

    public double max() {
        return max;
    }

    public long count() {
        return count;
    }

    public double stddev() {
        return stddev;
    }

    public double first() {
        return first;
    }

    public double last() {
        return last;
    }

    public long good() {
        return good;
    }

    public long suspect() {
        return suspect;
    }

    public long uncertain() {
        return uncertain;
    }

    public long revision() {
        return revision;
    }

    public long gaps() {
        return gaps;
    }

    /** Null where neither a flag nor a text counted. */
    public @Nullable States states() {
        return states;
    }

    /** Where the bytes of the metadata begin in {@link #bytes()}. */
    public int originOffset() {
        return originOffset;
    }

    public int originLength() {
        return originLength;
    }

    /** Where the aggregate comes from, as a new object. */
    public Origin origin() {
        in.reset(bytes, originOffset);
        return new Origin(
                in.readString("metadata.gateway_id"),
                in.readString("metadata.adapter_id"),
                in.readString("metadata.adapter_version"),
                in.readLong("metadata.revision"),
                in.readLong("metadata.epoch"));
    }

    /** The whole record as an object of its own, for paths that are not hot. */
    public Aggregate toAggregate() {
        return new Aggregate(
                assetId(),
                parameter(),
                string(unitOffset, unitLength),
                Duration.ofMillis(resolutionMillis),
                Micros.toInstant(startMicros),
                Micros.toInstant(endMicros),
                statisticsPresent ? new Statistics(avg, min, max, count, stddev, first, last) : null,
                new QualitySummary(good, suspect, uncertain, percentGood),
                revision,
                origin(),
                gaps,
                states);
    }

    private String string(int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
