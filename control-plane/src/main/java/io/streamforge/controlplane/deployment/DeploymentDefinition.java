package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.web.Ids;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is to run, as a draft.
 *
 * @param adapters ids of adapters
 * @param sinks ids of sinks
 * @param ruleSet id of a rule set; null checks only that records can be read, and aggregates nothing
 * @param delivery what stages promise after a failure; null is exactly-once, as in every deployment before there was a choice
 */
public record DeploymentDefinition(
        @NotBlank @Pattern(regexp = Ids.PATTERN, message = Ids.RULE)
        String id,

        @NotBlank @Size(max = 200) String name,
        @NotBlank String gatewayId,
        @NotNull List<@NotBlank String> adapters,
        @NotNull List<@NotBlank String> sinks,
        @Nullable String ruleSet,
        @Nullable Delivery delivery) {}
