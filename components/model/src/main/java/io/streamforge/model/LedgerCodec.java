package io.streamforge.model;

/** Writes ledger entries. Safe for use by several threads. */
public final class LedgerCodec {

    private static final int EXPECTED_LENGTH = 160;

    private final int schemaId;

    /** @param schemaId the registry's id of {@link Schemas#LEDGER} */
    public LedgerCodec(int schemaId) {
        this.schemaId = schemaId;
    }

    /** The framed record. */
    public byte[] encode(Ledger entry) {
        BinaryWriter out = new BinaryWriter(schemaId, EXPECTED_LENGTH);
        out.writeIndex(entry.kind().ordinal());
        out.writeString(entry.stage());
        out.writeString(entry.assetId());
        out.writeString(entry.parameter());
        out.writeInstant(entry.minute());
        out.writeLong(entry.count());
        out.writeLong(entry.first());
        out.writeLong(entry.last());
        out.writeOrigin(entry.origin());
        out.writeString(entry.topic());
        out.writeLong(entry.partition());
        out.writeString(entry.reason());
        return out.toBytes();
    }
}
