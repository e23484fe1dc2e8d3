package io.streamforge.routes.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlannedRouteTest {

    @Test
    void everyProcessRunsTheStagesAndOneAnAdapter() throws Exception {
        RoutePlan plan = plan("""
                {"routeId":"adapter.a","template":"adapter","version":"1","parameters":{"adapterId":"a"}},
                {"routeId":"adapter.b","template":"adapter","version":"1","parameters":{"adapterId":"b"},"worker":1},
                {"routeId":"validate.telemetry","template":"validate","version":"1","parameters":{}}""");
        assertThat(in(plan, 0)).containsExactly("adapter.a", "validate.telemetry");
        assertThat(in(plan, 1)).containsExactly("adapter.b", "validate.telemetry");
        assertThat(in(plan, 2)).containsExactly("validate.telemetry");
    }

    @Test
    void thePlanIsKeptWithItsWorkers() throws Exception {
        RoutePlan plan =
                plan("{\"routeId\":\"a.b\",\"template\":\"a\",\"version\":\"1\",\"parameters\":{},\"worker\":3}");
        assertThat(PlanParser.handWritten(PlanParser.write(plan))).isEqualTo(plan);
    }

    @Test
    void aWorkerIsAProcessNumber() {
        assertThatThrownBy(
                        () -> plan(
                                "{\"routeId\":\"a.b\",\"template\":\"a\",\"version\":\"1\",\"parameters\":{},\"worker\":\"all\"}"))
                .hasMessageContaining("/routes/0/worker must be a process' number from 0 to 9999, got 'all'.");
    }

    private static List<String> in(RoutePlan plan, int process) {
        return plan.routes().stream()
                .filter(route -> route.runsIn(process))
                .map(PlannedRoute::routeId)
                .toList();
    }

    private static RoutePlan plan(String routes) throws PlanException {
        return PlanParser.handWritten("{\"routes\":[%s]}".formatted(routes).getBytes(UTF_8));
    }
}
