package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.adapter.AdapterDefinition;
import io.streamforge.controlplane.rules.RuleSetDefinition;
import io.streamforge.controlplane.sink.SinkDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything a revision is made of, copied at the moment it was activated. */
record Snapshot(
        DeploymentDefinition deployment,
        List<AdapterDefinition> adapters,
        List<SinkDefinition> sinks,
        @Nullable RuleSetDefinition ruleSet) {}
