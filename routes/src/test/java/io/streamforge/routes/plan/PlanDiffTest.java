package io.streamforge.routes.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanDiffTest {

    @Test
    void leavesAloneWhatIsTheSame() throws Exception {
        PlanDiff diff = PlanDiff.between(
                List.of(route("a", "1", "{\"x\":1,\"y\":[1,2]}"), route("b", "1", "{}"), route("c", "1", "{}")),
                List.of(
                        route("d", "1", "{}"),
                        route("a", "1", "{\"y\":[1,2],\"x\":1.0}"),
                        route("b", "1", "{\"x\":2}")));

        assertThat(diff.removed()).extracting(PlannedRoute::routeId).containsExactly("c");
        assertThat(diff.replaced()).extracting(PlannedRoute::routeId).containsExactly("b");
        assertThat(diff.replaced().get(0).parameters().get("x").asInt()).isEqualTo(2);
        assertThat(diff.added()).extracting(PlannedRoute::routeId).containsExactly("d");
    }

    @Test
    void replacesARouteOfAnotherTemplateVersion() throws Exception {
        PlanDiff diff = PlanDiff.between(List.of(route("a", "1", "{}")), List.of(route("a", "2", "{}")));

        assertThat(diff.replaced()).hasSize(1);
        assertThat(diff.removed()).isEmpty();
        assertThat(diff.added()).isEmpty();
    }

    private static PlannedRoute route(String id, String version, String parameters) throws Exception {
        return new PlannedRoute(id, "t", version, (ObjectNode) new JsonMapper().readTree(parameters));
    }
}
