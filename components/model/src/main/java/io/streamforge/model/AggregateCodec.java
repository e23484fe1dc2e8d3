package io.streamforge.model;

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
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeString(aggregate.assetId());
        out.writeString(aggregate.parameter());
        out.writeString(aggregate.unit());
        out.writeLong(aggregate.resolution().toMillis());
        out.writeInstant(aggregate.windowStart());
        out.writeInstant(aggregate.windowEnd());
        Aggregate.Statistics statistics = aggregate.statistics();
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
        Aggregate.QualitySummary quality = aggregate.quality();
        out.writeLong(quality.good());
        out.writeLong(quality.suspect());
        out.writeLong(quality.uncertain());
        out.writeDouble(quality.percentGood());
        out.writeLong(aggregate.revision());
        out.writeOrigin(aggregate.origin());
        return out.toBytes();
    }
}
