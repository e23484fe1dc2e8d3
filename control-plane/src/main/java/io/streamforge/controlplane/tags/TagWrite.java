package io.streamforge.controlplane.tags;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import tools.jackson.databind.JsonNode;

/**
 * Asks a gateway to write a tag's point.
 *
 * @param value a number, flag or text in the tag's unit
 */
record TagWrite(
        @NotBlank String gatewayId,
        @NotBlank String assetId,
        @NotBlank String parameter,
        @NotNull JsonNode value) {

    /** As the audit and messages name the tag. */
    String name() {
        return gatewayId + "/" + assetId + "/" + parameter;
    }
}
