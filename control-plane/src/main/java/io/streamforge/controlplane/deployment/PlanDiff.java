package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.deployment.Diff.ChangeKind;
import io.streamforge.controlplane.deployment.Diff.FieldChange;
import io.streamforge.controlplane.deployment.Diff.RouteChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares two plans, route by route and field by field. */
final class PlanDiff {

    private PlanDiff() {}

    /** All routes of both, by route id. */
    static List<RouteChange> between(List<PlanRoute> before, List<PlanRoute> after) {
        Map<String, PlanRoute> old = byId(before);
        Map<String, PlanRoute> now = byId(after);
        TreeSet<String> ids = new TreeSet<>(old.keySet());
        ids.addAll(now.keySet());
        return ids.stream().map(id -> change(id, old.get(id), now.get(id))).toList();
    }

    private static Map<String, PlanRoute> byId(List<PlanRoute> routes) {
        return routes.stream()
                .collect(Collectors.toMap(PlanRoute::routeId, Function.identity(), (a, b) -> b, TreeMap::new));
    }

    private static RouteChange change(String id, @Nullable PlanRoute before, @Nullable PlanRoute after) {
        if (before == null && after != null) {
            return new RouteChange(id, reference(after), ChangeKind.ADDED, List.of());
        }
        if (after == null && before != null) {
            return new RouteChange(id, reference(before), ChangeKind.REMOVED, List.of());
        }
        if (before == null || after == null) {
            throw new IllegalArgumentException("Neither side has route " + id);
        }
        List<FieldChange> fields = new ArrayList<>();
        fields("", before.parameters(), after.parameters(), fields);
        boolean same = fields.isEmpty() && reference(before).equals(reference(after));
        return new RouteChange(id, reference(after), same ? ChangeKind.UNCHANGED : ChangeKind.CHANGED, fields);
    }

    private static String reference(PlanRoute route) {
        return route.template() + "@" + route.version();
    }

    private static void fields(
            String pointer, @Nullable JsonNode before, @Nullable JsonNode after, List<FieldChange> changes) {
        if (before != null && after != null && before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            for (String name : names) {
                String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                fields(at, before.get(name), after.get(name), changes);
            }
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                fields(pointer + "/" + i, before.get(i), after.get(i), changes);
            }
        } else if (before == null
                || after == null
                || !CanonicalJson.text(before).equals(CanonicalJson.text(after))) {
            changes.add(new FieldChange(pointer, before, after));
        }
    }
}
