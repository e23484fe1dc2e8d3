package io.streamforge.routes.runtime;

import io.streamforge.backbone.ReplayRange;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks to be run once more.
 *
 * @param id names the replay; asked for twice, it runs once
 * @param routeId a stage or sink of the running plan
 * @param to the first position that is left out, null for all there is when it begins
 * @param into the side topic that takes a stage's results, null for a sink
 * @param ratePerS most records read per second
 */
public record ReplayOrder(
        String id,
        String routeId,
        ReplayRange from,
        @Nullable ReplayRange to,
        @Nullable String into,
        int ratePerS) {}
