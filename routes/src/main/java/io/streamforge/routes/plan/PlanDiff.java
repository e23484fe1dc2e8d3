package io.streamforge.routes.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must happen to get from the routes that run to those that are wanted; a route that is in none of the lists is not touched.
 *
 * @param removed run but are not wanted
 * @param replaced are wanted under an id that runs, with another hash: the new ones
 * @param added are wanted and do not run
 */
public record PlanDiff(List<PlannedRoute> removed, List<PlannedRoute> replaced, List<PlannedRoute> added) {

    public PlanDiff {
        removed = List.copyOf(removed);
        replaced = List.copyOf(replaced);
        added = List.copyOf(added);
    }

    /** The difference by route id and hash; the order of each list is its source's. */
    public static PlanDiff between(List<PlannedRoute> running, List<PlannedRoute> wanted) {
        Map<String, PlannedRoute> runningById = new HashMap<>();
        running.forEach(route -> runningById.put(route.routeId(), route));
        Set<String> wantedIds = new HashSet<>();
        List<PlannedRoute> replaced = new ArrayList<>();
        List<PlannedRoute> added = new ArrayList<>();
        for (PlannedRoute route : wanted) {
            wantedIds.add(route.routeId());
            PlannedRoute before = runningById.get(route.routeId());
            if (before == null) {
                added.add(route);
            } else if (!before.hash().equals(route.hash())) {
                replaced.add(route);
            }
        }
        List<PlannedRoute> removed = running.stream()
                .filter(route -> !wantedIds.contains(route.routeId()))
                .toList();
        return new PlanDiff(removed, replaced, added);
    }
}
