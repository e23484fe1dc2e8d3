package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.LetterAction;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A dead letter with everything known of it.
 *
 * @param place where it stands in the gateway's stream
 * @param record its payload field by field as the gateway read it, null where that cannot be
 * @param actions what can be decided about it now
 * @param follows the letter that was reprocessed and became this one
 * @param followedBy the letter that this one became when it was refused again
 */
record DeadLetterDetail(
        DeadLetter letter,
        Arguments.LetterPlace place,
        @Nullable ObjectNode record,
        LetterPayload payload,
        List<LetterAction> actions,
        @Nullable UUID follows,
        @Nullable UUID followedBy) {

    /**
     * The original bytes.
     *
     * @param bytes their number
     * @param complete false if only the beginning is here; the whole is in the gateway's stream
     * @param schemaId in the gateway's registry, null without a readable frame
     * @param hex the bytes in pairs of hexadecimal digits
     */
    record LetterPayload(
            int bytes, boolean complete, @Nullable Integer schemaId, String base64, String hex) {}
}
