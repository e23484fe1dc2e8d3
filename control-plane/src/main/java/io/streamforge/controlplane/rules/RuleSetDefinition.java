package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.web.Ids;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** What the validator checks and which windows are aggregated. */
public record RuleSetDefinition(
        @NotBlank @Pattern(regexp = Ids.PATTERN, message = Ids.RULE)
        String id,

        @NotBlank @Size(max = 200) String name,
        @NotNull @Size(max = 10_000) List<@Valid ValidationRule> validation,
        @NotNull List<@Valid AggregateRule> aggregates) {}
