package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.streamforge.adapter.CertificateKeeper.PeerCertificate;
import io.streamforge.adapter.testing.WatchedStream;
import io.streamforge.model.Loss;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import io.streamforge.opcua.peers.NodeOpcuaServer.Item;
import io.streamforge.opcua.peers.NodeOpcuaServer.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the server sees of a source's sessions and subscriptions. */
class OpcUaSessionIT extends OpcUaRoute {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SECURED =
            "security=Basic256Sha256&messageSecurity=sign-and-encrypt&publishingIntervalMs=100";

    /** The server takes 100 at once. */
    private static final int MANY = 250;

    private static final String OPTIONS = "{\"many\":%d}".formatted(MANY);

    /** Of several chunks. */
    private static final int LONG_VALUE = 400_000;

    private static final int BURST = 4_000;

    /** As many as should wait for the stream, and what five requests that are under way then may bring, 1,000 values each. */
    private static final int MOST_HELD = 20_000 + 5 * 1_000;

    /** The longest that node-opcua has. */
    private static final int QUEUE = 5_000;

    private static final int DROPPED = 1_000;

    private static NodeOpcuaServer server = NodeOpcuaServer.start(0, OPTIONS);

    private final WatchedStream stream = new WatchedStream();

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void stop() {
        stream.release();
    }

    @Test
    void aStoppedRouteLeavesNothingOnTheServer() throws Exception {
        assertNothingIsLeft();
        run(server.url(), "security=none", points());
        await().until(() -> stream.good("Label") > 0);
        assertThat(server.usage().sessions()).isEqualTo(1);
        assertThat(server.usage().subscriptions()).hasSize(1);

        context.getRouteController().stopRoute("under-test");
        assertNothingIsLeft();
    }

    @Test
    void aRouteThatIsStoppedWhileTheStreamTakesNothingLeavesNothingOnTheServer() throws Exception {
        server.tick("Counter");
        stream.hold();
        run(server.url(), "security=none", points());
        await().until(stream::holds);
        context.getRouteController().stopRoute("under-test");
        server.still("Counter");
        assertNothingIsLeft();
    }

    @Test
    void aTestOfTheConnectionAndBrowsingLeaveNothingOnTheServer() throws Exception {
        ObjectNode properties = JSON.createObjectNode().put("url", server.url()).put("security", "none");
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        assertThat(tester.test(properties, points()).fault()).isEmpty();
        OpcUaBrowser browser = new OpcUaBrowser();
        browser.setDataFolder(data);
        assertThat(browser.browse(properties, "/Press", 0, 10).nodes()).hasSize(10);
        assertNothingIsLeft();
    }

    @Test
    void aSubscriptionThatOutlivedItsSessionIsTransferredAndNothingQueuedIsLost() throws Exception {
        trustTheServer();
        assertNothingIsLeft();
        try (CutProxy network = new CutProxy(server.port())) {
            server.set("Counter", "0");
            run(NodeOpcuaServer.url(network.port()), SECURED + "&queueSize=100", points());
            await().until(() -> stream.good("Label") > 0);
            Usage before = server.usage();
            server.burst("Counter", 1, 30);
            await().until(() -> last("Counter") == 30);
            network.swallow();
            int swallowed = server.burstUntilHeld("Counter", 31, 10);
            int last = swallowed + 30;
            await().until(network::hasSwallowed);
            network.cut();
            await().until(() -> health().fault().isPresent());
            server.burst("Counter", swallowed + 1, last);
            assertThat(server.expireSessions().usage().sessions()).isZero();
            network.mend();
            await().until(() -> last("Counter") == last);
            assertThat(values("Counter"))
                    .isEqualTo(IntStream.rangeClosed(0, last).boxed().toList());
            await().until(() -> health().fault().isEmpty());

            Usage after = server.usage();
            assertThat(after.subscriptions()).hasSize(1).isEqualTo(before.subscriptions());
            assertThat(after.requests("TransferSubscriptions")).isEqualTo(before.requests("TransferSubscriptions") + 1);
            assertThat(after.requests("CreateSubscription")).isEqualTo(before.requests("CreateSubscription"));
            assertThat(after.requests("CreateSession")).isEqualTo(before.requests("CreateSession") + 1);
            context.getRouteController().stopRoute("under-test");
            assertNothingIsLeft();
        }
    }

