package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decided about one dead letter: the record of {@code dlq.decisions}.
 *
 * @param decisionId identity of the decision, which may concern many letters; carried out once for each
 * @param value what takes the place of the reading's own value, null unless the action is {@link Action#EDIT}
 * @param by the user who decided
 * @param decidedAt when the gateway heard of it
 */
public record Decision(
        String decisionId,
        LetterPlace letter,
        Action action,
        @Nullable Value value,
        String by,
        Instant decidedAt) {

    /** What can be done with a dead letter. */
    public enum Action {
        /** It passes as it is, by the operator's name. */
        APPROVE,
        /** It passes with another value, by the operator's name. */
        EDIT,
        /** It is done with. */
        DISCARD,
        /** Its stage judges or delivers it again. */
        REPROCESS
    }

    /** The framed record. */
    public byte[] encode(int schemaId) {
        BinaryWriter out = new BinaryWriter(schemaId, 160);
        out.writeString(decisionId);
        letter.write(out);
        out.writeIndex(action.ordinal());
        out.writeValue(value);
        out.writeString(by);
        out.writeInstant(decidedAt);
        return out.toBytes();
    }
}
