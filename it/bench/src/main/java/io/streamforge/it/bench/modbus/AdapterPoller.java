package io.streamforge.it.bench.modbus;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Ours as shipped: the connector and the adapter stage, one route per device, to telemetry.raw. */
final class AdapterPoller implements Poller {

    private final DefaultCamelContext camel = new DefaultCamelContext();

    /**
     * @param devices how many routes poll the same server, each an asset of its own
     * @param registers holding registers of each, from 0, one point each
     */
    AdapterPoller(int port, int devices, int registers, Duration interval, String bootstrap, String registry)
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
        camel.setAutoStartup(false);
        Map<String, Properties> properties = new HashMap<>();
        camel.getComponent("kamelet", KameletComponent.class).setRouteProperties(properties);
        camel.start();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        camel, "classpath:route-templates/adapter/adapter.camel.yaml"));
        for (int device = 0; device < devices; device++) {
            String adapter = "device-%03d".formatted(device);
            String routeId = "adapter." + adapter;
            camel.getRegistry().bind(routeId + ".origin", new Origin("gw-bench", adapter, "modbus-tcp-source@1", 1, 1));
            camel.getRegistry().bind(routeId + ".points", points(registers));
            Properties connector = new Properties();
            connector.setProperty("points", routeId + ".points");
            connector.setProperty("host", "127.0.0.1");
            connector.setProperty("port", Integer.toString(port));
            connector.setProperty("addressing", "zero-based");
            connector.setProperty("pollIntervalMs", Long.toString(interval.toMillis()));
            properties.put(routeId + ".connector", connector);
            camel.addRouteFromTemplate(
                    routeId,
                    "adapter@1",
                    Map.of(
                            "routeId",
                            routeId,
                            "adapterId",
                            adapter,
                            "adapterName",
                            adapter,
                            "connector",
                            "modbus-tcp-source",
                            "connectorVersion",
                            "1",
                            "asset",
                            adapter));
        }
    }

    private static ArrayNode points(int registers) {
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        for (int register = 0; register < registers; register++) {
            points.addObject()
                    .put("name", "r%04d".formatted(register))
                    .put("address", register)
                    .put("type", "uint16")
                    .put("unit", "Cel");
        }
        return points;
    }

    @Override
    public void go() throws Exception {
        camel.getRouteController().startAllRoutes();
    }

    @Override
    public void halt() throws Exception {
        for (Route route : camel.getRoutes()) {
            camel.getRouteController().stopRoute(route.getRouteId());
        }
    }

    @Override
    public long polls() {
        return counted(counters -> counters.polls() - counters.failedPolls() - counters.undelivered());
    }

    /** Polls that were due and could not be begun, because the one before was not through. */
    long skipped() {
        return counted(SourceHealth.Counters::skippedPolls);
    }

    private long counted(java.util.function.ToLongFunction<SourceHealth.Counters> count) {
        return camel.getRoutes().stream()
                .filter(route -> route.getConsumer() instanceof SourceHealth)
                .mapToLong(route -> count.applyAsLong(((SourceHealth) route.getConsumer()).counters()))
                .sum();
    }

    @Override
    public void close() throws IOException {
        camel.close();
    }
}