    @Test
    void aMessageThatIsCutInTheMiddleLeavesNoMemory() throws Exception {
        UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
        server.set("Label", "\"" + "long".repeat(LONG_VALUE / 4) + "\"");
        try (CutProxy network = new CutProxy(server.port());
                ClientThreads threads = new ClientThreads()) {
            OpcUaClient client = OpcUaClient.create(
                    NodeOpcuaServer.url(network.port()),
                    offered -> offered.stream()
                            .filter(endpoint -> SecurityPolicy.None.getUri().equals(endpoint.getSecurityPolicyUri()))
                            .map(endpoint -> EndpointUtil.updateUrl(endpoint, "127.0.0.1", network.port()))
                            .findFirst(),
                    transport -> {
                        threads.configure(transport, 5_000);
                        transport.setBootstrapCustomizer(
                                bootstrap -> bootstrap.option(ChannelOption.ALLOCATOR, memory));
                    },
                    settings -> {});
            client.connect();
            NodeId label = new NodeId(client.getNamespaceTable().getIndex("urn:streamforge:peer"), "Label");
            assertThat(client.readValue(0, TimestampsToReturn.Both, label).statusCode())
                    .isEqualTo(StatusCode.GOOD);

            network.cutAfter(LONG_VALUE / 2);
            assertThatThrownBy(() -> client.readValue(0, TimestampsToReturn.Both, label))
                    .isInstanceOf(UaException.class);
            await().untilAsserted(() -> assertThat(
                            memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory())
                    .isZero());
            client.disconnect();
        } finally {
            server.set("Label", "\"A-17\"").expireSessions();
        }
    }

    @Test
    void aSubscriptionThatASecuredServerForgotWhenItWasRestartedIsMadeAnew() throws Exception {
        trustTheServer();
        run(server.url(), SECURED, points());
        await().until(() -> stream.good("Label") > 0);
        int port = server.port();
        server.close();
        await().until(() -> health().fault().isPresent());
        long before = stream.good("Label");
        server = NodeOpcuaServer.start(port, OPTIONS);
        await().until(() -> stream.good("Label") > before);
        await().until(() -> health().fault().isEmpty());
        Usage after = server.usage();
        assertThat(after.subscriptions()).hasSize(1);
        assertThat(after.requests("TransferSubscriptions")).isEqualTo(1);
        assertThat(after.requests("CreateSubscription")).isEqualTo(1);
    }

    @Test
    void theServerPublishesAndSamplesAsItIsTold() throws Exception {
        assertNothingIsLeft();
        run(
                server.url(),
                "security=none&publishingIntervalMs=250&samplingIntervalMs=400&queueSize=7",
                JSON.readTree("""
                        [{"name":"V0","node":"nsu=urn:streamforge:peer;s=V0"},
                         {"name":"V1","node":"nsu=urn:streamforge:peer;s=V1","samplingIntervalMs":800}]"""));
        await().until(() -> stream.good("V0") > 0 && stream.good("V1") > 0);
        assertThat(server.usage().publishingIntervals()).containsExactly(250.0);
        assertThat(server.usage().items()).containsExactlyInAnyOrder(new Item(400, 7), new Item(800, 7));
    }

    @Test
    void morePointsThanTheServerTakesAtOnceAllCome() throws Exception {
        int before = server.usage().requests("CreateMonitoredItems");
        run(
                server.url(),
                "security=none",
                JSON.valueToTree(IntStream.range(0, MANY)
                        .mapToObj(n -> Map.of("name", "V" + n, "node", "nsu=urn:streamforge:peer;s=V" + n))
                        .toList()));
        await().until(() -> IntStream.range(0, MANY).allMatch(n -> stream.good("V" + n) == 1));
        assertThat(server.usage().requests("CreateMonitoredItems")).isEqualTo(before + 3);
        assertThat(health().fault()).isEmpty();
    }

