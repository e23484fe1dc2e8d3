package io.streamforge.controlplane.deadletter;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of decisions, as a gateway posts it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record PostedOutcomes(@NotNull @Size(max = 1000) List<@Valid PostedOutcome> records) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PostedOutcome(@NotNull @Valid LetterOutcome value) {}

    /** @param reason why it failed */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LetterOutcome(
            @JsonProperty("decision_id") @NotNull UUID decisionId,
            @NotNull @Valid OutcomePlace letter,
            @NotNull DeadLetterState state,
            @Nullable String reason,
            @NotNull Instant at) {}

    /** Where the letter stands in the gateway's stream. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record OutcomePlace(@NotNull String topic, int partition, long offset) {}
}
