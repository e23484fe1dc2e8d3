package io.streamforge.controlplane.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PlanDiffTest {

    private static PlanRoute route(String id, String version, String parameters) {
        return new PlanRoute(
                id, "adapter", version, (ObjectNode) JsonMapper.shared().readTree(parameters));
    }

    private static List<String> diff(List<PlanRoute> before, List<PlanRoute> after) {
        return PlanDiff.between(before, after).stream()
                .map(change -> change.routeId() + " " + change.kind() + " "
                        + change.fields().stream()
                                .map(f -> f.pointer() + " " + f.before() + "→" + f.after())
                                .toList())
                .toList();
    }

    @Test
    void namesEveryRouteOfBothSidesAndTheFieldsThatChanged() {
        assertThat(diff(
                        List.of(
                                route("a", "1", "{\"host\":\"x\",\"points\":[{\"n\":1},{\"n\":2}]}"),
                                route("b", "1", "{}"),
                                route("d", "1", "{\"v\":1.0}")),
                        List.of(
                                route("a", "1", "{\"host\":\"y\",\"points\":[{\"n\":1}],\"a/b\":true}"),
                                route("c", "1", "{}"),
                                route("d", "1", "{\"v\":1}"))))
                .containsExactly(
                        "a CHANGED [/a~1b null→true, /host \"x\"→\"y\", /points/1 {\"n\":2}→null]",
                        "b REMOVED []",
                        "c ADDED []",
                        "d UNCHANGED []");
    }

    @Test
    void anotherTemplateVersionIsAChangeWithoutFields() {
        assertThat(diff(List.of(route("a", "1", "{}")), List.of(route("a", "2", "{}"))))
                .containsExactly("a CHANGED []");
    }
}
