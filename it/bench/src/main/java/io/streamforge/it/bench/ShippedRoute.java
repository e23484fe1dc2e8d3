package io.streamforge.it.bench;

import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A stage as it is shipped: a route from its template, in a Camel context of this process. */
public final class ShippedRoute implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext();

    /**
     * Starts it.
     *
     * @param template the template's name; its version 1 is taken
     * @param parameters the template's own, beside the route's and the gateway's id
     * @param beans structured parameters by name, bound as the gateway would: {@code <routeId>.<name>}
     */
    public ShippedRoute(
            String bootstrap,
            String registry,
            String template,
            String routeId,
            Map<String, Object> parameters,
            Map<String, Object> beans)
            throws Exception {
        this(bootstrap, registry, template, routeId, parameters, beans, Map.of());
    }

    /** @param connector the properties of the connector within, by their names; a bean's as the gateway gives them: {@code <routeId>.<name>} */
    public ShippedRoute(
            String bootstrap,
            String registry,
            String template,
            String routeId,
            Map<String, Object> parameters,
            Map<String, Object> beans,
            Map<String, String> connector)
            throws Exception {
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(bootstrap);
        backbone.setGatewayId("gw-bench");
        camel.addComponent("backbone", backbone);
        camel.getRegistry()
                .bind(
                        "schemaRegistry",
                        new ConfluentSchemaRegistry(
                                List.of(URI.create(registry)), Files.createTempFile("bench-schemas", ".json")));
        beans.forEach((name, bean) -> camel.getRegistry().bind(routeId + "." + name, bean));
        if (!connector.isEmpty()) {
            Properties properties = new Properties();
            properties.putAll(connector);
            camel.getComponent("kamelet", KameletComponent.class)
                    .setRouteProperties(Map.of(routeId + ".connector", properties));
        }
        camel.start();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        camel, "classpath:route-templates/%1$s/%1$s.camel.yaml".formatted(template)));
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("routeId", routeId);
        all.put("gatewayId", "gw-bench");
        camel.addRouteFromTemplate(routeId, template + "@1", all);
    }

    @Override
    public void close() throws IOException {
        camel.close();
    }
}
