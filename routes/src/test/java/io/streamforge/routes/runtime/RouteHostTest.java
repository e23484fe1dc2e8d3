package io.streamforge.routes.runtime;

import static io.streamforge.routes.runtime.TestEngine.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Origin;
import io.streamforge.routes.plan.PlannedRoute;
import java.nio.file.Path;
import org.apache.camel.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteHostTest {

    private final TestEngine engine;

    RouteHostTest(@TempDir Path folder) throws Exception {
        this.engine = new TestEngine(folder);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void givesAConnectorItsPropertiesPointsAndSecretsWithoutWritingThemIntoAUri() throws Exception {
        engine.host.install(source(), 7);

        ProbeComponent.ProbeEndpoint endpoint = engine.probes.endpoint("device");
        assertThat(endpoint.getText()).isEqualTo("500");
        assertThat(endpoint.getSecret()).isEqualTo("s3{{cr3t}}");
        assertThat(endpoint.getPoints().at("/0/name").asText()).isEqualTo("temperature");
        assertThat(engine.context.getEndpoints())
                .extracting(Endpoint::getEndpointUri)
                .noneMatch(uri -> uri.contains("cr3t"));
        assertThat(engine.context.getRegistry().lookupByNameAndType("source.1.origin", Origin.class))
                .isEqualTo(new Origin("gw-1", "press-07", "probe-source@3", 7, 1));
    }

    @Test
    void takesARouteOutWithoutATrace() throws Exception {
        int endpoints = engine.context.getEndpoints().size();
        engine.host.install(source(), 7);
        assertThat(engine.host.facts("source.1").present()).isTrue();

        engine.host.uninstall("source.1");

        assertThat(engine.probes.events).containsExactly("start device", "stop device");
        assertThat(engine.context.getRoutes()).isEmpty();
        assertThat(engine.context.getRouteDefinitions()).isEmpty();
        assertThat(engine.context.getEndpoints()).hasSize(endpoints);
        assertThat(engine.context.getRegistry().lookupByName("source.1.points")).isNull();
        assertThat(engine.context.getRegistry().lookupByName("source.1.password"))
                .isNull();
        assertThat(engine.context.getRegistry().lookupByName("source.1.origin")).isNull();
    }

    @Test
    void takesOutTheKameletThatAConnectorRunsInsideOfIt() throws Exception {
        engine.library.connector("probe-source", "3");
        engine.host.install(plan(7, """
                        [{"routeId":"source.2","template":"source","version":"1","parameters":{
                          "connector":"around-source","properties":{"host":"device"},"points":[{"name":"a"}]}}]""").routes().get(0), 7);
        assertThat(engine.context.getRoutes()).hasSize(3);
        assertThat(engine.host.facts("source.2").present()).isTrue();

        engine.host.uninstall("source.2");

        assertThat(engine.probes.events).containsExactly("start device", "stop device");
        assertThat(engine.context.getRoutes()).isEmpty();
        assertThat(engine.context.getRouteDefinitions()).isEmpty();
    }

    @Test
    void aConnectorThatDoesNotStartLeavesNothingBehind() throws Exception {
        engine.probes.broken.put("device", "The device's name is wrong.");

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> engine.host.install(source(), 7))
                .hasMessageContaining("Route 'source.1' cannot start:")
                .hasMessageContaining("The device's name is wrong.");

        assertThat(engine.context.getRoutes()).isEmpty();
        assertThat(engine.context.getRouteDefinitions()).isEmpty();
    }

    @Test
    void eachInstallationOfAnAdapterIsAnEpoch() throws Exception {
        engine.host.install(source(), 7);
        engine.host.uninstall("source.1");
        engine.host.install(source(), 8);

        assertThat(engine.context.getRegistry().lookupByNameAndType("source.1.origin", Origin.class))
                .isEqualTo(new Origin("gw-1", "press-07", "probe-source@3", 8, 2));
    }

    private static PlannedRoute source() {
        return plan(7, """
                        [{"routeId":"source.1","template":"source","version":"1","parameters":{
                          "adapterId":"press-07","connector":"probe-source","connectorVersion":"3",
                          "properties":{"host":"device","pollIntervalMs":500,"password":{"$secret":"press-07.password"}},
                          "points":[{"name":"temperature"}]}}]""").routes().get(0);
    }
}
