package io.streamforge.model;

/** Writes dead letters. Safe for use by several threads. */
public final class DeadLetterCodec {

    private static final int EXPECTED_LENGTH = 512;

    private final int schemaId;

    /** @param schemaId the registry's id of {@link Schemas#DEAD_LETTER} */
    public DeadLetterCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /** The framed record. */
    public byte[] encode(DeadLetter letter) {
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeString(letter.messageId());
        out.writeString(letter.sourceTopic());
        out.writeLong(letter.partition());
        out.writeLong(letter.offset());
        out.writeString(letter.stage());
        out.writeString(letter.reasonCode());
        out.writeString(letter.reason());
        out.writeInstant(letter.failedAt());
        out.writeOptional(letter.schemaId());
        out.writeBytes(letter.payload());
        out.writeLong(letter.attempts());
        out.writeOrigin(letter.origin());
        return out.toBytes();
    }
}