    @Test
    void aSlowStreamStopsTheServersPublishingWhoseQueueThenOverflows() throws Exception {
        server.set("Counter", "-1");
        run(server.url(), "security=none&publishingIntervalMs=50&queueSize=" + QUEUE, points());
        await().until(() -> stream.good("Counter") == 1);
        stream.hold();
        server.set("Counter", "0");
        await().until(stream::holds);
        OpcUaConsumer consumer = (OpcUaConsumer) health();
        int last = server.burstUntilHeld("Counter", 1, BURST, () -> consumer.read(List.of(0)));
        int held = last - server.usage().queued();
        int published = server.usage().requests("Publish");
        server.burst("Counter", last + 1, held + QUEUE + DROPPED);
        await().during(Duration.ofMillis(300)).until(() -> server.usage().queued() == QUEUE);
        assertThat(server.usage().requests("Publish")).isEqualTo(published);
        Instant released = Instant.now();
        stream.release();
        await().until(() -> last("Counter") == held + QUEUE + DROPPED);

        assertThat(samples("Counter").stream()
                        .filter(sample -> sample.gatewayTime().isBefore(released)))
                .hasSize(held + 2)
                .hasSizeLessThanOrEqualTo(MOST_HELD);
        assertThat(samples("Counter").stream().filter(sample -> sample.quality() == Quality.UNCERTAIN))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(new Value.Whole(held + DROPPED + 1)));
        assertThat(samples("Counter")).hasSize(held + 2 + QUEUE);
        assertThat(health().counters().errors()).containsEntry("overflow", 1L);
        assertThat(stream.mostInside()).isEqualTo(1);
    }

    @Test
    void messagesThatTheServerDoesNotHaveAreCountedAndWhatComesAfterThemIsTaken() throws Exception {
        run(server.url(), "security=none&publishingIntervalMs=50", points());
        server.set("Counter", "1");
        await().until(() -> stream.good("Counter") > 0 && last("Counter") == 1);
        server.lose(3);
        server.set("Counter", "2");
        await().until(() -> last("Counter") == 2);
        assertThat(health().counters().errors()).containsEntry("notifications lost", 3L);
        assertThat(health().losses().of(Loss.NOTIFICATION_LOST)).isEqualTo(3);
    }

    @Test
    void aSubscriptionThatFallsSilentWhileItsSessionGoesOnIsMadeAnew() throws Exception {
        run(server.url(), "security=none&publishingIntervalMs=50&sessionTimeoutMs=10000", points());
        server.set("Counter", "1");
        await().until(() -> stream.good("Counter") > 0 && last("Counter") == 1);
        server.mute();
        server.set("Counter", "2");
        await().until(() -> last("Counter") == 2);
        assertThat(health().counters().errors()).containsEntry("subscription", 1L);
        assertThat(stream.bad("Counter")).isZero();
        assertThat(health().fault()).isEmpty();
    }

    @Test
    void aServerThatTakesFewPublishRequestsIsSentNoMore() throws Exception {
        try (NodeOpcuaServer few = NodeOpcuaServer.start(0, "{\"publishRequests\":2}")) {
            run(few.url(), "security=none&publishingIntervalMs=50", points());
            few.set("Counter", "1");
            await().until(() -> stream.good("Counter") > 0 && last("Counter") == 1);
            await().until(() -> few.usage().publishing() == 2);
            int asked = few.usage().requests("Publish");
            few.count("Counter", 2, 20, 60);
            await().until(() -> last("Counter") == 20);
            assertThat(few.usage().requests("Publish") - asked).isLessThanOrEqualTo(20);
            assertThat(health().fault()).isEmpty();
        }
    }

    private static void assertNothingIsLeft() {
        await().untilAsserted(() -> {
            Usage usage = server.usage();
            assertThat(usage.sessions()).isZero();
            assertThat(usage.subscriptions()).isEmpty();
        });
    }

    private static void trustTheServer() throws IOException {
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        tester.test(JSON.createObjectNode().put("url", server.url()), points());
        OpcUaCertificates certificates = new OpcUaCertificates();
        certificates.setDataFolder(data);
        for (PeerCertificate certificate : certificates.certificates()) {
            certificates.trust(certificate.fingerprint());
        }
    }

    private List<Sample> samples(String point) {
        return stream.taken().stream()
                .flatMap(exchange -> exchange.samples().stream())
                .filter(sample -> sample.parameter().equals(point))
                .toList();
    }

    private List<Integer> values(String point) {
        return samples(point).stream()
                .flatMap(sample ->
                        sample.value() instanceof Value.Whole whole ? Stream.of((int) whole.value()) : Stream.empty())
                .toList();
    }

    private int last(String point) {
        List<Integer> values = values(point);
        return values.get(values.size() - 1);
    }

    private static JsonNode points() throws IOException {
        return JSON.readTree("""
                [{"name":"Label","node":"nsu=urn:streamforge:peer;s=Label"},
                 {"name":"Counter","node":"nsu=urn:streamforge:peer;s=Counter","samplingIntervalMs":0}]""");
    }

    private void run(String url, String options, JsonNode points) throws Exception {
        context.getRegistry().bind("points", points);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("opcua:" + url + "?points=#bean:points&" + options)
                        .routeId("under-test")
                        .process(stream);
            }
        });
    }
}
