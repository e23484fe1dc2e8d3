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
        Origin origin) {}
