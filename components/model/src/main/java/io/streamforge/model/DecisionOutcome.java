package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a decision about one dead letter: the record of {@code dlq.outcomes}.
 *
 * @param reason why it failed, null where it did not
 */
public record DecisionOutcome(
        String decisionId,
        LetterPlace letter,
        State state,
        @Nullable String reason,
        Instant at) {

    /** How a letter can end. */
    public enum State {
        /** It passed, or was handed to its stage again. */
        REPROCESSED,
        DISCARDED,
        /** Nothing was done. */
        REPROCESS_FAILED
    }

    /** The framed record. */
    public byte[] encode(int schemaId) {
        BinaryWriter out = new BinaryWriter(schemaId, 160);
        out.writeString(decisionId);
        letter.write(out);
        out.writeIndex(state.ordinal());
        out.writeOptional(reason);
        out.writeInstant(at);
        return out.toBytes();
    }
}
