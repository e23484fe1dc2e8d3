package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.Certificates;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.model.Loss;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.mqtt.peers.Mosquitto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.RouteController;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Mosquitto. */
class MqttConsumerIT {

    private static final String POINTS =
            "[{\"name\":\"{parameter}\",\"topic\":\"plant/{asset}/{parameter}\",\"type\":\"integer\"}]";

    private final Path folder;
    private final List<CamelContext> contexts = new ArrayList<>();
    private final List<Sample> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch streamBack = new CountDownLatch(1);

    MqttConsumerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void stop() {
        streamBack.countDown();
        contexts.forEach(CamelContext::stop);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void whatTheStreamHasNotTakenComesAgainAfterAKill(String version) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            MqttConsumer first = route(broker, "&protocolVersion=" + version, exchange -> streamBack.await());
            connected(first);
            List<String> all =
                    IntStream.range(0, 300).mapToObj(Integer::toString).toList();
            broker.publishAll("plant/m-1/n", all);
            atMost().until(() -> first.counters().polls() > 0);
            // as a kill would: what was received is gone with the process, the broker was told nothing
            contexts.get(0).getRouteController().stopRoute("route-0", 1, TimeUnit.MILLISECONDS);
            assertThat(taken).isEmpty();
            broker.publish("plant/m-1/n", "300", "-q", "1");
            route(broker, "&protocolVersion=" + version, this::take);
            atMost().until(() -> values().size() == 301);
            assertThat(taken).hasSize(301);
        }
    }

    /** Stopped while an exchange is under way and more waits, then started again, while messages go on coming. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void aStopUnderLoadTakesEachMessageExactlyOnce(String version) throws Exception {
        int rounds = 3;
        int each = 300;
        try (Mosquitto broker = new Mosquitto(folder, "log_type all")) {
            Semaphore exchanges = new Semaphore(0);
            AtomicInteger entered = new AtomicInteger();
            List<Integer> goodbyesBefore = new CopyOnWriteArrayList<>();
            // as many as the protocol has: on each connection after the first Mosquitto 2.0.11 sends more than it may,
            // and is left
            MqttConsumer consumer = route(broker, "&receiveMaximum=65535&protocolVersion=" + version, exchange -> {
                entered.incrementAndGet();
                exchanges.acquire();
                goodbyesBefore.add(goodbyes(broker));
                take(exchange);
            });
            RouteController controller = contexts.get(0).getRouteController();
            connected(consumer);
            for (int round = 0; round < rounds; round++) {
                int answered = round;
                int goodbyes = goodbyes(broker);
                List<String> some = IntStream.range(round * each, (round + 1) * each)
                        .mapToObj(Integer::toString)
                        .toList();
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> broker.publishAll("plant/m-1/n", some));
                atMost().until(() -> entered.get() > answered);
                CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stopRoute(controller));
                atMost().until(consumer::isStoppingOrStopped);
                exchanges.release();
                atMost().until(stopped::isDone);
                stopped.join();
                assertThat(goodbyesBefore).allMatch(before -> before <= goodbyes);
                atMost().until(() -> goodbyes(broker) == goodbyes + 1);
                atMost().until(load::isDone);
                load.join();
                controller.startRoute("route-0");
            }
            exchanges.release(rounds * each);
            atMost().until(() -> values().size() == rounds * each);
            // behind all that the broker could have sent again
            broker.publish("plant/m-1/n", "-1", "-q", "1");
            atMost().until(() -> values().contains(-1L));
            assertThat(taken).hasSize(rounds * each + 1);
        }
    }

    private static void stopRoute(RouteController controller) {
        try {
            controller.stopRoute("route-0");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often the adapter has said it. */
    private static int goodbyes(Mosquitto broker) {
        return (int) broker.log()
                .lines()
                .filter(line -> line.contains("Received DISCONNECT from streamforge"))
                .count();
    }

    /** Whatever the broker has on its disk when it is killed arrives; what it forgot that we acknowledged comes twice. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void nothingThatTheBrokerKeptIsLostWhenItIsKilledAgainAndAgain(String version) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            MqttConsumer consumer =
                    route(broker, "&receiveMaximum=20&reconnectMaxDelayMs=200&protocolVersion=" + version, exchange -> {
                        streamBack.await();
                        take(exchange);
                    });
            connected(consumer);
            List<String> all =
                    IntStream.range(0, 1200).mapToObj(Integer::toString).toList();
            for (int round = 0; round < 3; round++) {
                broker.publishAll("plant/m-1/n", all.subList(round * 400, round * 400 + 400));
                broker.save();
                if (round > 0) {
                    streamBack.countDown();
                }
                broker.kill();
                broker.start();
            }
            atMost().until(() -> values().size() == all.size());
            assertThat(consumer.counters().undelivered()).isZero();
        }
    }

    @Test
    void whatTheStreamRefusesIsNotAcknowledgedAndNotLost() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            int[] refusals = {3};
            MqttConsumer consumer = route(broker, "", exchange -> {
                if (refusals[0]-- > 0) {
                    throw new IllegalStateException("not now");
                }
                take(exchange);
            });
            connected(consumer);
            broker.publish("plant/m-1/n", "1", "-q", "2");
            atMost().until(() -> consumer.counters().undelivered() == 3 && values().equals(Set.of(1L)));
            atMost().until(() -> consumer.fault().isEmpty());
        }
    }

    @Test
    void aSlowStreamStopsTheBrokerAtTheReceiveMaximumAndNothingIsLost() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            MqttConsumer consumer = route(broker, "&receiveMaximum=20", exchange -> {
                streamBack.await();
                take(exchange);
            });
            connected(consumer);
            broker.publishAll(
                    "plant/m-1/n",
                    IntStream.range(0, 2000).mapToObj(Integer::toString).toList());
            atMost().until(() -> consumer.counters().polls() == 20);
            // QoS 0 cannot wait at the broker: what finds no room is counted
            for (int i = 0; i < 25; i++) {
                broker.publish("plant/m-1/zero", Integer.toString(i), "-q", "0");
            }
            atMost().until(() -> consumer.counters().skippedPolls() == 5);
            assertThat(consumer.counters().polls()).isEqualTo(45);
            streamBack.countDown();
            atMost().until(() -> values().size() == 2000);
            assertThat(taken.stream().filter(sample -> sample.parameter().equals("zero")))
                    .hasSize(20);
            assertThat(consumer.losses().all()).isEqualTo(Map.of(Loss.QOS0_STREAM_SLOW, 5L));
        }
    }

    @Test
    void messagesOfQos0ThatWaitWhenTheSourceIsStoppedAreLostAndSaid() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            MqttConsumer consumer = route(broker, "", exchange -> streamBack.await());
            connected(consumer);
            for (int i = 0; i < 3; i++) {
                broker.publish("plant/m-1/zero", Integer.toString(i), "-q", "0");
                broker.publish("plant/m-1/one", Integer.toString(i), "-q", "1");
            }
            atMost().until(() -> consumer.counters().polls() == 6);
            contexts.get(0).getRouteController().stopRoute("route-0", 10, TimeUnit.SECONDS);
            assertThat(consumer.losses().all())
                    .as("those that were under way and those behind them; the others come again")
                    .isEqualTo(Map.of(Loss.QOS0_STOPPED, 3L));
        }
    }

    @Test
    void aBrokerThatSendsMoreThanAskedIsLeftUntilTheStreamHasWhatCame() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "max_inflight_messages 0")) {
            MqttConsumer consumer = route(broker, "&protocolVersion=3.1.1&maxMessageBytes=1024", exchange -> {
                streamBack.await();
                take(exchange);
            });
            connected(consumer);
            broker.publishAll(
                    "plant/m-1/n",
                    IntStream.range(0, 300).mapToObj("%-1000d"::formatted).toList());
            atMost().until(() -> broker.log().contains("Client streamforge-gw-1-a-1 disconnected"));
            assertThat(consumer.counters().polls())
                    .as("64 of the largest messages, and the one that was too many")
                    .isBetween(65L, 67L);
            streamBack.countDown();
            atMost().until(() -> values().size() == 300);
        }
    }

    @Test
    void theRouteStartsBeforeTheBrokerAndComesBackAfterItsDeathWithWhatItKept() throws Exception {
        Mosquitto broker = new Mosquitto(folder);
        broker.stop();
        MqttConsumer consumer = route(broker, "&reconnectMaxDelayMs=500", this::take);
        atMost().until(() -> consumer.fault().orElse("").startsWith("MQTT broker 127.0.0.1:"));
        broker.start();
        try (broker) {
            connected(consumer);
            broker.publish("plant/m-1/n", "1", "-q", "1");
            atMost().until(() -> values().equals(Set.of(1L)));
            broker.stop();
            atMost().until(() -> last().quality() == Quality.BAD);
            assertThat(last().reason()).startsWith("connection: ");
            broker.start();
            broker.publish("plant/m-1/n", "2", "-q", "1");
            atMost().until(() -> values().equals(Set.of(1L, 2L)));
            assertThat(taken.stream().filter(sample -> sample.quality() == Quality.BAD))
                    .as("one for the failure, not one per attempt")
                    .hasSize(1);
            atMost().until(() -> consumer.fault().isEmpty());
        }
    }

    @Test
    void aBrokerThatFreezesIsLeftAndFoundAgain() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            MqttConsumer consumer = route(broker, "&keepAliveS=1&timeoutMs=500&reconnectMaxDelayMs=300", this::take);
            connected(consumer);
            broker.publish("plant/m-1/n", "1", "-q", "1");
            atMost().until(() -> !values().isEmpty());
            broker.freeze();
            atMost().until(() -> consumer.fault().isPresent());
            atMost().until(() -> last().quality() == Quality.BAD);
            broker.thaw();
            connected(consumer);
            broker.publish("plant/m-1/n", "2", "-q", "1");
            atMost().until(() -> values().contains(2L));
        }
    }

    @Test
    void certificatesAndPasswordsAreAskedForOnBothSides() throws Exception {
        Certificates certificates = new Certificates(folder.resolve("certs"));
        Path passwords = folder.resolve("passwords");
        run("mosquitto_passwd", "-c", "-b", passwords.toString(), "gateway", "right");
        try (Mosquitto broker = new Mosquitto(
                folder.resolve("broker"),
                "allow_anonymous false",
                "password_file " + passwords,
                "cafile " + certificates.file("ca.crt"),
                "certfile " + certificates.file("server.crt"),
                "keyfile " + certificates.file("server.key"),
                "require_certificate true")) {
            String tls = "&tls=true&caFile=%s&timeoutMs=2000".formatted(certificates.file("ca.crt"));
            String own = "&certificateFile=%s&keyFile=%s"
                    .formatted(certificates.file("client.crt"), certificates.file("client.key"));
            for (String version : List.of("5", "3.1.1")) {
                String options = "&protocolVersion=" + version + tls;
                connected(route(broker, options + own + "&user=gateway&password=right", this::take));
                MqttConsumer wrong = route(broker, options + own + "&user=gateway&password=wrong", this::take);
                atMost().until(() ->
                        wrong.fault().orElse("").matches(".*the broker refused: 0x(87|05) NOT_AUTHORIZED"));
                MqttConsumer stranger = route(broker, options + "&user=gateway&password=right", this::take);
                atMost().until(() -> stranger.fault().isPresent());
            }
            MqttConsumer unsure = route(broker, "&tls=true" + own + "&user=gateway&password=right", this::take);
            atMost().until(() -> unsure.fault().orElse("").contains("unable to find valid certification path"));
            MqttConsumer lost = route(broker, "&tls=true&caFile=/nowhere/ca.crt", this::take);
            atMost().until(() -> lost.fault().orElse("").endsWith("file /nowhere/ca.crt does not exist"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void theSameGoesOverWebSocketsPlainAndSecure(String version) throws Exception {
        Certificates certificates = new Certificates(folder.resolve("certs"));
        List<Integer> ports =
                Stream.generate(FreePort::next).distinct().limit(3).toList();
        int plain = ports.get(1);
        int secure = ports.get(2);
        try (Mosquitto broker = new Mosquitto(
                folder.resolve("broker"),
                ports.get(0),
                "socket_domain ipv4",
                "listener %d 127.0.0.1".formatted(plain),
                "protocol websockets",
                "socket_domain ipv4",
                "listener %d 127.0.0.1".formatted(secure),
                "protocol websockets",
                "socket_domain ipv4",
                "cafile " + certificates.file("ca.crt"),
                "certfile " + certificates.file("server.crt"),
                "keyfile " + certificates.file("server.key"))) {
            String options = "&webSocketPath=/mqtt&reconnectMaxDelayMs=500&protocolVersion=" + version;
            connected(route(plain, options + "&clientId=plain", this::take, POINTS));
            String tls = "&clientId=secure&tls=true&caFile=%s".formatted(certificates.file("ca.crt"));
            MqttConsumer overTls = route(secure, options + tls, this::take, POINTS);
            connected(overTls);
            broker.publish("plant/m-1/n", "1", "-q", "1");
            atMost().until(() -> taken.size() == 2 && values().equals(Set.of(1L)));
            broker.kill();
            atMost().until(() -> overTls.fault().isPresent());
            broker.start();
            connected(overTls);
            MqttConsumer noWebSocket = route(broker, options + "&clientId=tcp&timeoutMs=500", this::take);
            atMost().until(() -> noWebSocket.fault().isPresent());
        }
    }

    @Test
    void aTopicThatTheBrokerRefusesIsToldAndTheOthersAreTaken() throws Exception {
        Path rights = Files.writeString(folder.resolve("rights.json"), """
                {"defaultACLAccess":{"publishClientSend":true,"publishClientReceive":true,"subscribe":true,"unsubscribe":true},
                 "anonymousGroup":"all","clients":[],"groups":[{"groupname":"all","roles":[{"rolename":"few"}]}],
                 "roles":[{"rolename":"few","acls":[{"acltype":"subscribePattern","topic":"secret/#","allow":false}]}]}""");
        try (Mosquitto broker = new Mosquitto(
                folder.resolve("broker"), "plugin " + dynamicSecurity(), "plugin_opt_config_file " + rights)) {
            MqttConsumer consumer = route(
                    broker,
                    "",
                    this::take,
                    "[{\"name\":\"secret\",\"topic\":\"secret/#\"},{\"name\":\"n\",\"topic\":\"plant/n\"}]");
            atMost().until(() -> consumer.fault()
                    .orElse("")
                    .endsWith("refuses 1 of 2 topics, first 'secret/#': 0x87 NOT_AUTHORIZED"));
            broker.publish("plant/n", "1");
            atMost().until(() -> values().equals(Set.of(1L)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void retainedMessagesAreTakenAsUncertainOrIgnored(String version) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            broker.publish("plant/m-1/old", "1", "-r");
            connected(route(broker, "&protocolVersion=" + version, this::take));
            atMost().until(() -> taken.size() == 1 && last().quality() == Quality.UNCERTAIN);
            MqttConsumer ignoring =
                    route(broker, "&clientId=other&retained=ignore&protocolVersion=" + version, this::take);
            connected(ignoring);
            broker.publish("plant/m-2/new", "2");
            atMost().until(() -> values().contains(2L));
            assertThat(taken.stream().filter(sample -> sample.parameter().equals("old")))
                    .hasSize(1);
        }
    }

    @Test
    void adaptersShareASubscriptionAndEachQosIsTheRows() throws Exception {
        String shared =
                "[{\"name\":\"n\",\"topic\":\"$share/g/plant/n\",\"qos\":2},{\"name\":\"zero\",\"topic\":\"zero\",\"qos\":0}]";
        try (Mosquitto broker = new Mosquitto(folder, "log_type all")) {
            MqttConsumer one = route(broker, "&clientId=one", this::take, shared);
            MqttConsumer two = route(broker, "&clientId=two", this::take, shared);
            connected(one);
            connected(two);
            atMost().until(() -> broker.log().contains("$share/g/plant/n (QoS 2)"));
            broker.publishAll(
                    "plant/n",
                    IntStream.range(0, 100).mapToObj(Integer::toString).toList());
            atMost().until(() -> values().size() == 100);
            assertThat(taken).hasSize(100);
            assertThat(one.counters().polls()).isPositive();
            assertThat(two.counters().polls()).isPositive();
            assertThat(broker.log()).contains("zero (QoS 0)");
        }
    }

    @Test
    void aSessionWithoutExpiryIsCleanAndAMessageThatIsTooLargeDoesNotCome() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            for (String version : List.of("5", "3.1.1")) {
                String options = "&sessionExpiryS=0&maxMessageBytes=1024&protocolVersion=" + version;
                MqttConsumer first = route(broker, options, this::take);
                connected(first);
                broker.publish("plant/m-1/n", "1" + " ".repeat(2000), "-q", "1");
                broker.publish("plant/m-1/n", "2", "-q", "1");
                atMost().until(() -> values().contains(2L));
                if (version.equals("3.1.1")) {
                    assertThat(first.counters().errors()).containsEntry(Counts.LARGE, 1L);
                }
                stopLast();
                broker.publish("plant/m-1/n", "3", "-q", "1");
                connected(route(broker, options, this::take));
                broker.publish("plant/m-1/n", "4", "-q", "1");
                atMost().until(() -> values().contains(4L));
                assertThat(values()).containsExactly(2L, 4L);
                stopLast();
                taken.clear();
            }
        }
    }

    @Test
    void aTestShowsWhatComesAndTakesNothingFromTheAdapter() throws Exception {
        ObjectMapper json = new ObjectMapper();
        try (Mosquitto broker = new Mosquitto(folder)) {
            broker.publish("plant/m-1/n", "{\"v\":24.1}", "-r");
            MqttTester tester = new MqttTester();
            String properties = "{\"host\":\"127.0.0.1\",\"port\":%d,\"timeoutMs\":%d}";
            var outcome = tester.test(json.readTree(properties.formatted(broker.port(), 20_000)), json.readTree("""
                            [{"name":"{p}","topic":"$share/g/plant/{asset}/{p}","path":"$.v"},
                             {"name":"w","topic":"$share/g/plant/{asset}/{p}","path":"$.w"}]"""));
            assertThat(outcome.fault()).isEmpty();
            assertThat(outcome.samples())
                    .extracting(Sample::parameter, Sample::value, Sample::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(
                                    "n", new Value.Real(24.1), "retained: the broker kept it, its age is unknown"),
                            org.assertj.core.groups.Tuple.tuple(
                                    "$share/g/plant/+/+", null, "value: $.w is missing in plant/m-1/n, which has v"));
            JsonNode shortly = json.readTree(properties.formatted(broker.port(), 2000));
            var partly = tester.test(shortly, json.readTree("""
                            [{"name":"{p}","topic":"plant/{asset}/{p}","path":"$.v"},{"name":"silent","topic":"silent"}]"""));
            assertThat(partly.fault()).isEmpty();
            assertThat(partly.samples())
                    .extracting(Sample::parameter, Sample::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(
                                    "n", "retained: the broker kept it, its age is unknown"),
                            org.assertj.core.groups.Tuple.tuple("silent", "no message within 2000 ms"));
            broker.stop();
            assertThat(tester.test(shortly, json.readTree(POINTS)).fault().orElseThrow())
                    .startsWith("MQTT broker 127.0.0.1:");
        }
    }

    /** Delays that grew as they do by default would be 250 ms, 500 ms, 1 s, 2 s, 4 s, 8 s. */
    @Test
    void aBrokerThatHangsUpIsTriedAgainAfterTheLongestDelayAtTheLatest() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (ServerSocket broker = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        broker.accept().close();
                        attempts.incrementAndGet();
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            route(broker.getLocalPort(), "&reconnectMaxDelayMs=100", this::take, POINTS);
            await().until(() -> attempts.get() > 10);
            broker.close();
            ended.join();
        }
    }

    private void take(Exchange exchange) {
        for (Object observation : exchange.getMessage().getBody(List.class)) {
            taken.add((Sample) observation);
        }
    }

    /** The different numbers taken so far. */
    private Set<Long> values() {
        return taken.stream()
                .filter(sample -> !sample.parameter().equals("zero") && sample.value() != null)
                .map(sample -> ((Value.Whole) sample.value()).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Sample last() {
        return taken.get(taken.size() - 1);
    }

    private void stopLast() {
        contexts.remove(contexts.size() - 1).stop();
    }

    private MqttConsumer route(Mosquitto broker, String options, Processor processor) throws Exception {
        return route(broker, options, processor, POINTS);
    }

    private MqttConsumer route(Mosquitto broker, String options, Processor processor, String points) throws Exception {
        return route(broker.port(), options, processor, points);
    }

    /** A context of its own, as if it were a gateway of its own. */
    private MqttConsumer route(int port, String options, Processor processor, String points) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        contexts.add(context);
        String id = "route-" + (contexts.size() - 1);
        context.getShutdownStrategy().setTimeout(5);
        context.getRegistry().bind("points", new ObjectMapper().readTree(points));
        context.getRegistry().bind("origin", new io.streamforge.model.Origin("gw-1", "a-1", "mqtt-source@1", 1, 1));
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("mqtt-source:127.0.0.1:%d?points=#bean:points&origin=#bean:origin%s".formatted(port, options))
                        .routeId(id)
                        .process(processor);
            }
        });
        return (MqttConsumer) context.getRoute(id).getConsumer();
    }

    private static void connected(MqttConsumer consumer) {
        atMost().until(consumer::isConnected);
    }

    private static ConditionFactory atMost() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    /** Where Debian puts the plugin depends on the machine's architecture. */
    private static Path dynamicSecurity() throws IOException {
        try (var libraries = Files.find(
                Path.of("/usr/lib"), 2, (path, attributes) -> path.endsWith("mosquitto_dynamic_security.so"))) {
            return libraries.findFirst().orElseThrow();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
