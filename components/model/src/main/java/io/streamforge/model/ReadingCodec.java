package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes readings. Safe for use by several threads. */
public final class ReadingCodec {

    /** Fields of one byte: the value's kind, three enums, and whether there is a device time, a clock skew, a reason. */
    private static final int INDEXES = 7;

    private final int schemaId;
    /** An adapter's readings all have the same. */
    private volatile EncodedOrigin lastOrigin = new EncodedOrigin(Origin.of(""));

    /** @param schemaId the registry's id of {@link Schemas#READING} */
    public ReadingCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /**
     * What a source read becomes a reading. Its clock skew is stated here, where the record is made: the validator judges it and passes the bytes on.
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
                sample.deviceTime() == null
                        ? null
                        : Long.valueOf(Micros.skewMs(Micros.of(sample.gatewayTime()), Micros.of(sample.deviceTime()))),
                sample.reason(),
                sequence,
                origin));
    }

    /** The framed record. */
    public byte[] encode(Reading reading) {
        EncodedOrigin origin = lastOrigin;
        if (origin.origin != reading.origin()) {
            origin = new EncodedOrigin(reading.origin());
            lastOrigin = origin;
        }
        Instant device = reading.deviceTime();
        long deviceTime = device == null ? 0 : Micros.of(device);
        long gatewayTime = Micros.of(reading.gatewayTime());
        int times = BinaryWriter.sizeOf(gatewayTime) + (device == null ? 0 : BinaryWriter.sizeOf(deviceTime));
        BinaryWriter out = new BinaryWriter(schemaId, length(reading, origin) + times);
        out.writeValue(reading.value());
        out.writeIndex(reading.quality().ordinal());
        out.writeString(reading.assetId());
        out.writeString(reading.parameter());
        out.writeString(reading.unit());
        out.writeIndex(reading.classification().ordinal());
        out.writeIndex(device == null ? 0 : 1);
        if (device != null) {
            out.writeLong(deviceTime);
        }
        out.writeLong(gatewayTime);
        out.writeIndex(reading.timeSource().ordinal());
        out.writeOptional(reading.clockSkewMs());
        out.writeOptional(reading.qualityReason());
        out.writeLong(reading.sequence());
        out.copy(origin.bytes, 0, origin.bytes.length);
        return out.toBytes();
    }

    /** All but the times. Exact where every text is ASCII: then the record is written into an array of its own length and not copied. */
    private static int length(Reading reading, EncodedOrigin origin) {
        return INDEXES
                + length(reading.value())
                + length(reading.assetId())
                + length(reading.parameter())
                + length(reading.unit())
                + (reading.clockSkewMs() == null ? 0 : BinaryWriter.sizeOf(reading.clockSkewMs()))
                + (reading.qualityReason() == null ? 0 : length(reading.qualityReason()))
                + BinaryWriter.sizeOf(reading.sequence())
                + origin.bytes.length;
    }

    private static int length(String text) {
        return BinaryWriter.sizeOf(text.length()) + text.length();
    }

    private static int length(@Nullable Value value) {
        if (value instanceof Value.Real) {
            return Double.BYTES;
        }
        if (value instanceof Value.Whole whole) {
            return BinaryWriter.sizeOf(whole.value());
        }
        if (value instanceof Value.Text text) {
            return length(text.value());
        }
        return value == null ? 0 : 1;
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
