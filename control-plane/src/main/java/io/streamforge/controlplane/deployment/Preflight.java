package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.web.FieldProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a draft could be activated now.
 *
 * @param problems all of them at once; pointers lead into the draft, such as {@code /adapters/0/parameters/host}
 * @param plan what would run, null when there are problems
 */
record Preflight(
        boolean ok, List<FieldProblem> problems, @Nullable RoutePlan plan) {}
