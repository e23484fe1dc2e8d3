package io.streamforge.controlplane.deadletter;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Dead letters as a gateway posts them, with their places in its stream; posting one again changes nothing. */
@JsonIgnoreProperties(ignoreUnknown = true)
record PostedLetters(@NotNull @Size(max = 1000) List<@Valid PostedLetter> records) {

    /** @param key of the stream's record: the asset's name */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record PostedLetter(
            @NotBlank @Size(max = 200) String topic,
            @Min(0) int partition,
            @Min(0) long offset,
            @NotNull String key,
            @NotNull @Valid LetterContent value) {}

    /**
     * The letter, field by field as it stands in the stream.
     *
     * @param payload base64, its beginning alone if it is very long
     * @param payloadBytes the payload's full length
     * @param record the payload field by field, null where the gateway cannot read it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LetterContent(
            @JsonProperty("message_id") @NotBlank String messageId,
            @JsonProperty("source_topic") @NotNull String sourceTopic,
            int partition,
            long offset,
            @NotNull String stage,
            @JsonProperty("reason_code") @NotNull String reasonCode,
            @NotNull String reason,
            @JsonProperty("failed_at") @NotNull Instant failedAt,
            @JsonProperty("schema_id") @Nullable Integer schemaId,
            @NotNull @Size(max = 200_000) String payload,
            @JsonProperty("payload_bytes") @Min(0) int payloadBytes,
            @Min(1) int attempts,
            @Nullable ObjectNode record) {}
}
