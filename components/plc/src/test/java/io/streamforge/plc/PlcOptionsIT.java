package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.testing.FaultyLink;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.plc.peers.Snap7Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each option does what it says. */
class PlcOptionsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The remote TSAP (0xC2) of the connection request: kind of connection, then rack × 32 + slot. */
    @ParameterizedTest
    @CsvSource({"0,1,pg,0101", "0,2,op,0202", "1,3,basic,0323"})
    void rackSlotAndConnectionTypeAreInTheConnectionRequest(String rack, String slot, String type, String tsap)
            throws Exception {
        try (ServerSocket plc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> firstPacket(plc));
            Map<String, String> options = Map.of("rack", rack, "slot", slot, "connectionType", type);
            try (PlcDevice device =
                    device(plc.getLocalPort(), options, 20, Duration.ZERO, "[{\"name\":\"w\",\"address\":\"M0.0\"}]")) {
                device.poll();
                assertThat(request.get()).contains("c202" + tsap);
            }
        }
    }

    private static String firstPacket(ServerSocket plc) {
        try (Socket client = plc.accept()) {
            return HexFormat.of().formatHex(client.getInputStream().readNBytes(22));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s7, S7, INT, driver.rack=1&driver.slot=3&driver.connectionType=op, rack 1 slot 3 connectionType op",
        "eip, EIP, '', 'driver.route=1,2', 'route 1,2'",
        "ads, ADS, '', driver.targetNetId=1.2.3.4.1.1&driver.targetPort=852&driver.sourceNetId=5.6.7.8.1.1, targetNetId 1.2.3.4.1.1 targetPort 852 sourceNetId 5.6.7.8.1.1",
        "bacnet, BACNET, '', driver.writePriority=9, writePriority 9",
    })
    void everyOptionReachesTheConfiguration(String key, Driver driver, String type, String own, String expected)
            throws Exception {
        String address = driver == Driver.S7 ? "MW1" : driver == Driver.BACNET ? "AI:1" : "a";
        String table = type.isEmpty()
                ? "[{\"name\":\"a\",\"address\":\"%s\"}]".formatted(address)
                : "[{\"name\":\"a\",\"address\":\"%s\",\"type\":\"%s\"}]".formatted(address, type);
        String[] options = expected.split(" ");
        Map<String, String> given = IntStream.range(0, options.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> options[2 * i], i -> options[2 * i + 1]));
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("points", Vectors.JSON.readTree(table));
            context.start();
            assertThat(context.getEndpoint(
                                    "plc:%s:10.0.0.1:1234?points=#bean:points&%s".formatted(key, own)
                                            + "&pollIntervalMs=51&timeoutMs=52&maxTags=53&requestPauseMs=54&maxRequestsPerSecond=55&reconnectMaxDelayMs=560",
                                    PlcEndpoint.class)
                            .config())
                    .isEqualTo(new PlcConfig(
                            driver,
                            "10.0.0.1",
                            1234,
                            given,
                            Duration.ofMillis(51),
                            Duration.ofMillis(52),
                            53,
                            Duration.ofMillis(54),
                            55,
                            Duration.ofMillis(560)));
        }
    }

    /** The first delay would be longer, at least 125 ms. */
    @Test
    void theNextAttemptIsNoFurtherAwayThanTheLongestDelay() throws Exception {
        try (PlcDevice device = device(FreePort.next(), Map.of(), 20, Duration.ZERO, flags(1))) {
            device.poll();
            assertThat(device.nextAttempt().orElseThrow() - System.nanoTime())
                    .isLessThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void maxTagsIsTheMostThatOneRequestAsksFor() throws Exception {
        try (Snap7Server server = Snap7Server.start();
                FaultyLink link = new FaultyLink(server.port())) {
            assertThat(requests(link, 10)).isEqualTo(1);
            assertThat(requests(link, 3)).isEqualTo(4);
        }
    }

    /** How many requests reading ten points takes, besides the two of the connection. */
    private static int requests(FaultyLink link, int maxTags) throws Exception {
        int before = link.answered();
        try (PlcDevice device = device(link.port(), Map.of(), maxTags, Duration.ZERO, flags(10))) {
            assertThat(Observation.samples(device.poll())).hasSize(10).allMatch(s -> s.quality() == Quality.GOOD);
        }
        return link.answered() - before - 2;
    }

    @Test
    void thePlcRestsBetweenTwoRequestsOfAPoll() throws Exception {
        try (Snap7Server server = Snap7Server.start();
                PlcDevice device = device(server.port(), Map.of(), 1, Duration.ofMillis(200), flags(2))) {
            List<Sample> samples = Observation.samples(device.poll());
            assertThat(Duration.between(
                            samples.get(0).gatewayTime(), samples.get(1).gatewayTime()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() throws Exception {
        assertThatThrownBy(
                        () -> route(
                                "plc:s7:10.0.0.1:102?points=#bean:points&driver.rack=9&driver.connectionType=x&driver.dna=1"
                                        + "&pollIntervalMs=10&timeoutMs=10&maxTags=0&requestPauseMs=-1&maxRequestsPerSecond=1001&reconnectMaxDelayMs=1"))
                .rootCause()
                .hasMessage(
                        "S7 device 10.0.0.1:102: rack must be at most 7, got 9; connectionType must be one of pg, op, basic, got 'x'; dna is unknown, known are connectionType, rack, slot; pollIntervalMs must be at least 50, got 10; timeoutMs must be at least 50, got 10; maxTags must be at least 1, got 0; requestPauseMs must be at least 0, got -1; maxRequestsPerSecond must be at most 1000, got 1001; reconnectMaxDelayMs must be at least 100, got 1.");
        assertThatThrownBy(() -> route("plc:s8:10.0.0.1:102?points=#bean:points"))
                .rootCause()
                .hasMessage("Unknown driver 's8'. Known: s7, eip, ads, bacnet.");
    }

    private static void route(String uri) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("points", Vectors.JSON.readTree(flags(1)));
            context.start();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).to("mock:stream");
                }
            });
        }
    }

    @Test
    void theTestSaysWhatItSaw() throws Exception {
        ConnectionTester tester = ServiceLoader.load(ConnectionTester.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.connector().equals("s7-source"))
                .findFirst()
                .orElseThrow();
        JsonNode table = Vectors.JSON.readTree("""
                [{"name":"level","address":"MW10","type":"INT","scale":0.1}, {"name":"gone","address":"DB9.0","type":"INT"}]""");
        try (Snap7Server server = Snap7Server.start().set("MK", 0, 10, "00F1")) {
            JsonNode properties =
                    Vectors.JSON.readTree("{\"host\":\"127.0.0.1\",\"port\":%d,\"rack\":0}".formatted(server.port()));
            ConnectionTester.Outcome outcome = tester.test(properties, table);
            assertThat(outcome.samples().get(0).value()).isEqualTo(new Value.Real(24.1));
            assertThat(outcome.samples().get(1).reason()).isEqualTo("INVALID_ADDRESS");
            assertThat(outcome.fault()).contains("1 of 2 points are BAD: gone INVALID_ADDRESS");
        }
    }

    private static PlcDevice device(int port, Map<String, String> options, int maxTags, Duration pause, String table)
            throws IOException {
        PlcConfig config = new PlcConfig(
                Driver.S7,
                "127.0.0.1",
                port,
                options,
                Duration.ofMillis(50),
                TIMEOUT,
                maxTags,
                pause,
                0,
                Duration.ofMillis(100));
        return new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(table), Driver.S7), Clock.systemUTC());
    }

    private static String flags(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"name\":\"f%d\",\"address\":\"MB%d\",\"type\":\"BYTE\"}".formatted(i, i))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
