package io.streamforge.it.bench.opcua;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Variant;
import io.streamforge.model.Origin;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;

/**
 * The child JVM of one variant: {@code OpcUaProcess <variant> <url> <nodes> <publishing ms> <bootstrap> <registry>}, until its input ends. Both monitor the
 * same nodes with the same intervals and queues: {@code route} is ours as shipped, the connector and the adapter stage to telemetry.raw; {@code milo} is a
 * bare client that only counts.
 */
public final class OpcUaProcess {

    private static final int QUEUE = 100;

    private OpcUaProcess() {}

    public static void main(String[] arguments) throws Exception {
        String url = arguments[1];
        int nodes = Integer.parseInt(arguments[2]);
        int publishing = Integer.parseInt(arguments[3]);
        switch (arguments[0]) {
            case "route" -> route(url, nodes, publishing, arguments[4], arguments[5]);
            case "milo" -> milo(url, nodes, publishing);
            default ->
                throw new IllegalArgumentException("Unknown variant '%s'. Known: route, milo.".formatted(arguments[0]));
        }
    }

    private static String node(int number) {
        return "nsu=urn:streamforge:peer;s=V" + number;
    }

    private static void route(String url, int nodes, int publishing, String bootstrap, String registry)
            throws Exception {
        Path data = Files.createTempDirectory("bench-opcua");
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            BackboneComponent backbone = new BackboneComponent();
            backbone.setBootstrapServers(bootstrap);
            backbone.setGatewayId("gw-bench");
            camel.addComponent("backbone", backbone);
            camel.getRegistry().bind("dataFolder", Path.class, data);
            camel.getRegistry()
                    .bind(
                            "schemaRegistry",
                            new ConfluentSchemaRegistry(List.of(URI.create(registry)), data.resolve("schemas.json")));
            ArrayNode points = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < nodes; i++) {
                points.addObject().put("name", "v%04d".formatted(i)).put("node", node(i));
            }
            String routeId = "adapter.bench";
            camel.getRegistry().bind(routeId + ".points", points);
            camel.getRegistry().bind(routeId + ".origin", new Origin("gw-bench", "bench", "opcua-source@1", 1, 1));
            Properties connector = new Properties();
            connector.setProperty("points", routeId + ".points");
            connector.setProperty("url", url);
            connector.setProperty("security", "none");
            connector.setProperty("publishingIntervalMs", Integer.toString(publishing));
            connector.setProperty("samplingIntervalMs", "0");
            connector.setProperty("queueSize", Integer.toString(QUEUE));
            Map<String, Properties> properties = new HashMap<>();
            properties.put(routeId + ".connector", connector);
            camel.getComponent("kamelet", KameletComponent.class).setRouteProperties(properties);
            camel.start();
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.resolveMandatoryResource(
                            camel, "classpath:route-templates/adapter/adapter.camel.yaml"));
            camel.addRouteFromTemplate(
                    routeId,
                    "adapter@1",
                    Map.of(
                            "routeId", routeId,
                            "adapterId", "bench",
                            "adapterName", "bench",
                            "connector", "opcua-source",
                            "connectorVersion", "1",
                            "asset", "bench",
                            "deviceClock", "device"));
            Variant.serve();
        }
    }

    private static void milo(String url, int nodes, int publishing) throws Exception {
        LongAdder changes = new LongAdder();
        OpcUaClient client = monitor(url, nodes, publishing, values -> changes.add(values.size()));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            out.println(changes.sum());
        }
        client.disconnect();
    }

    private static OpcUaClient monitor(String url, int nodes, int publishing, Consumer<List<DataValue>> taken)
            throws Exception {
        OpcUaClient client = OpcUaClient.create(url);
        client.connect();
        OpcUaSubscription subscription = new OpcUaSubscription(client);
        subscription.setPublishingInterval((double) publishing);
        subscription.setSubscriptionListener(new OpcUaSubscription.SubscriptionListener() {
            @Override
            public void onDataReceived(OpcUaSubscription from, List<OpcUaMonitoredItem> items, List<DataValue> values) {
                taken.accept(values);
            }
        });
        subscription.create();
        List<OpcUaMonitoredItem> items = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(
                    ExpandedNodeId.parse(node(i)).toNodeIdOrThrow(client.getNamespaceTable()));
            item.setSamplingInterval(0);
            item.setQueueSize(Unsigned.uint(QUEUE));
            items.add(item);
        }
        subscription.addMonitoredItems(items);
        subscription.synchronizeMonitoredItems();
        return client;
    }
}
