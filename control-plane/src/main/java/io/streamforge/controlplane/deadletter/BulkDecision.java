package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.gateway.LetterAction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One decision about every letter that fits a filter and can be decided about.
 *
 * @param action not EDIT: a value belongs to one letter
 * @param asOf letters that arrived later are left alone: the one of the counts that the operator has seen
 */
record BulkDecision(
        @NotNull LetterAction action,
        @NotNull @Valid DeadLetterFilter filter,
        @NotNull Instant asOf) {

    /**
     * How many letters it concerns.
     *
     * @param decisionId null if there were none
     */
    record BulkTaken(@Nullable UUID decisionId, long count) {}
}
