package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.modbus.peers.ModbusSerialServer;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.modbus.peers.PymodbusServer.Mode;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One device against servers that somebody else wrote. */
class ModbusDeviceIT {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.000123456Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Where nobody answers. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void registerBytes00F1At40001WithScaleOneTenthAre24Point1() {
        PymodbusServer server = pymodbus().holding(0, 0x00F1);
        ModbusDevice device = device(
                server.port(),
                PointTableTest.parse(
                        Addressing.MODICON,
                        "[{\"name\":\"temperature\",\"address\":40001,\"scale\":0.1,\"unit\":\"Cel\"}]"));

        List<Sample> samples = samples(device);

        assertThat(samples).hasSize(1);
        Sample sample = samples.get(0);
        assertThat(sample.value()).isEqualTo(new Value.Real(24.1));
        assertThat(sample.unit()).isEqualTo("Cel");
        assertThat(sample.quality()).isEqualTo(Quality.GOOD);
        assertThat(sample.reason()).isNull();
        assertThat(sample.deviceTime()).isNull();
        assertThat(sample.gatewayTime()).isEqualTo(Instant.parse("2026-11-20T10:00:00.000123Z"));
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void readsEveryTypeInEveryByteAndWordOrder() throws IOException {
        PymodbusServer server = pymodbus();
        List<Point> points = new ArrayList<>();
        List<JsonNode> vectors = ValuesTest.vectors();
        for (JsonNode vector : vectors) {
            int address = points.size() * 4;
            server.holding(
                    address,
                    IntStream.range(0, vector.get("registers").size())
                            .map(i -> vector.get("registers").get(i).intValue())
                            .toArray());
            Point point = ValuesTest.point(vector, address);
            points.add(new Point(
                    points.size(),
                    point.name(),
                    null,
                    1,
                    point.area(),
                    address,
                    point.type(),
                    point.length(),
                    point.bit(),
                    point.byteOrder(),
                    point.wordOrder(),
                    point.scale(),
                    point.offset(),
                    "",
                    false));
        }

        List<Sample> samples = samples(device(server.port(), points));

        assertThat(samples).hasSize(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            Sample sample = samples.get(i);
            if (ValuesTest.expected(vectors.get(i)) instanceof Value.Real real && !Double.isFinite(real.value())) {
                assertThat(sample.value()).isNull();
                assertThat(sample.quality()).isEqualTo(Quality.BAD);
                assertThat(sample.reason()).isEqualTo("value: %s is not finite".formatted(real.value()));
            } else {
                assertThat(sample.value()).as(vectors.get(i).toString()).isEqualTo(ValuesTest.expected(vectors.get(i)));
            }
        }
    }

    @Test
    void readsEveryArea() {
        PymodbusServer server =
                pymodbus().holding(0, 1).input(1, 0xFFFF).coils(2, 0, 1).discrete(11, 1);
        List<Point> points = PointTableTest.parse(Addressing.ZERO_BASED, """
                [{"name":"h","area":"holding","address":0},{"name":"i","area":"input","address":1},
                 {"name":"c","area":"coil","address":3},{"name":"d","area":"discrete","address":11}]""");
        assertThat(samples(device(server.port(), points)))
                .extracting(Sample::value)
                .containsExactly(new Value.Whole(1), new Value.Whole(-1), new Value.Flag(true), new Value.Flag(true));
    }

    @Test
    void onlyTheIllegalPointsOfABlockAreBadAndOnlyOnce() {
        PymodbusServer server = pymodbus()
                .holding(0, IntStream.range(0, 100).toArray())
                .removeHolding(40, 1)
                .removeHolding(77, 1);
        ModbusDevice device = device(server.port(), registers(0, 100));

        List<Sample> first = samples(device);
        device.confirm();
        assertThat(first).hasSize(100);
        for (int i = 0; i < 100; i++) {
            boolean illegal = i == 40 || i == 77;
            assertThat(first.get(i).value()).isEqualTo(illegal ? null : new Value.Whole(i));
            assertThat(first.get(i).reason()).isEqualTo(illegal ? "0x02 ILLEGAL_DATA_ADDRESS" : null);
        }
        assertThat(device.fault())
                .contains("2 of 100 points are BAD: r40 (unit 1 holding 40 = 400041) 0x02 ILLEGAL_DATA_ADDRESS, "
                        + "r77 (unit 1 holding 77 = 400078) 0x02 ILLEGAL_DATA_ADDRESS");

        assertThat(samples(device)).hasSize(98).allMatch(sample -> sample.quality() == Quality.GOOD);
        device.confirm();
        assertThat(device.counters().errors()).containsEntry("0x02 ILLEGAL_DATA_ADDRESS", 2L);
    }

