package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.modbus.Transport.Serial;
import io.streamforge.modbus.Transport.Serial.Parity;
import io.streamforge.modbus.peers.PtyPair;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each option reaches the device and does what it says. */
class ModbusOptionsIT {

    private static final String SHARED = "?points=#bean:points&unitId=7&pollIntervalMs=51&timeoutMs=52&pauseMs=53"
            + "&maxRequestsPerSecond=54&addressing=zero-based&maxGap=55&maxBlock=56&reconnectMaxDelayMs=570";

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            var points = JsonNodeFactory.instance.arrayNode();
            points.addObject().put("name", "a").put("address", 0);
            context.getRegistry().bind("points", points);
            context.start();
            assertThat(context.getEndpoint("modbus:plc-7:1502" + SHARED, ModbusEndpoint.class)
                            .config())
                    .isEqualTo(shared(new Transport.Tcp("plc-7", 1502)));
            assertThat(context.getEndpoint(
                                    "modbus-rtu:/dev/ttyUSB3" + SHARED + "&baudRate=300&parity=odd&stopBits=2",
                                    ModbusEndpoint.class)
                            .config())
                    .isEqualTo(shared(new Serial("/dev/ttyUSB3", 300, Parity.ODD, 2)));
        }
    }

    private static ModbusConfig shared(Transport transport) {
        return new ModbusConfig(
                transport,
                7,
                Duration.ofMillis(51),
                Duration.ofMillis(52),
                Duration.ofMillis(53),
                54,
                Addressing.ZERO_BASED,
                55,
                56,
                Duration.ofMillis(570));
    }

    @ParameterizedTest
    @CsvSource({"8, 125, 2", "0, 125, 3", "124, 125, 1", "8, 4, 4"})
    void gapAndBlockDecideHowManyRequestsAPollTakes(int maxGap, int maxBlock, int requests) throws Exception {
        try (PymodbusServer server = PymodbusServer.start()
                        .holding(0, IntStream.range(0, 100).toArray());
                ModbusDevice device = device(server.port(), Duration.ZERO, maxGap, maxBlock, 0, 1, 2, 3, 4, 9, 80)) {
            assertThat(Observation.samples(device.poll())).hasSize(7).allMatch(s -> s.quality() == Quality.GOOD);
            assertThat(device.traffic().requests()).isEqualTo(requests);
        }
    }

    @Test
    void theDeviceRestsBetweenTwoRequests() throws Exception {
        Duration pause = Duration.ofMillis(200);
        try (PymodbusServer server = PymodbusServer.start()
                        .holding(0, IntStream.range(0, 100).toArray());
                ModbusDevice device = device(server.port(), pause, 0, 125, 0, 50)) {
            device.connect();
            long started = System.nanoTime();
            assertThat(Observation.samples(device.poll())).hasSize(2).allMatch(s -> s.quality() == Quality.GOOD);
            assertThat(device.traffic().requests()).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(pause);
        }
    }

    /** The first delay would be longer, at least 125 ms. */
    @Test
    void theNextAttemptIsNoFurtherAwayThanTheLongestDelay() throws Exception {
        try (ModbusDevice device = device(FreePort.next(), Duration.ZERO, 8, 125, 0)) {
            device.poll();
            assertThat(device.nextAttempt().orElseThrow() - System.nanoTime())
                    .isLessThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    /** As the operating system has them after the port was open; a pseudo terminal keeps all of them but whether there is a parity at all. */
    @ParameterizedTest
    @CsvSource({
        "9600, ODD, 2, speed 9600 baud, ' parodd', ' cstopb'",
        "57600, EVEN, 1, speed 57600 baud, -parodd, -cstopb"
    })
    void theSerialPortIsSetUp(int baudRate, Parity parity, int stopBits, String speed, String parodd, String cstopb)
            throws Exception {
        try (PtyPair line = PtyPair.open()) {
            String port = line.ours().toString();
            SerialLine serial = new SerialLine(new Serial(port, baudRate, parity, stopBits));
            serial.open();
            serial.close();
            assertThat(settings(port)).contains(speed, parodd, cstopb, "cs8");
        }
    }

    private static String settings(String port) throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("stty", "-F", port, "-a")
                .redirectErrorStream(true)
                .start();
        String output = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(stty.waitFor()).as(output).isZero();
        return output;
    }

    private static ModbusDevice device(int port, Duration pause, int maxGap, int maxBlock, int... addresses) {
        ModbusConfig config = new ModbusConfig(
                new Transport.Tcp("127.0.0.1", port),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                pause,
                0,
                Addressing.ZERO_BASED,
                maxGap,
                maxBlock,
                Duration.ofMillis(100));
        String table = IntStream.of(addresses)
                .mapToObj(address -> "{\"name\":\"r%1$d\",\"address\":%1$d}".formatted(address))
                .collect(Collectors.joining(",", "[", "]"));
        return new ModbusDevice(config, PointTableTest.parse(table, config), Clock.systemUTC());
    }
}
