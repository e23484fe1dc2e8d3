package io.streamforge.model;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that a stage could not let through, with its original bytes: nothing is lost silently.
 *
 * @param messageId {@code <sourceTopic>-<partition>-<offset>}, so that a repeated attempt gives the same id
 * @param stage the route id that refused it
 * @param reasonCode a stable code of the refusing rule, for instance {@code RANGE} or {@code UNDECODABLE}
 * @param reason the full sentence for a person
 * @param schemaId the payload's schema id, or null where the payload has no readable frame
 * @param payload the record's value as it stood in the source topic
 * @param attempts how often it was tried, at least 1
 */
public record DeadLetter(
        String messageId,
        String sourceTopic,
        int partition,
        long offset,
        String stage,
        String reasonCode,
        String reason,
        Instant failedAt,
        @Nullable Integer schemaId,
        ByteBuffer payload,
        int attempts,
        Origin origin) {

    /**
     * A record of a batch, refused at its first attempt.
     *
     * @param origin the record's, or only the gateway where it cannot be read
     */
    public static DeadLetter of(
            Batch batch, int index, String stage, String reasonCode, String reason, Instant failedAt, Origin origin) {
        return new DeadLetter(
                "%s-%d-%d".formatted(batch.topic(), batch.partition(index), batch.offset(index)),
                batch.topic(),
                batch.partition(index),
                batch.offset(index),
                stage,
                reasonCode,
                reason,
                failedAt,
                Frame.schemaIdOrNull(batch.value(index)),
                ByteBuffer.wrap(batch.value(index)),
                1,
                origin);
    }
}