    /** Some say 0x02 and some 0x03 of a request that is too long for them. */
    @ParameterizedTest
    @ValueSource(ints = {0x02, 0x03})
    void howMuchADeviceAnswersAtOnceIsLearnedByHalving(int code) {
        PymodbusServer server =
                pymodbus().holding(0, IntStream.range(0, 100).toArray()).most(32, code);
        ModbusDevice device = device(server.port(), registers(0, 100));

        assertThat(samples(device)).hasSize(100).allMatch(sample -> sample.quality() == Quality.GOOD);
        long learning = device.traffic().requests();
        assertThat(learning).isEqualTo(1 + 2 + 4);

        assertThat(samples(device)).hasSize(100).allMatch(sample -> sample.quality() == Quality.GOOD);
        assertThat(device.traffic().requests() - learning).isEqualTo(4);
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void anIllegalGapBetweenTwoPointsCostsNeither() {
        PymodbusServer server = pymodbus().holding(0, 1).holding(5, 2);
        ModbusDevice device = device(
                server.port(),
                PointTableTest.parse(
                        Addressing.ZERO_BASED, "[{\"name\":\"a\",\"address\":0},{\"name\":\"b\",\"address\":5}]"));
        for (int i = 0; i < 2; i++) {
            assertThat(samples(device))
                    .extracting(Sample::value)
                    .containsExactly(new Value.Whole(1), new Value.Whole(2));
        }
        assertThat(device.counters().errors()).isEmpty();
    }

    @Test
    void aRefusalIsToldWithCodeAndName() {
        ModbusSerialServer server = ModbusSerialServer.start("""
                {"0":7,"20":{"code":1},"40":{"code":3},"60":{"code":4},"80":{"code":6},"100":{"code":11},"120":{"code":99}}""");
        open.add(server);
        List<Point> points = List.of(
                register(0, 0),
                register(1, 20),
                register(2, 40),
                register(3, 60),
                register(4, 80),
                register(5, 100),
                register(6, 120));
        assertThat(samples(device(server.port(), points)))
                .extracting(Sample::reason)
                .containsExactly(
                        null,
                        "0x01 ILLEGAL_FUNCTION",
                        "0x03 ILLEGAL_DATA_VALUE",
                        "0x04 SERVER_DEVICE_FAILURE",
                        "0x06 SERVER_DEVICE_BUSY",
                        "0x0B GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND",
                        "0x63 UNKNOWN");
    }

    @Test
    void everyUnitBehindOneConnectionIsAskedForItsOwn() {
        ModbusSerialServer server = ModbusSerialServer.start("{\"0\":\"unit\",\"1\":\"unit\"}");
        open.add(server);
        List<Point> points = PointTableTest.parse(Addressing.ZERO_BASED, """
                [{"name":"a","address":0,"unitId":17},{"name":"b","address":0},{"name":"c","address":1,"unitId":17},
                 {"name":"d","address":1,"unitId":0},{"name":"e","address":0,"unitId":255}]""");
        assertThat(samples(device(server.port(), points)))
                .extracting(Sample::value)
                .containsExactly(
                        new Value.Whole(17),
                        new Value.Whole(1),
                        new Value.Whole(17),
                        new Value.Whole(0),
                        new Value.Whole(255));
    }

    @Test
    void waitsForADeviceThatAnswersSlowly() {
        PymodbusServer server = pymodbus().holding(0, 5).delay(Duration.ofMillis(150));
        ModbusDevice device = device(server.port(), registers(0, 1));
        for (int i = 0; i < 3; i++) {
            assertThat(samples(device)).extracting(Sample::value).containsExactly(new Value.Whole(5));
        }
    }

    @Test
    void anAnswerThatComesTooLateIsNotTakenForTheNext() {
        PymodbusServer server = pymodbus().holding(0, 5).mode(Mode.HELD);
        ModbusDevice device = device(server.port(), registers(0, 1), SHORT);

        assertThat(samples(device)).extracting(Sample::reason).containsExactly("timeout: no answer within 300 ms");
        device.confirm();
        await().until(() -> server.held() == 1);
        server.holding(0, 6).mode(Mode.NORMAL);
        for (int i = 0; i < 2; i++) {
            assertThat(await().until(() -> samples(device), samples -> samples.stream()
                            .anyMatch(sample -> sample.value() != null)))
                    .extracting(Sample::value)
                    .containsExactly(new Value.Whole(6));
        }
        assertThat(device.counters().errors()).containsOnlyKeys("timeout");
    }

    @Test
    void aSilentDeviceIsToldOnceCostsTheConnectionAfterThreeTimeoutsAndComesBack() {
        PymodbusServer server = pymodbus().holding(0, 5).mode(Mode.SILENT);
        ModbusDevice device = device(server.port(), registers(0, 1), SHORT);

        assertThat(samples(device)).extracting(Sample::reason).containsExactly("timeout: no answer within 300 ms");
        device.confirm();
        assertThat(samples(device)).isEmpty();
        assertThat(device.nextAttempt()).isEmpty();
        assertThat(samples(device)).isEmpty();
        assertThat(device.nextAttempt()).isPresent();
        assertThat(device.fault())
                .contains("connection: no answer to 3 requests in a row, waited 300 ms for each at 127.0.0.1:"
                        + server.port());

        server.mode(Mode.NORMAL);
        assertThat(await().until(() -> samples(device), samples -> !samples.isEmpty()))
                .extracting(Sample::value)
                .containsExactly(new Value.Whole(5));
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void readsADeviceThatClosesTheConnectionAfterEachAnswer() {
        PymodbusServer server = pymodbus().holding(0, 1).input(0, 2).coils(0, 1).mode(Mode.CLOSE);
        List<Point> points = PointTableTest.parse(Addressing.ZERO_BASED, """
                [{"name":"h","address":0},{"name":"i","area":"input","address":0},{"name":"c","area":"coil","address":0}]""");
        ModbusDevice device = device(server.port(), points);
        for (int i = 0; i < 20; i++) {
            assertThat(samples(device))
                    .extracting(Sample::value)
                    .containsExactly(new Value.Whole(1), new Value.Whole(2), new Value.Flag(true));
            device.confirm();
        }
        assertThat(device.fault()).isEmpty();
        assertThat(device.counters().failedPolls()).isZero();
        assertThat(device.counters().errors()).isEmpty();
    }

    @Test
    void aCoilsFirstStateAndItsChangesAreToldUntilTheyAreConfirmed() {
        PymodbusServer server = pymodbus().coils(0, 0, 1);
        ModbusDevice device = device(
                server.port(),
                PointTableTest.parse(
                        Addressing.MODICON,
                        "[{\"name\":\"running\",\"area\":\"coil\",\"address\":1,\"event\":true},{\"name\":\"open\",\"area\":\"coil\",\"address\":2}]"));
        assertThat(samples(device)).as("each is a reading, too").hasSize(2);
        StateChange first = changes(device).get(0);
        assertThat(first.eventType()).isEqualTo("running");
        assertThat(first.previousState()).isNull();
        assertThat(first.newState()).isEqualTo(new Value.Flag(false));
        assertThat(changes(device)).as("not confirmed").hasSize(1);
        device.confirm();
        assertThat(changes(device)).isEmpty();

        server.coils(0, 1);
        StateChange second = changes(device).get(0);
        assertThat(second.previousState()).isEqualTo(new Value.Flag(false));
        assertThat(second.newState()).isEqualTo(new Value.Flag(true));
        device.confirm();

        server.mode(Mode.GARBAGE);
        assertThat(changes(device)).as("what cannot be read has not changed").isEmpty();
        device.confirm();
        server.mode(Mode.NORMAL).coils(0, 0);
        List<StateChange> third = await().until(() -> changes(device), changes -> !changes.isEmpty());
        assertThat(third.get(0).previousState()).isEqualTo(new Value.Flag(true));
    }

    @Test
    void anUnpluggedDeviceIsToldOnceAndRecoversByItself() {
        PymodbusServer server = pymodbus().holding(0, 1, 2);
        int port = server.port();
        ModbusDevice device = device(port, registers(0, 2));
        assertThat(samples(device)).hasSize(2);
        device.confirm();

        server.close();
        List<Sample> beginning = samples(device);
        device.confirm();
        assertThat(beginning).extracting(Sample::quality).containsOnly(Quality.BAD);
        assertThat(beginning).extracting(Sample::reason).allMatch(reason -> reason.startsWith("connection: "));
        for (int i = 0; i < 20; i++) {
            assertThat(samples(device)).isEmpty();
        }
        assertThat(device.fault()).get().asString().startsWith("connection: ");
        assertThat(device.counters().failedPolls()).isEqualTo(21);

        open.add(PymodbusServer.start(port).holding(0, 3, 4));
        await().until(() -> !samples(device).isEmpty());
        assertThat(samples(device)).extracting(Sample::value).containsExactly(new Value.Whole(3), new Value.Whole(4));
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aBeginningThatDidNotReachTheStreamIsToldAgain() throws IOException {
        ModbusDevice device = device(unusedPort(), registers(0, 1));
        assertThat(samples(device)).hasSize(1);
        assertThat(samples(device)).hasSize(1);
        device.confirm();
        assertThat(samples(device)).isEmpty();
    }

    @Test
    void aDeviceThatIsAbsentAtTheStartIsReadWhenItComes() throws IOException {
        int port = unusedPort();
        ModbusDevice device = device(port, registers(0, 1));
        assertThat(samples(device))
                .extracting(Sample::reason)
                .containsExactly("connection: Connection refused at 127.0.0.1:" + port);
        device.confirm();
        open.add(PymodbusServer.start(port).holding(0, 9));
        await().until(() -> samples(device).stream().anyMatch(sample -> sample.quality() == Quality.GOOD));
    }

    @Test
    void theDelayBetweenAttemptsGrowsNoFurtherThanConfigured() throws IOException {
        ModbusDevice device = device(unusedPort(), registers(0, 1));
        long cap = Duration.ofMillis(500).toNanos();
        for (int i = 0; i < 12; i++) {
            device.connect();
            assertThat(device.nextAttempt().orElseThrow() - System.nanoTime()).isLessThanOrEqualTo(cap);
        }
    }

    @Test
    void garbageIsToldAsAProtocolErrorAndPasses() {
        PymodbusServer server = pymodbus().holding(0, 5).mode(Mode.GARBAGE);
        ModbusDevice device = device(server.port(), registers(0, 1));
        assertThat(samples(device))
                .extracting(Sample::reason)
                .containsExactly("protocol: answer is not Modbus TCP: protocol id 21584, length 12081");
        device.confirm();
        server.mode(Mode.NORMAL);
        await().until(() -> !samples(device).isEmpty());
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aDeviceWhosePointsAreAllIllegalIsNotDown() {
        PymodbusServer server = pymodbus();
        ModbusDevice device = device(server.port(), registers(0, 2));
        assertThat(samples(device)).hasSize(2).allMatch(sample -> sample.quality() == Quality.BAD);
        device.confirm();
        assertThat(samples(device)).isEmpty();
        assertThat(device.counters().failedPolls()).isZero();
        assertThat(device.fault()).get().asString().startsWith("2 of 2 points are BAD");
    }

    @Test
    void theTesterTellsWhatEachPointReads() {
        PymodbusServer server = pymodbus().holding(0, 241);
        var json = JsonNodeFactory.instance;
        var properties = json.objectNode().put("host", "127.0.0.1").put("port", server.port());
        var points = json.arrayNode();
        points.addObject().put("name", "temperature").put("address", 40001).put("scale", 0.1);
        points.addObject().put("name", "pressure").put("address", 40002);

        var tester = ServiceLoader.load(ConnectionTester.class).findFirst();
        assertThat(tester).get().extracting(ConnectionTester::connector).isEqualTo("modbus-tcp-source");
        var outcome = tester.orElseThrow().test(properties, points);

        assertThat(outcome.samples()).extracting(Sample::value).containsExactly(new Value.Real(24.1), null);
        assertThat(outcome.fault())
                .contains("1 of 2 points are BAD: pressure (unit 1 holding 1 = 400002) 0x02 ILLEGAL_DATA_ADDRESS");
    }

    private PymodbusServer pymodbus() {
        PymodbusServer server = PymodbusServer.start();
        open.add(server);
        return server;
    }

    private ModbusDevice device(int port, List<Point> points) {
        return device(port, points, TIMEOUT);
    }

    private ModbusDevice device(int port, List<Point> points, Duration timeout) {
        return device(
                new ModbusConfig(
                        new Transport.Tcp("127.0.0.1", port),
                        1,
                        Duration.ofSeconds(1),
                        timeout,
                        Duration.ZERO,
                        0,
                        Addressing.ZERO_BASED,
                        8,
                        125,
                        Duration.ofMillis(500)),
                points);
    }

    private ModbusDevice device(ModbusConfig config, List<Point> points) {
        ModbusDevice device = new ModbusDevice(config, points, Clock.fixed(NOW, ZoneOffset.UTC));
        open.add(0, device);
        return device;
    }

    private static List<Point> registers(int start, int count) {
        return IntStream.range(0, count).mapToObj(i -> register(i, start + i)).toList();
    }

    private static Point register(int row, int address) {
        return new Point(
                row,
                "r" + address,
                null,
                1,
                Area.HOLDING,
                address,
                DataType.INT16,
                0,
                null,
                Order.BIG,
                Order.BIG,
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<Sample> samples(ModbusDevice device) {
        return Observation.samples(device.poll());
    }

    private static List<StateChange> changes(ModbusDevice device) {
        return Observation.changes(device.poll());
    }
}
