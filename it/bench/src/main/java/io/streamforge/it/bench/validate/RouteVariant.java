package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Our route: the shipped template {@code validate@1} in a Camel context, with the rules as the gateway would bind them. */
final class RouteVariant implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext();

    RouteVariant(String bootstrap, String registry) throws Exception {
        String routeId = ValidateBench.group("route");
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(bootstrap);
        backbone.setGatewayId("gw-bench");
        camel.addComponent("backbone", backbone);
        camel.getRegistry()
                .bind(
                        "schemaRegistry",
                        new ConfluentSchemaRegistry(
                                List.of(URI.create(registry)), Files.createTempFile("bench-schemas", ".json")));
        camel.getRegistry().bind(routeId + ".rules", new ObjectMapper().readTree(Workload.rulesJson()));
        camel.start();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        camel, "classpath:route-templates/validate/validate.camel.yaml"));
        camel.addRouteFromTemplate(routeId, "validate@1", Map.of("routeId", routeId, "gatewayId", "gw-bench"));
    }

    @Override
    public void close() throws IOException {
        camel.close();
    }
}
