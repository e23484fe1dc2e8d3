package io.streamforge.controlplane.tags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.streamforge.controlplane.gateway.Quality;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The latest value of a tag.
 *
 * @param value number, boolean, string, or null for a gap
 * @param reason why the quality is not GOOD
 * @param deviceTime the device's clock, null where it has none
 * @param gatewayTime when the gateway read it, by the gateway's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record TagValue(
        @NotBlank String assetId,
        @NotBlank String parameter,
        @Nullable JsonNode value,
        @Nullable String unit,
        @NotNull Quality quality,
        @Nullable String reason,
        @Nullable Instant deviceTime,
        @NotNull Instant gatewayTime) {}
