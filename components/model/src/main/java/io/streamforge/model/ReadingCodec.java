package io.streamforge.model;

/** Writes readings. Safe for use by several threads. */
public final class ReadingCodec {

    private static final int EXPECTED_LENGTH = 160;

    private final int schemaId;
    /** An adapter's readings all have the same. */
    private volatile EncodedOrigin lastOrigin = new EncodedOrigin(Origin.of(""));

    /** @param schemaId the registry's id of {@link Schemas#READING} */
    public ReadingCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /**
     * What a source read becomes a reading. The clock skew stays open: the validator judges it.
     *
     * @param assetId the sample's own asset, or the adapter's where it has none
     * @param sequence gapless per gateway, adapter, epoch and asset, from 0
     */
    public byte[] encode(Sample sample, String assetId, Origin origin, long sequence) {
        return encode(new Reading(
                sample.value(),
                sample.quality(),
                assetId,
                sample.parameter(),
                sample.unit(),
                sample.classification(),
                sample.deviceTime(),
                sample.gatewayTime(),
                sample.deviceTime() == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                null,
                sample.reason(),
                sequence,
                origin));
    }

    /** The framed record. */
    public byte[] encode(Reading reading) {
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeValue(reading.value());
        out.writeIndex(reading.quality().ordinal());
        out.writeString(reading.assetId());
        out.writeString(reading.parameter());
        out.writeString(reading.unit());
        out.writeIndex(reading.classification().ordinal());
        out.writeOptional(reading.deviceTime());
        out.writeInstant(reading.gatewayTime());
        out.writeIndex(reading.timeSource().ordinal());
        out.writeOptional(reading.clockSkewMs());
        out.writeOptional(reading.qualityReason());
        out.writeLong(reading.sequence());
        EncodedOrigin origin = lastOrigin;
        if (origin.origin != reading.origin()) {
            origin = new EncodedOrigin(reading.origin());
            lastOrigin = origin;
        }
        out.copy(origin.bytes, 0, origin.bytes.length);
        return out.toBytes();
    }

    private static final class EncodedOrigin {
        private final Origin origin;
        private final byte[] bytes;

        EncodedOrigin(Origin origin) {
            this.origin = origin;
            this.bytes = BinaryWriter.encoded(origin);
        }
    }
}
