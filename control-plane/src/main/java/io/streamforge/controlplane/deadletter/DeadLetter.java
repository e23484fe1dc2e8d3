package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.gateway.LetterAction;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record that a stage of a gateway could not let through.
 *
 * @param topic the dead letters' topic: {@code dlq.telemetry}, {@code dlq.events} or {@code dlq.sink}
 * @param messageId of the gateway: {@code <sourceTopic>-<partition>-<offset>}
 * @param sourceTopic where the record stood
 * @param stage the route that refused it
 * @param reasonCode stable, for instance {@code RANGE}
 * @param failedAt when it was refused, by the gateway's clock
 * @param attempts how often it was tried, those before it was reprocessed included
 * @param assetId empty where the record does not say
 * @param parameter null where the record cannot be read or has none
 * @param value of the record, null where it has none
 * @param stateReason why it failed
 * @param decision the last one, null before the first
 */
record DeadLetter(
        UUID id,
        String gatewayId,
        String topic,
        String messageId,
        String sourceTopic,
        String stage,
        String reasonCode,
        String reason,
        Instant failedAt,
        Instant receivedAt,
        int attempts,
        String assetId,
        @Nullable String parameter,
        @Nullable JsonNode value,
        @Nullable String unit,
        DeadLetterState state,
        @Nullable String stateReason,
        @Nullable LetterDecision decision) {

    /** What was decided about it. */
    record LetterDecision(
            UUID id, LetterAction action, @Nullable JsonNode value, String by, Instant at, DecisionProgress progress) {}
}
