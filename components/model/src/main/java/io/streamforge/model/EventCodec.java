package io.streamforge.model;

/** Writes events. Safe for use by several threads. */
public final class EventCodec {

    private static final int EXPECTED_LENGTH = 192;

    private final int schemaId;

    /** @param schemaId the registry's id of {@link Schemas#EVENT} */
    public EventCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /** The framed record. */
    public byte[] encode(Event event) {
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeString(event.eventId());
        out.writeString(event.assetId());
        out.writeString(event.eventType());
        out.writeState(event.previousState());
        out.writeState(event.newState());
        out.writeOptional(event.deviceTime());
        out.writeInstant(event.gatewayTime());
        out.writeIndex(event.timeSource().ordinal());
        out.writeIndex(event.quality().ordinal());
        out.writeOrigin(event.origin());
        Condition condition = event.condition();
        out.writeIndex(condition == null ? 0 : 1);
        if (condition != null) {
            write(condition, out);
        }
        out.writeOptional(event.qualityReason());
        return out.toBytes();
    }

    private static void write(Condition condition, BinaryWriter out) {
        out.writeString(condition.conditionId());
        out.writeOptional(condition.branchId());
        out.writeLong(condition.severity());
        out.writeString(condition.message());
        out.writeOptional(condition.active());
        out.writeOptional(condition.acked());
        out.writeOptional(condition.confirmed());
        out.writeBoolean(condition.retain());
        out.writeOptional(condition.comment());
        out.writeOptional(condition.user());
    }
}
