package io.streamforge.model;

import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Aggregate.Statistics;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes aggregates. Safe for use by several threads. */
public final class AggregateCodec {

    private static final int EXPECTED_LENGTH = 200;

    private final int schemaId;

    /** @param schemaId the registry's id of {@link Schemas#AGGREGATE} */
    public AggregateCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /** The framed record. */
    public byte[] encode(Aggregate aggregate) {
        return encode(
                aggregate.assetId().getBytes(StandardCharsets.UTF_8),
                aggregate.parameter().getBytes(StandardCharsets.UTF_8),
                aggregate.unit().getBytes(StandardCharsets.UTF_8),
                BinaryWriter.encoded(aggregate.origin()),
                aggregate.resolution().toMillis(),
                Micros.of(aggregate.windowStart()),
                Micros.of(aggregate.windowEnd()),
                aggregate.statistics(),
                aggregate.quality(),
                aggregate.revision(),
                aggregate.gaps(),
                aggregate.states());
    }

    /**
     * The framed record of texts and metadata that are at hand as bytes: on the hot path nothing is decoded only to be encoded again.
     *
     * @param asset UTF-8, as parameter and unit
     * @param origin as it stands in a record of this version's layout: {@link ReadingView#originOffset()}, {@link AggregateView#originOffset()}
     * @param startMicros microseconds since the epoch, as {@code endMicros}
     */
    public byte[] encode(
            byte[] asset,
            byte[] parameter,
            byte[] unit,
            byte[] origin,
            long resolutionMillis,
            long startMicros,
            long endMicros,
            @Nullable Statistics statistics,
            QualitySummary quality,
            long revision,
            long gaps,
            @Nullable States states) {
        BinaryWriter out = new BinaryWriter(
                schemaId, EXPECTED_LENGTH + asset.length + parameter.length + unit.length + origin.length);
        out.writeContent(asset);
        out.writeContent(parameter);
        out.writeContent(unit);
        out.writeLong(resolutionMillis);
        out.writeLong(startMicros);
        out.writeLong(endMicros);
        out.writeIndex(statistics == null ? 0 : 1);
        if (statistics != null) {
            out.writeDouble(statistics.avg());
            out.writeDouble(statistics.min());
            out.writeDouble(statistics.max());
            out.writeLong(statistics.count());
            out.writeDouble(statistics.stddev());
            out.writeDouble(statistics.first());
            out.writeDouble(statistics.last());
        }
        out.writeLong(quality.good());
        out.writeLong(quality.suspect());
        out.writeLong(quality.uncertain());
        out.writeDouble(quality.percentGood());
        out.writeLong(revision);
        out.copy(origin, 0, origin.length);
        out.writeLong(gaps);
        out.writeIndex(states == null ? 0 : 1);
        if (states != null) {
            write(states, out);
        }
        return out.toBytes();
    }

    private static void write(States states, BinaryWriter out) {
        Value last = states.last();
        if (last instanceof Value.Flag flag) {
            out.writeIndex(1);
            out.writeBoolean(flag.value());
        } else if (last instanceof Value.Text text) {
            out.writeIndex(2);
            out.writeString(text.value());
        } else {
            out.writeIndex(0);
        }
        out.writeLong(states.count());
        out.writeLong(states.leadMicros());
        out.writeBoolean(states.open());
        if (!states.times().isEmpty()) {
            out.writeLong(states.times().size());
            for (StateTime time : states.times()) {
                out.writeOptional(time.state());
                out.writeLong(time.count());
                out.writeLong(time.micros());
            }
        }
        out.writeLong(0);
    }
}
