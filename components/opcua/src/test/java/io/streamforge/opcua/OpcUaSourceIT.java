package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OpcUaSourceIT extends OpcUaRoute {

    private static final String NODE = "nsu=urn:streamforge:peer;s=";

    private static NodeOpcuaServer server = NodeOpcuaServer.start();

    private final List<Observation> taken = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void valuesComeWithTheDevicesTimeAndQuality() throws Exception {
        Instant before = Instant.now().minusSeconds(60);
        route(server.url(), "security=none", points("Temperature", "Running", "Label", "Total"));
        await().until(() -> taken.size() == 4);
        assertThat(samples("Temperature")).singleElement().satisfies(sample -> {
            assertThat(sample.value()).isEqualTo(new Value.Real(24.1));
            assertThat(sample.quality()).isEqualTo(Quality.GOOD);
            assertThat(sample.deviceTime())
                    .isBetween(before, sample.gatewayTime().plusSeconds(1));
        });
        assertThat(last("Label").value()).isEqualTo(new Value.Text("A-17"));
        assertThat(last("Total").value()).isEqualTo(new Value.Whole(7));

        server.status("Temperature", "BadSensorFailure");
        await().until(() -> last("Temperature").quality() == Quality.BAD);
        assertThat(last("Temperature").value()).isNull();
        assertThat(last("Temperature").reason()).isEqualTo("0x808C0000 Bad_SensorFailure");
        assertThat(health().fault()).hasValue("1 of 4 points are BAD: Temperature 0x808C0000 Bad_SensorFailure");

        server.status("Temperature", "UncertainLastUsableValue");
        await().until(() -> last("Temperature").quality() == Quality.UNCERTAIN);
        assertThat(last("Temperature").value()).isEqualTo(new Value.Real(24.1));
        assertThat(last("Temperature").reason()).isEqualTo("0x40900000 Uncertain_LastUsableValue");
        server.set("Temperature", "24.1");
        await().until(() -> health().fault().isEmpty());
    }

    @Test
    void aRefusedNodeMarksOnlyItself() throws Exception {
        route(server.url(), "security=none", """
                [{"name":"here","node":"%1$sLabel","unit":"Cel","asset":"oven-1"},{"name":"missing","node":"%1$sNowhere"},
                 {"name":"foreign","node":"nsu=urn:nobody;s=x"},{"name":"rough","node":"%1$sLabel","deadband":10}]""".formatted(NODE));
        await().until(() -> taken.size() == 4);
        assertThat(last("here").quality()).isEqualTo(Quality.GOOD);
        assertThat(last("here").unit()).isEqualTo("Cel");
        assertThat(last("here").asset()).isEqualTo("oven-1");
        assertThat(last("missing").asset()).isNull();
        assertThat(last("missing").reason()).isEqualTo("0x80340000 Bad_NodeIdUnknown");
        assertThat(last("foreign").reason())
                .isEqualTo("0x80340000 Bad_NodeIdUnknown: the server has no namespace of node nsu=urn:nobody;s=x");
        assertThat(last("rough").quality()).isEqualTo(Quality.BAD);
        assertThat(health().fault().orElseThrow()).startsWith("3 of 4 points are BAD: ");
    }

    @Test
    void arraysComeAsTheirElements() throws Exception {
        route(server.url(), "security=none", points("Profile"));
        await().until(() -> taken.size() == 3);
        assertThat(taken)
                .extracting(sample -> ((Sample) sample).parameter())
                .containsExactly("Profile[0]", "Profile[1]", "Profile[2]");
        assertThat(last("Profile[1]").value()).isEqualTo(new Value.Real(2.5));
    }

    @Test
    void changesWithinTheDeadbandAreNotReported() throws Exception {
        server.set("Pressure", "100");
        route(server.url(), "security=none&publishingIntervalMs=50", """
                [{"name":"absolute","node":"%1$sPressure","deadband":5,"samplingIntervalMs":0},
                 {"name":"percent","node":"%1$sPressure","deadband":5,"deadbandType":"percent","samplingIntervalMs":0},
                 {"name":"every","node":"%1$sPressure","samplingIntervalMs":0}]""".formatted(NODE));
        await().until(() -> taken.size() == 3);
        server.set("Pressure", "107").set("Pressure", "109").set("Pressure", "120");
        await().until(() -> samples("every").size() == 4);
        await().until(() -> samples("absolute").size() == 3);
        assertThat(samples("absolute")).extracting(Sample::value).containsExactly(real(100), real(107), real(120));
        assertThat(samples("percent")).extracting(Sample::value).containsExactly(real(100), real(120));
    }

    @Test
    void aChangeOfAMarkedPointIsAnEvent() throws Exception {
        server.set("Running", "false");
        route(
                server.url(),
                "security=none",
                "[{\"name\":\"running\",\"node\":\"%sRunning\",\"event\":true}]".formatted(NODE));
        await().until(() -> taken.size() == 2);
        server.set("Running", "true");
        await().until(() -> taken.size() == 4);
        assertThat(taken.get(3)).isInstanceOfSatisfying(StateChange.class, change -> {
            assertThat(change.eventType()).isEqualTo("running");
            assertThat(change.previousState()).isEqualTo(new Value.Flag(false));
            assertThat(change.newState()).isEqualTo(new Value.Flag(true));
            assertThat(change.deviceTime()).isNotNull();
        });
        server.set("Running", "false");
    }

    @Test
    void nothingThatTheServerQueuedIsLostByACutConnection() throws Exception {
        try (CutProxy network = new CutProxy(server.port())) {
            server.set("Counter", "0");
            route(
                    NodeOpcuaServer.url(network.port()),
                    "security=none&publishingIntervalMs=100&queueSize=100",
                    fast("Counter", "Label"));
            await().until(() -> samples("Label").size() == 1);
            server.burst("Counter", 1, 30);
            await().until(() -> new Value.Whole(30).equals(last("Counter").value()));
            network.swallow();
            int swallowed = server.burstUntilHeld("Counter", 31, 10);
            int last = swallowed + 60;
            await().until(network::hasSwallowed);
            network.cut();
            await().until(() -> health().fault().isPresent());
            server.burst("Counter", swallowed + 1, last);
            assertThat(health().fault().orElseThrow()).startsWith("connection: lost to opc.tcp://127.0.0.1:");
            await().until(() -> last("Label").quality() == Quality.BAD);
            network.mend();
            await().until(() -> last("Counter").value() instanceof Value.Whole whole && whole.value() == last);

            List<Value> good = samples("Counter").stream()
                    .filter(sample -> sample.quality() == Quality.GOOD)
                    .map(Sample::value)
                    .toList();
            assertThat(good)
                    .isEqualTo(IntStream.rangeClosed(0, last)
                            .mapToObj(n -> (Value) new Value.Whole(n))
                            .toList());
            assertThat(samples("Counter").stream().filter(sample -> sample.quality() == Quality.BAD))
                    .hasSize(1);
            await().until(() -> last("Label").quality() == Quality.GOOD);
            assertThat(samples("Label")).hasSize(3);
            assertThat(health().fault()).isEmpty();
        }
    }

    @Test
    void aServerThatWasRestartedIsSubscribedAnewUnderAnyNamespaceIndex() throws Exception {
        route(server.url(), "security=none&reconnectMaxDelayMs=500", points("Temperature"));
        await().until(() -> taken.size() == 1);
        int port = server.port();
        server.close();
        await().until(() -> health().fault().isPresent());
        await().until(() -> taken.size() == 2);
        server = NodeOpcuaServer.start(port, "{\"namespacesBefore\":[\"urn:new\"]}");
        await().until(() -> taken.size() == 3);
        assertThat(last("Temperature").quality()).isEqualTo(Quality.GOOD);
        server.set("Temperature", "30");
        await().until(() -> last("Temperature").value() instanceof Value.Real read && read.value() == 30);
        assertThat(taken).hasSize(4);
        await().until(() -> health().fault().isEmpty());
        server.set("Temperature", "24.1");
    }

    @Test
    void aValueBeforeWhichTheServersQueueOverflowedIsMarked() throws Exception {
        server.set("Counter", "999");
        route(server.url(), "security=none&publishingIntervalMs=1000&queueSize=2", fast("Counter"));
        await().until(() -> taken.size() == 1);
        server.count("Counter", 1000, 1050, 5);
        await().until(() -> last("Counter").value() instanceof Value.Whole whole && whole.value() == 1050);
        assertThat(samples("Counter")).hasSizeLessThan(20).anySatisfy(sample -> {
            assertThat(sample.quality()).isEqualTo(Quality.UNCERTAIN);
            assertThat(sample.reason())
                    .isEqualTo("overflow: values before this one were dropped from the server's queue");
            assertThat(sample.value()).isNotNull();
        });
        assertThat(health().counters().errors()).containsKey("overflow");
        assertThat(health().losses().of(Loss.DEVICE_QUEUE_OVERFLOW))
                .as("each of the values that are marked")
                .isEqualTo(samples("Counter").stream()
                        .filter(sample -> sample.quality() == Quality.UNCERTAIN)
                        .count());
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        assertThatThrownBy(() ->
                        route("opc.tcp://press", "publishingIntervalMs=10&queueSize=0&login=user", points("Label")))
                .rootCause()
                .hasMessage(
                        "OPC UA server opc.tcp://press: user must not be empty; publishingIntervalMs must be at least 50, got 10; queueSize must be at least 1, got 0.");
        assertThatThrownBy(() -> route("opc.tcp://press", "security=Basic256&login=me", points("Label")))
                .rootCause()
                .hasMessage(
                        "OPC UA server opc.tcp://press: security must be one of none, Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss, got 'Basic256'; login must be one of anonymous, user, certificate, got 'me'.");
    }

    private void route(String url, String options, String points) throws Exception {
        context.getRegistry().bind("adapter.press-07.points", new ObjectMapper().readTree(points));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("opcua:" + url + "?points=#bean:adapter.press-07.points&" + options)
                        .routeId("under-test")
                        .process(OpcUaSourceIT.this::take);
            }
        });
    }

    private static String points(String... nodes) {
        return table("{\"name\":\"%2$s\",\"node\":\"%1$s%2$s\"}", nodes);
    }

    /** Each change is seen. */
    private static String fast(String... nodes) {
        return table("{\"name\":\"%2$s\",\"node\":\"%1$s%2$s\",\"samplingIntervalMs\":0}", nodes);
    }

    private static String table(String row, String... nodes) {
        return "["
                + String.join(
                        ",",
                        List.of(nodes).stream()
                                .map(node -> row.formatted(NODE, node))
                                .toList()) + "]";
    }

    private void take(Exchange exchange) {
        for (Object observation : exchange.getMessage().getBody(List.class)) {
            taken.add((Observation) observation);
        }
    }

    private List<Sample> samples(String parameter) {
        return taken.stream()
                .filter(Sample.class::isInstance)
                .map(Sample.class::cast)
                .filter(sample -> sample.parameter().equals(parameter))
                .toList();
    }

    private Sample last(String parameter) {
        List<Sample> all = samples(parameter);
        return all.get(all.size() - 1);
    }

    private static Value real(double value) {
        return new Value.Real(value);
    }
}
