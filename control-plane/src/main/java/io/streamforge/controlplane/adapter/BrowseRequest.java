package io.streamforge.controlplane.adapter;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks a gateway what a device offers, before an adapter is saved or deployed.
 *
 * @param connector {@code id@version} from the catalogue
 * @param parameters in the shape of the connector's schema
 * @param below a node's id as an earlier page gave it, null for the top
 * @param from how many of its nodes were in the pages before
 */
record BrowseRequest(
        @NotBlank String gatewayId,
        @NotBlank @Size(max = 200) String connector,
        @NotNull ObjectNode parameters,
        @Nullable @Size(max = 4000) String below,
        @Min(0) @Max(1_000_000) int from,
        @Min(1) @Max(1_000) int limit) {}
