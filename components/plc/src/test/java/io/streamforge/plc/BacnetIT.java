package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.plc.peers.BacnetDevice;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One BACnet/IP device, which is @bacnet-js/client's. */
class BacnetIT {

    private static final Duration UNHURRIED = Duration.ofSeconds(5);

    @Test
    void readsAndWritesEveryType() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0)) {
            peer.set("0:1", 85, 4, "21.5")
                    .set("46:1", 85, 5, "0.1")
                    .set("48:1", 85, 2, "4000000000")
                    .set("45:1", 85, 3, "-300");
            peer.set("5:7", 85, 9, "1")
                    .set("19:2", 85, 2, "3")
                    .set("40:1", 85, 7, "\"Wärme\"")
                    .set("0:1", 117, 9, "62")
                    .set("0:1", 81, 1, "false");
            try (PlcDevice device = device(peer.port(), Map.of("writePriority", "9"), """
                    [{"name":"real","address":"analog-input:1"}, {"name":"double","address":"large-analog-value:1"},
                     {"name":"unsigned","address":"positive-integer-value:1"}, {"name":"signed","address":"integer-value:1"},
                     {"name":"state","address":"BV:7"}, {"name":"multi","address":"19:2.85"}, {"name":"text","address":"characterstring-value:1"},
                     {"name":"units","address":"ai:1.units"}, {"name":"service","address":"AI:1.out-of-service"},
                     {"name":"scaled","address":"multi-state-value:2","scale":0.1,"offset":1}]""")) {
                Map<String, Value> values = values(Observation.samples(device.poll()));
                assertThat(values)
                        .containsEntry("real", new Value.Real(21.5))
                        .containsEntry("double", new Value.Real(0.1))
                        .containsEntry("unsigned", new Value.Whole(4_000_000_000L))
                        .containsEntry("signed", new Value.Whole(-300))
                        .containsEntry("state", new Value.Flag(true))
                        .containsEntry("multi", new Value.Whole(3))
                        .containsEntry("text", new Value.Text("Wärme"))
                        .containsEntry("units", new Value.Whole(62))
                        .containsEntry("service", new Value.Flag(false))
                        .containsEntry("scaled", new Value.Real(1.3));

                assertThat(device.write(0, new Value.Real(-1.25))).isEqualTo(new Value.Real(-1.25));
                assertThat(peer.get("0:1", 85)).isEqualTo("[4,-1.25,9]");
                device.write(1, new Value.Real(0.2));
                assertThat(peer.get("46:1", 85)).isEqualTo("[5,0.2,9]");
                device.write(2, new Value.Whole(3_000_000_000L));
                assertThat(peer.get("48:1", 85)).isEqualTo("[2,3000000000,9]");
                device.write(3, new Value.Whole(-70_000));
                assertThat(peer.get("45:1", 85)).isEqualTo("[3,-70000,9]");
                assertThat(device.write(4, new Value.Flag(false))).isEqualTo(new Value.Flag(false));
                assertThat(peer.get("5:7", 85)).isEqualTo("[9,0,9]");
                assertThat(device.write(9, new Value.Real(1.5))).isEqualTo(new Value.Real(1.5));
                assertThat(peer.get("19:2", 85)).isEqualTo("[2,5,9]");
                device.write(6, new Value.Text("Kühlung"));
                assertThat(values(Observation.samples(device.poll()))).containsEntry("text", new Value.Text("Kühlung"));
                device.write(8, new Value.Flag(true));
                assertThat(peer.get("0:1", 81)).isEqualTo("[1,true,9]");
            }
        }
    }

    @Test
    void aPortThatNobodyListensOnIsToldWithItsAddress() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (PlcDevice device = device(port, Map.of(), """
                [{"name":"a","address":"AI:1"}]""")) {
            assertThat(Observation.samples(device.poll()))
                    .extracting(Sample::reason)
                    .containsExactly("connection: the port is not open at 127.0.0.1:" + port);
        }
    }

    @Test
    void whatTheDeviceRefusesIsBadWithItsErrorAndDisturbsNoOther() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0)) {
            peer.set("0:1", 85, 4, "21.5")
                    .set("0:2", 85, 4, "21.5")
                    .set("0:2", 111, 8, "{\"bitsUsed\":4,\"value\":[2]}");
            peer.set("0:3", 85, 4, "21.5")
                    .set("0:3", 111, 8, "{\"bitsUsed\":4,\"value\":[13]}")
                    .set("0:4", 85, 0, "null")
                    .set("5:1", 85, 9, "1");
            try (PlcDevice device = device(peer.port(), Map.of(), """
                    [{"name":"good","address":"AI:1"}, {"name":"fault","address":"AI:2"}, {"name":"alarm","address":"AI:3"},
                     {"name":"null","address":"AI:4"}, {"name":"gone","address":"AI:9"}, {"name":"property","address":"AI:1.description"},
                     {"name":"scaled","address":"BV:1","scale":2}]""")) {
                List<Sample> samples = Observation.samples(device.poll());
                Map<String, String> reasons = samples.stream()
                        .filter(sample -> sample.quality() == Quality.BAD)
                        .collect(Collectors.toMap(Sample::parameter, sample -> String.valueOf(sample.reason())));
                assertThat(values(samples))
                        .containsEntry("good", new Value.Real(21.5))
                        .containsEntry("alarm", new Value.Real(21.5));
                assertThat(reasons)
                        .hasSize(5)
                        .containsEntry("fault", "status flags: FAULT")
                        .containsEntry("null", "value: NULL")
                        .containsEntry("gone", "OBJECT 31 UNKNOWN_OBJECT")
                        .containsEntry("property", "PROPERTY 32 UNKNOWN_PROPERTY")
                        .containsEntry("scaled", "value: scale and offset do not apply to it");
            }
        }
    }

    @Test
    void aDeviceThatKnowsReadPropertyOnlyIsReadOneByOne() throws Exception {
        try (BacnetDevice peer = BacnetDevice.simple().set("0:1", 85, 4, "21.5").set("0:2", 85, 4, "22.5");
                PlcDevice device = device(peer.port(), Map.of(), """
                        [{"name":"a","address":"AI:1"}, {"name":"b","address":"AI:2"}, {"name":"gone","address":"AI:3"}]""")) {
            List<Sample> samples = Observation.samples(device.poll());
            assertThat(values(samples))
                    .containsEntry("a", new Value.Real(21.5))
                    .containsEntry("b", new Value.Real(22.5));
            assertThat(samples.get(2).reason()).isEqualTo("OBJECT 31 UNKNOWN_OBJECT");
        }
    }

    @Test
    void manyObjectsTakeSeveralRequestsNoneOfThemTooLarge() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0)) {
            IntStream.range(0, 100).forEach(i -> peer.set("2:" + i, 85, 4, String.valueOf(i)));
            String table = IntStream.range(0, 100)
                    .mapToObj(i -> "{\"name\":\"p%1$d\",\"address\":\"AV:%1$d\"}".formatted(i))
                    .collect(Collectors.joining(",", "[", "]"));
            try (PlcDevice device = device(peer.port(), Map.of(), table)) {
                assertThat(values(Observation.samples(device.poll())))
                        .hasSize(100)
                        .containsEntry("p99", new Value.Real(99));
                assertThat(device.traffic().requests()).isBetween(3L, 6L);
            }
        }
    }

    @Test
    void aFrozenDeviceIsBadOnceAndReadAgainWhenItGoesOn() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0).set("0:1", 85, 4, "21.5");
                PlcDevice device = device(
                        peer.port(), Map.of(), "[{\"name\":\"a\",\"address\":\"AI:1\"}]", Duration.ofSeconds(1))) {
            assertThat(device.poll()).hasSize(1);
            device.confirm();
            peer.freeze(true);
            assertThat(Observation.samples(device.poll()).get(0).reason())
                    .isEqualTo("timeout: no answer within 1000 ms");
            device.confirm();
            peer.freeze(false);
            await().until(() -> values(Observation.samples(device.poll())).get("a") != null);
        }
    }

    @Test
    void aWriteThatTheDeviceDoesNotTakeFails() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0).set("0:1", 85, 4, "21.5").set("5:1", 85, 9, "1");
                PlcDevice device = device(peer.port(), Map.of(), """
                        [{"name":"gone","address":"AI:9"}, {"name":"a","address":"AI:1"}, {"name":"b","address":"BV:1"}]""")) {
            assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone was not written: OBJECT 31 UNKNOWN_OBJECT");
            assertThatThrownBy(() -> device.write(1, new Value.Text("x"))).hasMessage("a is REAL and cannot be 'x'.");
            assertThatThrownBy(() -> device.write(2, new Value.Whole(1))).hasMessage("b cannot be a number.");
            device.poll();
            peer.set("0:1", 85, 2, "1");
            assertThatThrownBy(() -> device.write(1, new Value.Real(1)))
                    .hasMessage("a was not written: PROPERTY 9 INVALID_DATA_TYPE");
        }
    }

    /** The first question is lost, as datagrams are. */
    @Test
    void aLostDatagramIsAskedForAgain() throws Exception {
        try (DatagramSocket lossy = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                PlcDevice device = device(
                        lossy.getLocalPort(),
                        Map.of(),
                        "[{\"name\":\"a\",\"address\":\"AI:1.units\"}]",
                        Duration.ofSeconds(2))) {
            CompletableFuture<Boolean> same = CompletableFuture.supplyAsync(() -> answerTheSecond(lossy));
            assertThat(values(Observation.samples(device.poll()))).containsEntry("a", new Value.Whole(62));
            assertThat(same.get()).isTrue();
        }
    }

    private static boolean answerTheSecond(DatagramSocket socket) {
        try {
            DatagramPacket first = new DatagramPacket(new byte[100], 100);
            socket.receive(first);
            DatagramPacket second = new DatagramPacket(new byte[100], 100);
            socket.receive(second);
            byte id = second.getData()[8];
            // Noise, an answer to another question, then the answer: analog-input 1, units, degrees Celsius.
            for (byte[] answer : new byte[][] {{1, 2, 3}, answer((byte) (id + 1), 61), answer(id, 62)}) {
                socket.send(new DatagramPacket(answer, answer.length, second.getSocketAddress()));
            }
            return Arrays.equals(first.getData(), second.getData());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] answer(byte id, int units) {
        return new byte[] {
            (byte) 0x81,
            0x0A,
            0,
            22,
            1,
            0,
            0x30,
            id,
            14,
            0x0C,
            0,
            0,
            0,
            1,
            0x1E,
            0x29,
            117,
            0x4E,
            (byte) 0x91,
            (byte) units,
            0x4F,
            0x1F
        };
    }

    @Test
    void malformedAnswersAreRefused() throws IOException {
        byte[] answer = {
            0x0C,
            0,
            0,
            0,
            1,
            0x1E,
            0x29,
            85,
            0x4E,
            0x44,
            0x41,
            (byte) 0xAC,
            0,
            0,
            0x4F,
            0x29,
            111,
            0x4E,
            (byte) 0x82,
            4,
            0,
            0x4F,
            0x1F
        };
        Point point = PointTable.parse(Vectors.JSON.readTree("[{\"name\":\"a\",\"address\":\"AI:1\"}]"), Driver.BACNET)
                .get(0);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] piece = Arrays.copyOf(answer, 1 + random.nextInt(answer.length));
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                piece[random.nextInt(piece.length)] = (byte) random.nextInt();
            }
            try {
                BacnetBody.answers((Variable.Property) point.variable(), ByteBuffer.wrap(piece))
                        .values()
                        .forEach(answered -> decode(point, answered));
            } catch (BufferUnderflowException | ProtocolException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    private static void decode(Point point, BacnetBody.Answered answered) {
        BacnetTag value = answered.value();
        if (value != null) {
            value.decode(point);
        }
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        assertThatThrownBy(() -> device(1, Map.of("writePriority", "17"), "[]"))
                .hasMessageContaining("writePriority must be at most 16, got 17");
        assertThatThrownBy(() -> device(1, Map.of(), """
                [{"name":"a","address":"analog"}, {"name":"b","address":"AI:4194303"}, {"name":"c","address":"AI:1.colour"}, {"name":"d","address":"1024:1"},
                 {"name":"e","address":"AI:1","type":"REAL"}, {"name":"f","address":"AI:1","elements":2}]"""))
                .hasMessageContainingAll(
                        "row 1: address must be like analog-input:3, AI:3, binary-value:7.present-value, 2:5.85 or av:1.priority-array[8], got 'analog'",
                        "row 2: address must be like",
                        "row 3: address must be like",
                        "row 4: address must be like",
                        "row 5: type does not apply: the device says of which type a variable is",
                        "row 6: elements does not apply: name an index");
    }

    @Test
    void theTestSaysWhatItSaw() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0).set("0:1", 85, 4, "21.5")) {
            JsonNode properties = Vectors.JSON.readTree("{\"host\":\"127.0.0.1\",\"port\":%d}".formatted(peer.port()));
            ConnectionTester.Outcome outcome = new BacnetTester().test(properties, Vectors.JSON.readTree("""
                            [{"name":"level","address":"AI:1","scale":2}, {"name":"gone","address":"AI:9"}]"""));
            assertThat(outcome.samples().get(0).value()).isEqualTo(new Value.Real(43.0));
            assertThat(outcome.fault()).contains("1 of 2 points are BAD: gone OBJECT 31 UNKNOWN_OBJECT");
        }
    }

    private static Map<String, Value> values(List<Sample> samples) {
        Map<String, Value> values = new LinkedHashMap<>();
        samples.forEach(sample -> values.put(sample.parameter(), sample.value()));
        return values;
    }

    private static PlcDevice device(int port, Map<String, String> options, String table) throws IOException {
        return device(port, options, table, UNHURRIED);
    }

    private static PlcDevice device(int port, Map<String, String> options, String table, Duration timeout)
            throws IOException {
        PlcConfig config = new PlcConfig(
                Driver.BACNET,
                "127.0.0.1",
                port,
                options,
                Duration.ofMillis(50),
                timeout,
                100,
                Duration.ZERO,
                0,
                Duration.ofMillis(100));
        return new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(table), Driver.BACNET), Clock.systemUTC());
    }
}
