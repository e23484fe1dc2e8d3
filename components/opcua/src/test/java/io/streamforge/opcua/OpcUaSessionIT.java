package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.CertificateKeeper.PeerCertificate;
import io.streamforge.adapter.testing.WatchedStream;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import io.streamforge.opcua.peers.NodeOpcuaServer.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
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

    private static final int BURST = 4_000;

    /** As many as may wait for the stream, in bursts, the last of which does not fit. */
    private static final int HELD = 5 * BURST;

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
        try (CutProxy network = new CutProxy(server.port())) {
            server.set("Counter", "0");
            run(NodeOpcuaServer.url(network.port()), SECURED + "&queueSize=100", points());
            await().until(() -> stream.good("Label") > 0);
            Usage before = server.usage();
            server.count("Counter", 1, 90, 20);
            await().until(() -> stream.good("Counter") > 20);
            network.swallow();
            await().until(network::hasSwallowed);
            network.cut();
            await().until(() -> health().fault().isPresent());
            assertThat(server.expireSessions().usage().sessions()).isZero();
            network.mend();
            await().until(() -> last("Counter") == 90);
            assertThat(values("Counter"))
                    .isEqualTo(IntStream.rangeClosed(0, 90).boxed().toList());
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
        for (int from = 1; from <= HELD; from += BURST) {
            server.burst("Counter", from, from + BURST - 1);
            await().until(() -> server.usage().queued() == 0);
        }
        int published = server.usage().requests("Publish");
        server.burst("Counter", HELD + 1, HELD + QUEUE + DROPPED);
        await().during(Duration.ofMillis(300)).until(() -> server.usage().queued() == QUEUE);
        assertThat(server.usage().requests("Publish")).isEqualTo(published);
        Instant released = Instant.now();
        stream.release();
        await().until(() -> last("Counter") == HELD + QUEUE + DROPPED);

        assertThat(samples("Counter").stream()
                        .filter(sample -> sample.gatewayTime().isBefore(released)))
                .hasSize(HELD + 2);
        assertThat(samples("Counter").stream().filter(sample -> sample.quality() == Quality.UNCERTAIN))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(new Value.Whole(HELD + DROPPED + 1)));
        assertThat(samples("Counter")).hasSize(HELD + 2 + QUEUE);
        assertThat(health().counters().errors()).containsEntry("overflow", 1L);
        assertThat(stream.mostInside()).isEqualTo(1);
    }

    private static void assertNothingIsLeft() {
        Usage usage = server.usage();
        assertThat(usage.sessions()).isZero();
        assertThat(usage.subscriptions()).isEmpty();
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
