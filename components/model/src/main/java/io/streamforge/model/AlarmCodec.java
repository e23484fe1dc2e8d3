package io.streamforge.model;

/** Writes alarms. Safe for use by several threads. */
public final class AlarmCodec {

    private static final int EXPECTED_LENGTH = 320;

    private final int schemaId;

    /** @param schemaId the registry's id of {@link Schemas#ALARM} */
    public AlarmCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /** The framed record. */
    public byte[] encode(Alarm alarm) {
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeString(alarm.alarmId());
        out.writeString(alarm.occurrenceId());
        out.writeString(alarm.assetId());
        out.writeString(alarm.type());
        out.writeIndex(alarm.severity().ordinal());
        out.writeIndex(alarm.state().ordinal());
        out.writeBoolean(alarm.acked());
        out.writeOptional(alarm.shelvedUntil());
        out.writeOptional(alarm.suppressedBy());
        out.writeInstant(alarm.raisedAt());
        out.writeOptional(alarm.ackedAt());
        out.writeOptional(alarm.ackedBy());
        out.writeOptional(alarm.clearedAt());
        out.writeValue(alarm.value());
        out.writeValue(alarm.threshold());
        out.writeString(alarm.unit());
        out.writeString(alarm.message());
        out.writeString(alarm.ruleId());
        out.writeOrigin(alarm.origin());
        return out.toBytes();
    }
}
