package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.mqtt.peers.Mosquitto;
import io.streamforge.mqtt.peers.SparkplugEdge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Mosquitto, and npm's sparkplug-client as an edge node. */
class MqttBrowserIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Browser browser =
            ServiceLoader.load(Browser.class).findFirst().orElseThrow();

    @Test
    void listsWhatTheBrokerKeepsLevelByLevel(@TempDir Path folder) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            broker.publish("plant/a/temperature", "24.1", "-r");
            broker.publish("plant/a/mode", "AUTO", "-r");
            broker.publish("plant/a", "{\"id\":7}", "-r");
            broker.publish("plant/a/table", "1,2", "-r");
            broker.publish(
                    "plant/a/state",
                    "{\"ts\":null,\"motor\":{\"speed\":1480,\"is on\":true},\"v\":[1,{\"x{}\":\"s\"}]}",
                    "-r");
            broker.publish("/odd//{x}", "1", "-r");
            ObjectNode properties = properties(broker);

            listed(properties, null, nodes -> assertThat(nodes)
                    .containsExactly(new Node("/", "", true, "", null), new Node("/plant", "plant", true, "", null)));
            listed(properties, "//odd/", nodes -> assertThat(nodes)
                    .containsExactly(new Node("//odd//{x}", "{x}", false, "1, retained", null)));
            listed(properties, "/plant", nodes -> assertThat(nodes)
                    .containsExactly(new Node("/plant/a", "a", true, "{\"id\":7}, retained", null)));
            listed(properties, "/plant/a", nodes -> assertThat(nodes)
                    .containsExactly(
                            new Node(
                                    "/plant/a/mode",
                                    "mode",
                                    false,
                                    "AUTO, retained",
                                    row("{'name':'mode','topic':'plant/a/mode','format':'plain'}")),
                            new Node(
                                    "/plant/a/state",
                                    "state",
                                    true,
                                    "{\"ts\":null,\"motor\":{\"speed\":1480,\"is on\":true},\"v\":[1,{\"x{}\"…, retained",
                                    null),
                            new Node("/plant/a/table", "table", false, "1,2, retained", null),
                            new Node(
                                    "/plant/a/temperature",
                                    "temperature",
                                    false,
                                    "24.1, retained",
                                    row("{'name':'temperature','topic':'plant/a/temperature'}")),
                            new Node(
                                    "/plant/a#$.id",
                                    "id",
                                    false,
                                    "7, retained",
                                    row("{'name':'id','topic':'plant/a','path':'$.id'}"))));
            listed(properties, "/plant/a/state", nodes -> {
                assertThat(nodes)
                        .extracting(Node::name, Node::detail, Node::point)
                        .containsExactly(
                                tuple(
                                        "motor.speed",
                                        "1480, retained",
                                        row("{'name':'motor.speed','topic':'plant/a/state','path':'$.motor.speed'}")),
                                tuple(
                                        "motor.is on",
                                        "true, retained",
                                        row("{'name':'motor.is on','topic':'plant/a/state'}")
                                                .put("path", "$.motor['is on']")),
                                tuple("$.ts", "null, retained", null),
                                tuple(
                                        "v[0]",
                                        "1, retained",
                                        row("{'name':'v[0]','topic':'plant/a/state','path':'$.v[0]'}")),
                                tuple(
                                        "v[1].x__",
                                        "\"s\", retained",
                                        row("{'name':'v[1].x__','topic':'plant/a/state'}")
                                                .put("path", "$.v[1]['x{}']")));
                assertThat(Row.readAll(JSON.createArrayNode()
                                .addAll(nodes.stream()
                                        .map(Node::point)
                                        .filter(point -> point != null)
                                        .toList())))
                        .hasSize(4);
            });

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Page second = browser.browse(properties, "/plant/a", 4, 1);
                assertThat(second.nodes()).extracting(Node::name).containsExactly("id");
                assertThat(second.more()).isFalse();
            });
        }
    }

    @Test
    void hearsWhatIsPublishedMeanwhile(@TempDir Path folder) throws Exception {
        ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
        try (Mosquitto broker = new Mosquitto(folder)) {
            publisher.scheduleWithFixedDelay(() -> broker.publish("live/x", "true"), 0, 50, TimeUnit.MILLISECONDS);
            listed(properties(broker).put("protocolVersion", "3.1.1"), "/live", nodes -> assertThat(nodes)
                    .containsExactly(new Node("/live/x", "x", false, "true", row("{'name':'x','topic':'live/x'}"))));
        } finally {
            publisher.shutdownNow();
        }
    }

    @Test
    void anEdgeNodeIsListedByItsBirthsAndAskedForThem(@TempDir Path folder) throws Exception {
        ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
        try (Mosquitto broker = new Mosquitto(folder);
                SparkplugEdge edge = new SparkplugEdge(broker.port(), "Plant1", "edge-1")) {
            edge.command("""
                    {"nbirth":{"timestamp":1763712000000,"metrics":[{"name":"Load","alias":1,"type":"Float","value":0.5}]},
                     "dbirth":{"device":"press-07","payload":{"timestamp":1763712000000,"metrics":[
                       {"name":"Motor/Speed","alias":2,"type":"Int16","value":-5,"properties":{"engUnit":{"type":"String","value":"1/min"}}}]}}}""");
            publisher.scheduleWithFixedDelay(
                    () -> edge.command(
                            "{\"ddata\":{\"device\":\"press-07\",\"payload\":{\"timestamp\":1763712002000,\"metrics\":[{\"alias\":2,\"type\":\"Int16\",\"value\":-5}]}}}"),
                    0,
                    50,
                    TimeUnit.MILLISECONDS);
            ObjectNode properties = properties(broker);
            listed(properties, "/spBv1.0", nodes -> assertThat(nodes)
                    .containsExactly(new Node("/spBv1.0/Plant1", "Plant1", true, "", null)));
            listed(properties, "/spBv1.0/Plant1", nodes -> assertThat(nodes)
                    .containsExactly(new Node("/spBv1.0/Plant1/edge-1", "edge-1", true, "", null)));
            listed(
                    properties,
                    "/spBv1.0/Plant1/edge-1",
                    nodes -> assertThat(nodes)
                            .containsExactly(
                                    new Node("/spBv1.0/Plant1/edge-1/press-07", "press-07", true, "", null),
                                    new Node(
                                            "/spBv1.0/Plant1/edge-1#Load",
                                            "Load",
                                            false,
                                            "0.5",
                                            row(
                                                    "{'name':'Load','topic':'spBv1.0/Plant1/+/edge-1/#','format':'sparkplug','path':'Load'}"))));
            listed(properties, "/spBv1.0/Plant1/edge-1/press-07", nodes -> {
                assertThat(nodes)
                        .extracting(Node::name, Node::detail, Node::point)
                        .containsExactly(
                                tuple(
                                        "Motor.Speed",
                                        "-5 1/min",
                                        row(
                                                "{'name':'Motor.Speed','topic':'spBv1.0/Plant1/+/edge-1/#','format':'sparkplug','path':'Motor/Speed'}")));
                assertThat(Row.readAll(JSON.createArrayNode().add(nodes.get(0).point())))
                        .hasSize(1);
            });
        } finally {
            publisher.shutdownNow();
        }
    }

    @Test
    void aBrokerWithManyTopicsIsListedUpToALimit(@TempDir Path folder) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            broker.publish("many", IntStream.range(0, 12_000).boxed().toList().toString(), "-r");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Page last = browser.browse(properties(broker), "/many", 9_999, 10);
                assertThat(last.more()).isFalse();
                assertThat(last.nodes()).hasSize(2);
                assertThat(last.nodes().get(1))
                        .isEqualTo(new Node("#", "…", false, "There are more: go to a path further down.", null));
            });
        }
    }

    @Test
    void saysWhatIsWrong(@TempDir Path folder) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            ObjectNode properties = properties(broker);
            for (String wrong : new String[] {"plant", "/plant/#", "/plant#$.id", "/+/x"}) {
                assertThatThrownBy(() -> browser.browse(properties, wrong, 0, 10))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("'%s' is no path of topic levels as /plant/press-07.", wrong);
            }
            assertThat(browser.browse(properties, "/nothing", 0, 10)).isEqualTo(new Page(List.of(), false));
            assertThat(ServiceLoader.load(Browser.class)).hasExactlyElementsOfTypes(MqttBrowser.class);
            broker.stop();
            assertThatThrownBy(() -> browser.browse(properties, null, 0, 10))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("MQTT broker 127.0.0.1:%d: ".formatted(broker.port()));
        }
    }

    /** A machine that is busy may need longer than is listened. */
    private void listed(ObjectNode properties, @Nullable String below, Consumer<List<Node>> check) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        check.accept(browser.browse(properties, below, 0, 10).nodes()));
    }

    private static ObjectNode properties(Mosquitto broker) {
        return JSON.createObjectNode()
                .put("host", "127.0.0.1")
                .put("port", broker.port())
                .put("retained", "ignore")
                .put("timeoutMs", 20_000);
    }

    private static ObjectNode row(String json) {
        try {
            return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
