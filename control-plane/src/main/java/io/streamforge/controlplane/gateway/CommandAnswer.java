package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A gateway's answer to a command.
 *
 * @param result in the shape the command asks for, null where it has none
 * @param error why it failed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CommandAnswer(
        @NotNull CommandOutcome status,
        @Nullable JsonNode result,
        @Nullable @Size(max = 2000) String error) {}
