package io.streamforge.controlplane.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ledger entries as a gateway posts them, each partition in its order; posting one again changes nothing. */
@JsonIgnoreProperties(ignoreUnknown = true)
record PostedEntries(@NotNull @Size(max = 10_000) List<@Valid PostedEntry> records) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PostedEntry(
            @Min(0) int partition,
            @Min(0) long offset,
            @NotNull @Valid EntryContent value) {}

    /**
     * The entry, field by field as it stands in the stream.
     *
     * @param kind what happened to the records; one that this version does not know is not counted
     * @param assetId empty where the records cannot be read
     * @param parameter empty for the asset as a whole
     * @param stage the route in which it happened
     * @param topic for DELIVERED the topic that was delivered; null in entries of before there was any
     * @param reason for what a source states what it counts and why; null in entries of before there was any
     * @param first for SEQUENCE_GAP the first missing sequence
     * @param last for SEQUENCE_GAP the last missing sequence
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record EntryContent(
            @NotNull String kind,
            @NotNull String stage,
            @Nullable String topic,
            @Nullable String reason,
            @JsonProperty("asset_id") @NotNull String assetId,
            @NotNull String parameter,
            @NotNull Instant minute,
            @Min(1) long count,
            long first,
            long last,
            @NotNull @Valid EntryOrigin metadata) {}

    /** @param adapterId empty where the records cannot be read */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record EntryOrigin(@JsonProperty("adapter_id") @NotNull String adapterId, long epoch) {}
}
