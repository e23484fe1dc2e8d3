package io.streamforge.it.bench.mqtt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.streamforge.it.bench.ShippedRoute;
import io.streamforge.it.bench.Variant;
import io.streamforge.model.Origin;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The child JVM of one variant: {@code VariantProcess <variant> <port> <messages> <bootstrap> <registry>}, until its input ends. */
public final class VariantProcess {

    private static final String ROUTE = "adapter.bench";

    private VariantProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        try (AutoCloseable variant =
                switch (name) {
                    case "route" -> route(port, arguments[3], arguments[4]);
                    case "bare" -> bare(port, Integer.parseInt(arguments[2]));
                    default ->
                        throw new IllegalArgumentException("Unknown variant '%s'. Known: route, bare.".formatted(name));
                }) {
            Variant.serve();
        }
    }

    /** The library alone: counts each message, acknowledges it, and says so after each round. */
    private static AutoCloseable bare(int port, int messages) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        AtomicLong count = new AtomicLong();
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("bench-bare")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildAsync();
        client.connect().join();
        client.subscribeWith()
                .topicFilter("bench/bare/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(message -> {
                    if (count.incrementAndGet() % messages == 0) {
                        out.println("counted");
                    }
                })
                .send()
                .join();
        return () -> client.disconnect().join();
    }

    /** Our route: the shipped template and connector with the points as the gateway would bind them. */
    private static ShippedRoute route(int port, String bootstrap, String registry) throws Exception {
        return new ShippedRoute(
                bootstrap,
                registry,
                "adapter",
                ROUTE,
                Map.of(
                        "adapterId", "bench",
                        "adapterName", "bench",
                        "connector", "mqtt-source",
                        "connectorVersion", "1",
                        "asset", "bench"),
                Map.of(
                        "origin",
                        new Origin("gw-bench", "bench", "mqtt-source@1", 1, 1),
                        "points",
                        new ObjectMapper().readTree("""
                                        [{"name":"{parameter}","topic":"bench/route/{asset}/{parameter}","path":"$.v","time":"$.ts","unit":"Cel"}]""")),
                Map.of(
                        "points",
                        ROUTE + ".points",
                        "origin",
                        ROUTE + ".origin",
                        "host",
                        "127.0.0.1",
                        "port",
                        Integer.toString(port),
                        "receiveMaximum",
                        "65535"));
    }
}
