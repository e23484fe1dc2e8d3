package io.streamforge.controlplane.rules;

import java.time.Instant;
import java.util.List;

/** A rule set as it is kept; see {@link RuleSetDefinition}. */
public record RuleSet(
        String id,
        String name,
        List<ValidationRule> validation,
        List<AggregateRule> aggregates,
        long version,
        Instant updatedAt,
        String updatedBy) {}
