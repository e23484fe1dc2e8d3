package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayHealthTest {

    @Test
    void aDeviceThatIsAwayDegradesTheGatewayOnly() {
        assertThat(GatewayHealth.of(
                        List.of(route("validate", RouteState.RUNNING), route("adapter", RouteState.DEGRADED)), true))
                .isEqualTo(GatewayHealth.DEGRADED);
        assertThat(GatewayHealth.of(List.of(route("adapter", RouteState.FAILED)), true))
                .isEqualTo(GatewayHealth.DEGRADED);
    }

    @Test
    void theValidatorIsCritical() {
        assertThat(GatewayHealth.of(List.of(route("validate", RouteState.DEGRADED)), true))
                .isEqualTo(GatewayHealth.UNHEALTHY);
        assertThat(GatewayHealth.of(List.of(route("validate", RouteState.FAILED)), true))
                .isEqualTo(GatewayHealth.FAILED);
    }

    @Test
    void withoutItsStreamAGatewayIsUnhealthy() {
        assertThat(GatewayHealth.of(List.of(), false)).isEqualTo(GatewayHealth.UNHEALTHY);
        assertThat(GatewayHealth.of(List.of(route("sink", RouteState.STARTING)), true))
                .isEqualTo(GatewayHealth.HEALTHY);
    }

    private static RouteStatus route(String template, RouteState state) {
        return new RouteStatus(template + ".x", template, state, null, Instant.EPOCH, 0, 0, 0, 0, null, null);
    }
}
