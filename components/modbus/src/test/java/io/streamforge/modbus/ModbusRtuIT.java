package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.modbus.peers.LibmodbusPeer;
import io.streamforge.modbus.peers.PtyPair;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.modbus.peers.PymodbusServer.Mode;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RTU over TCP against pymodbus, and on a serial line against libmodbus. */
class ModbusRtuIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Where nobody answers. */
    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void readsAndWritesAUnitOnASerialLine() throws IOException {
        PtyPair line = opened(PtyPair.open());
        opened(LibmodbusPeer.rtu(line.theirs(), 17, 19_200));
        ModbusDevice device = device(line.ours().toString(), """
                [{"name":"first","address":0},{"name":"wide","address":1000,"type":"uint32"},{"name":"far","area":"input","address":65535,"type":"uint16"},
                 {"name":"coil","area":"coil","address":7}]""", 17);

        assertThat(values(device))
                .containsExactly(
                        new Value.Whole(0),
                        new Value.Whole(1000 << 16 | 1001),
                        new Value.Whole(65535),
                        new Value.Flag(false));
        assertThat(device.write(1, new Value.Whole(70_000))).isEqualTo(new Value.Whole(70_000));
        assertThat(device.write(3, new Value.Flag(true))).isEqualTo(new Value.Flag(true));
        assertThat(values(device))
                .containsExactly(
                        new Value.Whole(0), new Value.Whole(70_000), new Value.Whole(65535), new Value.Flag(true));
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aSerialPortThatIsMissingIsAFaultAndIsOpenedWhenItComes() {
        PtyPair line = PtyPair.open();
        String port = line.ours().toString();
        line.close();
        ModbusDevice device = device(port, "[{\"name\":\"a\",\"address\":5}]", 1);
        assertThat(samples(device))
                .extracting(Sample::reason)
                .containsExactly("connection: there is no serial port '%s'".formatted(port));
    }

    @Test
    void aPulledPortIsFoundAgain() {
        PtyPair line = PtyPair.open();
        LibmodbusPeer unit = LibmodbusPeer.rtu(line.theirs(), 1, 9600);
        ModbusDevice device = device(line.ours().toString(), "[{\"name\":\"a\",\"address\":5}]", 1);
        assertThat(values(device)).containsExactly(new Value.Whole(5));
        line.close();
        unit.close();
        await().until(() -> device.poll().isEmpty() || device.fault().isPresent());

        opened(line.again());
        opened(LibmodbusPeer.rtu(line.theirs(), 1, 9600));
        await().untilAsserted(() -> assertThat(values(device)).containsExactly(new Value.Whole(5)));
    }

    @Test
    void readsRtuOverTcp() {
        PymodbusServer server =
                opened(PymodbusServer.rtu()).holding(0, IntStream.range(0, 300).toArray());
        ModbusDevice device = device("127.0.0.1:" + server.port(), registers(300), 1);
        assertThat(values(device))
                .containsExactlyElementsOf(IntStream.range(0, 300)
                        .mapToObj(i -> (Value) new Value.Whole(i))
                        .toList());
    }

    @Test
    void readsASerialPortInFrontOfSomebodyElsesServer() {
        PymodbusServer server = opened(PymodbusServer.rtu()).holding(0, 241).coils(3, 1);
        PtyPair line = opened(PtyPair.before(server.port()));
        ModbusDevice device = device(
                line.ours().toString(),
                "[{\"name\":\"a\",\"address\":0},{\"name\":\"b\",\"area\":\"coil\",\"address\":3}]",
                1);
        assertThat(values(device)).containsExactly(new Value.Whole(241), new Value.Flag(true));
    }

    @Test
    void oneIllegalRegisterIsBadAlone() {
        PymodbusServer server = opened(PymodbusServer.rtu())
                .holding(0, IntStream.range(0, 50).toArray())
                .removeHolding(20, 1);
        ModbusDevice device = device("127.0.0.1:" + server.port(), registers(50), 1);
        List<Sample> samples = samples(device);
        assertThat(samples)
                .filteredOn(sample -> sample.quality() == Quality.BAD)
                .extracting(Sample::parameter)
                .containsExactly("r20");
    }

    /** A unit that is switched off must cost the others neither their values nor much of their time. */
    @Test
    void aSilentUnitIsLeftAloneAndTheOthersGoOn() {
        PymodbusServer server =
                opened(PymodbusServer.rtuUnits("1", "3")).holding(0, 241).holding(100, 17);
        ModbusDevice device = device("127.0.0.1:" + server.port(), """
                [{"name":"a","address":0,"unitId":1},{"name":"b","address":0,"unitId":2},{"name":"c","address":100,"unitId":2},
                 {"name":"d","address":0,"unitId":3}]""", 1, SHORT);
        await().untilAsserted(() -> {
            long started = System.nanoTime();
            List<Sample> samples = samples(device);
            device.confirm();
            assertThat(samples).extracting(Sample::parameter).containsExactly("a", "d");
            assertThat(samples).extracting(Sample::value).containsOnly(new Value.Whole(241));
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SHORT);
        });
        assertThat(device.fault().orElseThrow())
                .isEqualTo("2 of 4 points are BAD: b (unit 2 holding 0 = 400001) timeout: no answer within 200 ms, "
                        + "c (unit 2 holding 100 = 400101) timeout: no answer within 200 ms");
        assertThat(device.counters().failedPolls()).isZero();
    }

    /** Without anything that says to which question it belongs, a late answer of the same length must not pass for another register's. */
    @Test
    void lateAnswersNeverBecomeSomebodyElsesValues() {
        PymodbusServer server =
                opened(PymodbusServer.rtu()).holding(0, 1).holding(100, 2).mode(Mode.HELD);
        ModbusDevice device = device(
                "127.0.0.1:" + server.port(),
                "[{\"name\":\"a\",\"address\":0},{\"name\":\"b\",\"address\":100}]",
                1,
                SHORT);
        assertThat(values(device)).containsOnlyNulls();
        await().until(() -> server.held() == 2);
        server.holding(100, 3).mode(Mode.NORMAL);
        assertThat(await().until(() -> device.read(List.of(1)).get(0).value(), Objects::nonNull))
                .isEqualTo(new Value.Whole(3));
    }

    @Test
    void garbageIsNoAnswerAndTheLineComesBack() {
        PymodbusServer server = opened(PymodbusServer.rtu()).holding(0, 241);
        ModbusDevice device = device("127.0.0.1:" + server.port(), "[{\"name\":\"a\",\"address\":0}]", 1, SHORT);
        server.mode(Mode.GARBAGE);
        await().untilAsserted(() -> assertThat(samples(device))
                .extracting(Sample::reason)
                .containsExactly("checksum: no intact answer within 200 ms"));
        server.mode(Mode.NORMAL);
        await().untilAsserted(() -> assertThat(values(device)).containsExactly(new Value.Whole(241)));
    }

    private static String registers(int count) {
        return IntStream.range(0, count)
                .mapToObj("{\"name\":\"r%1$d\",\"address\":%1$d}"::formatted)
                .toList()
                .toString();
    }

    private ModbusDevice device(String line, String table, int unitId) {
        return device(line, table, unitId, TIMEOUT);
    }

    private ModbusDevice device(String line, String table, int unitId, Duration timeout) {
        ModbusConfig config = new ModbusConfig(
                Transport.rtu(line, 19_200, Transport.Serial.Parity.EVEN, 1),
                unitId,
                Duration.ofSeconds(1),
                timeout,
                Duration.ZERO,
                0,
                Addressing.ZERO_BASED,
                8,
                125,
                Duration.ofMillis(500));
        ModbusDevice device = new ModbusDevice(config, PointTableTest.parse(table, config), Clock.systemUTC());
        open.add(0, device);
        return device;
    }

    private <T extends AutoCloseable> T opened(T peer) {
        open.add(peer);
        return peer;
    }

    private static List<Sample> samples(ModbusDevice device) {
        return Observation.samples(device.poll());
    }

    private static List<Value> values(ModbusDevice device) {
        return samples(device).stream().map(Sample::value).toList();
    }
}
