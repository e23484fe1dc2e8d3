package io.streamforge.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads and patches a reading where it lies, for the hot path of the stages: {@link #wrap} and the accessors of numbers allocate nothing.
 * Reusable for one record after another, confined to one thread; everything it answers is about the record wrapped last.
 *
 * <pre>{@code
 * if (!view.wrap(framed)) {
 *     view.wrapResolved(decoder, framed);
 * }
 * }</pre>
 */
public final class ReadingView {

    private static final ValueKind[] VALUE_KINDS = ValueKind.values();
    private static final Quality[] QUALITIES = Quality.values();
    private static final Classification[] CLASSIFICATIONS = Classification.values();
    private static final TimeSource[] TIME_SOURCES = TimeSource.values();

    private final int schemaId;
    private final BinaryReader in = new BinaryReader();

    private byte[] framed = new byte[0];
    private byte[] bytes = framed;
    private @Nullable Schema writer;

    private ValueKind valueKind = ValueKind.NONE;
    private double real;
    private long whole;
    private boolean flag;
    private int textOffset;
    private int textLength;
    private int qualityOffset;
    private Quality quality = Quality.BAD;
    private int assetOffset;
    private int assetLength;
    private int parameterOffset;
    private int parameterLength;
    private int unitOffset;
    private int unitLength;
    private Classification classification = Classification.TELEMETRY;
    private boolean deviceTimePresent;
    private long deviceTimeMicros;
    private long gatewayTimeMicros;
    private TimeSource timeSource = TimeSource.GATEWAY;
    private int verdictOffset;
    private boolean clockSkewPresent;
    private long clockSkewMs;
    private boolean reasonPresent;
    private int reasonOffset;
    private int reasonLength;
    private int sequenceOffset;
    private long sequence;
    private int originOffset;
    private int gatewayOffset;
    private int gatewayLength;
    private int adapterOffset;
    private int adapterLength;
    private int versionOffset;
    private int versionLength;
    private long revision;
    private long epoch;

    /** @param schemaId the registry's id of {@link Schemas#READING} */
    public ReadingView(int schemaId) {
        this.schemaId = schemaId;
    }

    /**
     * Looks at a record of the known schema.
     *
     * @param source the framed record; kept until the next call, not to be modified
     * @return false if the frame names another schema: go on with {@link #wrapResolved}
     * @throws UndecodableException if the bytes are no reading
     */
    public boolean wrap(byte[] source) {
        if (Frame.schemaId(source) != schemaId) {
            return false;
        }
        parse(source, source, null);
        return true;
    }

    /**
     * Looks at a record of any schema that resolves to a reading, by way of Avro.
     *
     * @param source the framed record; kept until the next call, not to be modified
     * @throws UndecodableException if the bytes are no reading
     * @throws SchemaRegistry.RegistryUnavailableException if the writer's schema cannot be had now
     */
    public void wrapResolved(Decoder decoder, byte[] source) {
        Schema writersSchema = decoder.writerOf(source);
        byte[] known = decoder.toLayout(Schemas.READING, writersSchema, source);
        parse(source, known, known == source ? null : writersSchema);
    }

    /**
     * The same record with another verdict. Everything else stays as it is: also the writer's schema and the fields of it that we do not
     * know, unless that schema cannot hold the verdict.
     *
     * @param reason rule and detail, null when GOOD
     * @param clockSkew gateway_time − device_time in milliseconds, null where there is no device clock
     * @return a new framed record
     */
    public byte[] withQuality(Quality verdict, @Nullable String reason, @Nullable Long clockSkew) {
        if (writer != null) {
            byte[] patched = Decoder.withVerdict(writer, framed, verdict, reason, clockSkew);
            if (patched != null) {
                return patched;
            }
        }
        byte @Nullable [] reasonText = reason == null ? null : reason.getBytes(StandardCharsets.UTF_8);
        int verdictLength = 2
                + (clockSkew == null ? 0 : BinaryWriter.sizeOf(clockSkew))
                + (reasonText == null ? 0 : BinaryWriter.sizeOf(reasonText.length) + reasonText.length);
        int kept = bytes.length - Frame.LENGTH - (sequenceOffset - verdictOffset);
        BinaryWriter out = new BinaryWriter(schemaId, kept + verdictLength);
        out.copy(bytes, Frame.LENGTH, qualityOffset);
        out.writeIndex(verdict.ordinal());
        out.copy(bytes, qualityOffset + 1, verdictOffset);
        out.writeOptional(clockSkew);
        out.writeIndex(reasonText == null ? 0 : 1);
        if (reasonText != null) {
            out.writeContent(reasonText);
        }
        out.copy(bytes, sequenceOffset, bytes.length);
        return out.toBytes();
    }

    private void parse(byte[] source, byte[] known, @Nullable Schema writersSchema) {
        framed = source;
        bytes = known;
        writer = writersSchema;
        in.reset(known, Frame.LENGTH);
        parseValue();
        qualityOffset = in.position();
        quality = QUALITIES[in.readIndex("quality", QUALITIES.length)];
        assetLength = in.readLength("asset_id");
        assetOffset = in.skip("asset_id", assetLength);
        parameterLength = in.readLength("parameter");
        parameterOffset = in.skip("parameter", parameterLength);
        unitLength = in.readLength("unit");
        unitOffset = in.skip("unit", unitLength);
        classification = CLASSIFICATIONS[in.readIndex("classification", CLASSIFICATIONS.length)];
        deviceTimePresent = in.readPresent("timestamps.device_time");
        deviceTimeMicros = deviceTimePresent ? in.readLong("timestamps.device_time") : 0;
        gatewayTimeMicros = in.readLong("timestamps.gateway_time");
        timeSource = TIME_SOURCES[in.readIndex("timestamps.time_source", TIME_SOURCES.length)];
        verdictOffset = in.position();
        clockSkewPresent = in.readPresent("clock_skew_ms");
        clockSkewMs = clockSkewPresent ? in.readLong("clock_skew_ms") : 0;
        reasonPresent = in.readPresent("quality_reason");
        reasonLength = reasonPresent ? in.readLength("quality_reason") : 0;
        reasonOffset = in.skip("quality_reason", reasonLength);
        sequenceOffset = in.position();
        sequence = in.readLong("sequence");
        originOffset = in.position();
        gatewayLength = in.readLength("metadata.gateway_id");
        gatewayOffset = in.skip("metadata.gateway_id", gatewayLength);
        adapterLength = in.readLength("metadata.adapter_id");
        adapterOffset = in.skip("metadata.adapter_id", adapterLength);
        versionLength = in.readLength("metadata.adapter_version");
        versionOffset = in.skip("metadata.adapter_version", versionLength);
        revision = in.readLong("metadata.revision");
        epoch = in.readLong("metadata.epoch");
        in.expectEnd();
    }

    private void parseValue() {
        valueKind = VALUE_KINDS[in.readIndex("value", VALUE_KINDS.length)];
        switch (valueKind) {
            case NONE -> {}
            case REAL -> real = in.readDouble("value");
            case WHOLE -> whole = in.readLong("value");
            case FLAG -> flag = in.readBoolean("value");
            case TEXT -> {
                textLength = in.readLength("value");
                textOffset = in.skip("value", textLength);
            }
        }
    }

    /** The array that the offsets point into; not to be modified. It is the wrapped record itself, except after {@link #wrapResolved}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Which of the value's accessors may be asked. */
    public ValueKind valueKind() {
        return valueKind;
    }

    /** A REAL, or a WHOLE as the nearest double. */
    public double doubleValue() {
        return valueKind == ValueKind.WHOLE ? whole : expect(ValueKind.REAL, real);
    }

    /** A WHOLE. */
    public long longValue() {
        expect(ValueKind.WHOLE);
        return whole;
    }

    /** A FLAG. */
    public boolean booleanValue() {
        expect(ValueKind.FLAG);
        return flag;
    }

    /** A TEXT; makes a new string. */
    public String textValue() {
        expect(ValueKind.TEXT);
        return string(textOffset, textLength);
    }

    /** Where a TEXT's UTF-8 stands in {@link #bytes()}. */
    public int textOffset() {
        expect(ValueKind.TEXT);
        return textOffset;
    }

    public int textLength() {
        expect(ValueKind.TEXT);
        return textLength;
    }

    /** The value as the shared type, null for NONE; makes a new object. */
    public @Nullable Value value() {
        return switch (valueKind) {
            case NONE -> null;
            case REAL -> new Value.Real(real);
            case WHOLE -> new Value.Whole(whole);
            case FLAG -> new Value.Flag(flag);
            case TEXT -> new Value.Text(textValue());
        };
    }

    public Quality quality() {
        return quality;
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

    public String unit() {
        return string(unitOffset, unitLength);
    }

    public Classification classification() {
        return classification;
    }

    public boolean hasDeviceTime() {
        return deviceTimePresent;
    }

    /** Microseconds since the epoch, device's clock; 0 without one. */
    public long deviceTimeMicros() {
        return deviceTimeMicros;
    }

    /** Microseconds since the epoch, gateway's clock. */
    public long gatewayTimeMicros() {
        return gatewayTimeMicros;
    }

    /** The authoritative time in microseconds since the epoch: the device's where it has a clock, otherwise the gateway's. */
    public long timeMicros() {
        return deviceTimePresent ? deviceTimeMicros : gatewayTimeMicros;
    }

    public TimeSource timeSource() {
        return timeSource;
    }

    public boolean hasClockSkew() {
        return clockSkewPresent;
    }

    public @Nullable Long clockSkewMs() {
        return clockSkewPresent ? Long.valueOf(clockSkewMs) : null;
    }

    /** How far the device's clock is behind the gateway's by their times, milliseconds; only where there is a device time. */
    public long skewMs() {
        return Micros.skewMs(gatewayTimeMicros, deviceTimeMicros);
    }

    public @Nullable String qualityReason() {
        return reasonPresent ? string(reasonOffset, reasonLength) : null;
    }

    /** Whether there is a reason that begins with this UTF-8 text; makes no string. */
    public boolean reasonStartsWith(byte[] text) {
        return reasonPresent
                && reasonLength >= text.length
                && Arrays.equals(bytes, reasonOffset, reasonOffset + text.length, text, 0, text.length);
    }

    public long sequence() {
        return sequence;
    }

    public String gatewayId() {
        return string(gatewayOffset, gatewayLength);
    }

    public String adapterId() {
        return string(adapterOffset, adapterLength);
    }

    public long revision() {
        return revision;
    }

    public long epoch() {
        return epoch;
    }

    /** Where the bytes of {@link #origin()} begin; they go on to the end of {@link #bytes()}. */
    public int originOffset() {
        return originOffset;
    }

    /** Where the adapter's id ends: from {@link #originOffset()} to here stands who counts the sequence. */
    public int adapterEnd() {
        return adapterOffset + adapterLength;
    }

    /** Where the reading comes from, as a new object. */
    public Origin origin() {
        return new Origin(gatewayId(), adapterId(), string(versionOffset, versionLength), revision, epoch);
    }

    /** The whole record as an object of its own, for paths that are not hot. */
    public Reading toReading() {
        return new Reading(
                value(),
                quality,
                assetId(),
                parameter(),
                unit(),
                classification,
                deviceTimePresent ? Micros.toInstant(deviceTimeMicros) : null,
                Micros.toInstant(gatewayTimeMicros),
                timeSource,
                clockSkewMs(),
                qualityReason(),
                sequence,
                origin());
    }

    private String string(int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private double expect(ValueKind kind, double value) {
        expect(kind);
        return value;
    }

    private void expect(ValueKind kind) {
        if (valueKind != kind) {
            throw new IllegalStateException("The reading's value is %s, not %s.".formatted(valueKind, kind));
        }
    }
}
