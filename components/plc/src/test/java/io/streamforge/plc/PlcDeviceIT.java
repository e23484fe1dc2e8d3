package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import io.streamforge.plc.peers.Snap7Server;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One S7 PLC, which is snap7's. */
class PlcDeviceIT {

    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void readsEveryType() throws Exception {
        Snap7Server server = server().block(1, 1000);
        List<JsonNode> vectors = Vectors.all();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            server.set(1, i * 20, vectors.get(i).get("bytes").textValue());
            addresses.add("DB1." + i * 20);
        }

        List<Sample> samples = Observation.samples(
                device(server, Vectors.points(vectors, addresses)).poll());

        assertThat(samples).hasSize(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            Value expected = Vectors.expected(vectors.get(i));
            assertThat(samples.get(i).value()).as(vectors.get(i).toString()).isEqualTo(expected);
            assertThat(samples.get(i).reason())
                    .isEqualTo(
                            expected == null
                                    ? "value: what the PLC holds is no "
                                            + vectors.get(i).get("type").textValue()
                                    : null);
        }
    }

    @Test
    void readsEveryAreaAndEachElementOfAnArray() throws Exception {
        Snap7Server server = server().block(7, 100);
        server.set("MK", 0, 10, "FFFB")
                .set("MK", 0, 3, "10")
                .set("PE", 0, 0, "01")
                .set("PA", 0, 1, "80");
        server.set(7, 2, "0001FFFE0003").set(7, 20, "C003");

        List<Observation> seen = device(server, points("""
                [{"name":"flags","address":"MW10","type":"INT","unit":"Cel","asset":"oven-1"}, {"name":"flag","address":"M3.4"}, {"name":"in","address":"E0.0"},
                 {"name":"out","address":"Q1.7"}, {"name":"off","address":"A1.6"},
                 {"name":"array","address":"DB7.DBW2","type":"INT","elements":3},
                 {"name":"bits","address":"DB7.DBX20.6","type":"BOOL","elements":4}]""")).poll();

        Sample flags = Observation.samples(seen).get(0);
        assertThat(flags.unit()).isEqualTo("Cel");
        assertThat(flags.asset()).isEqualTo("oven-1");
        assertThat(values(seen))
                .containsEntry("flags", new Value.Whole(-5))
                .containsEntry("flag", new Value.Flag(true))
                .containsEntry("in", new Value.Flag(true))
                .containsEntry("out", new Value.Flag(true))
                .containsEntry("off", new Value.Flag(false))
                .containsEntry("array[0]", new Value.Whole(1))
                .containsEntry("array[1]", new Value.Whole(-2))
                .containsEntry("array[2]", new Value.Whole(3))
                .containsEntry("bits[1]", new Value.Flag(true))
                .containsEntry("bits[3]", new Value.Flag(true));
    }

    /** From number 0, because snap7's server looks for number n at byte n / 2; S7ProtocolTest has the others. */
    @Test
    void readsTimersInSecondsAndCounters() throws Exception {
        Snap7Server server = server().block(1, 10)
                .set("TM", 0, 0, "1870209909993021")
                .set("TM", 0, 198, "2005")
                .set("CT", 0, 0, "0999")
                .set("CT", 0, 198, "0A00")
                .set(1, 2, "FFFB");

        List<Observation> seen = device(server, points("""
                [{"name":"left","address":"T0","elements":4}, {"name":"word","address":"DB1.DBW2","type":"INT"},
                 {"name":"halved","address":"t0","scale":0.5,"offset":1}, {"name":"parts","address":"C0"},
                 {"name":"hundreds","address":"%Z0","scale":0.01}, {"name":"many","address":"T0","elements":100},
                 {"name":"more","address":"C0","elements":100}]""")).poll();

        assertThat(values(seen))
                .hasSize(208)
                .containsEntry("left[0]", new Value.Real(87))
                .containsEntry("left[1]", new Value.Real(99))
                .containsEntry("left[2]", new Value.Real(9.99))
                .containsEntry("left[3]", new Value.Real(210))
                .containsEntry("word", new Value.Whole(-5))
                .containsEntry("halved", new Value.Real(44.5))
                .containsEntry("parts", new Value.Whole(999))
                .containsEntry("hundreds", new Value.Real(9.99))
                .containsEntry("many[99]", new Value.Real(5))
                .containsEntry("more[1]", new Value.Whole(0));
        assertThat(Observation.samples(seen).stream().filter(sample -> sample.value() == null))
                .singleElement()
                .extracting(Sample::reason)
                .isEqualTo("value: what the PLC holds is no COUNTER");
    }

    @Test
    void anArrayLargerThanAnAnswerIsReadWhole() throws Exception {
        Snap7Server server = server().block(1, 4000);
        server.set(1, 3996, "0000002A");
        Map<String, Value> values = values(
                device(server, points("[{\"name\":\"a\",\"address\":\"DB1.0\",\"type\":\"DINT\",\"elements\":1000}]"))
                        .poll());
        assertThat(values).hasSize(1000).containsEntry("a[999]", new Value.Whole(42));
    }

    @Test
    void onlyThePointsThatDoNotExistAreBadAndOnlyOnce() throws Exception {
        Snap7Server server = server().block(1, 100);
        List<Point> points =
                points("[%s,{\"name\":\"gone\",\"address\":\"DB9.0\",\"type\":\"INT\"},".formatted(words(24))
                        + "{\"name\":\"beyond\",\"address\":\"DB1.99\",\"type\":\"INT\"}]");
        PlcDevice device = device(server, points);

        List<Sample> first = Observation.samples(device.poll());
        device.confirm();

        assertThat(first).hasSize(26);
        assertThat(first.subList(0, 24)).allMatch(sample -> sample.quality() == Quality.GOOD);
        assertThat(first.subList(24, 26)).allMatch(sample -> "INVALID_ADDRESS".equals(sample.reason()));
        assertThat(device.fault()).contains("2 of 26 points are BAD: gone INVALID_ADDRESS, beyond INVALID_ADDRESS");
        assertThat(device.poll()).hasSize(24);
        assertThat(device.traffic().answerSeconds()).isPositive();
        assertThat(device.counters().errors()).containsOnlyKeys("INVALID_ADDRESS");
    }

    @Test
    void aKilledPlcIsBadOnceAndReadAgainWhenItIsBack() throws Exception {
        Snap7Server server = server().block(1, 100);
        PlcDevice device = device(server, points("[" + words(2) + "]"));
        assertThat(device.poll()).hasSize(2);
        device.confirm();

        server.close();
        List<Sample> failed = Observation.samples(device.poll());
        device.confirm();
        assertThat(failed).hasSize(2).allMatch(sample -> sample.quality() == Quality.BAD);
        assertThat(failed.get(0).reason()).startsWith("connection: ");
        assertThat(device.poll()).isEmpty();
        assertThat(device.fault()).get().asString().startsWith("connection: ");

        open.add(Snap7Server.start(server.port()).block(1, 100).set(1, 2, "0007"));
        await().until(() -> values(device.poll()).get("w1") != null);
        assertThat(values(device.poll())).containsEntry("w1", new Value.Whole(7));
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aFrozenPlcNeitherHoldsUpThePollNorKeepsItFromComingBack() throws Exception {
        Snap7Server server = server().block(1, 100);
        PlcDevice device = device(server, points("[" + words(2) + "]"));
        assertThat(device.poll()).hasSize(2);
        device.confirm();

        server.freeze();
        List<Sample> failed = Observation.samples(device.poll());
        device.confirm();
        assertThat(failed).hasSize(2).allMatch(sample -> sample.quality() == Quality.BAD);
        assertThat(failed.get(0).reason()).isEqualTo("timeout: no answer within 1500 ms");
        assertThat(device.poll()).isEmpty();

        server.unfreeze();
        await().until(() -> values(device.poll()).get("w1") != null);
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void writesAreReadBackFromTheMemoryOfThePlc() throws Exception {
        Snap7Server server = server().block(1, 1000);
        List<JsonNode> vectors = Vectors.all().stream()
                .filter(vector -> Vectors.expected(vector) != null)
                .filter(vector -> S7DataTest.writable(vector))
                .toList();
        List<String> addresses = IntStream.range(0, vectors.size())
                .mapToObj(i -> "DB1." + i * 20)
                .toList();
        PlcDevice device = device(server, Vectors.points(vectors, addresses));

        for (int i = 0; i < vectors.size(); i++) {
            Value value = Objects.requireNonNull(Vectors.expected(vectors.get(i)));
            String bytes = vectors.get(i).get("bytes").textValue();
            assertThat(device.write(i, value)).isEqualTo(value);
            assertThat(server.get(1, i * 20, bytes.length() / 2)).isEqualToIgnoringCase(bytes);
            assertThat(device.read(List.of(i)).get(0).value()).isEqualTo(value);
        }
    }

    @Test
    void aWrittenBitLeavesItsNeighboursAlone() throws Exception {
        Snap7Server server = server().block(1, 10).set(1, 3, "A5");
        PlcDevice device = device(server, points("[{\"name\":\"bit\",\"address\":\"DB1.DBX3.1\"}]"));
        assertThat(device.write(0, new Value.Flag(true))).isEqualTo(new Value.Flag(true));
        assertThat(server.get(1, 3, 1)).isEqualTo("a7");
        device.write(0, new Value.Flag(false));
        assertThat(server.get(1, 3, 1)).isEqualTo("a5");
    }

    @Test
    void aWriteThatThePlcDoesNotTakeFails() throws Exception {
        Snap7Server server = server().block(1, 10);
        PlcDevice device = device(server, points("[{\"name\":\"gone\",\"address\":\"DB9.0\",\"type\":\"INT\"}]"));
        assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("gone was not written: ");
        assertThat(device.read(List.of(0)).get(0).reason()).isEqualTo("INVALID_ADDRESS");
        server.close();
        assertThatThrownBy(() -> device.write(0, new Value.Whole(1))).isInstanceOf(IOException.class);
    }

    @Test
    void changesOfEventPointsAreStateChanges() throws Exception {
        Snap7Server server = server().block(1, 10);
        PlcDevice device =
                device(server, points("[{\"name\":\"step\",\"address\":\"DB1.0\",\"type\":\"INT\",\"event\":true}]"));
        device.poll();
        device.confirm();
        server.set(1, 0, "0005");
        List<StateChange> changes = Observation.changes(device.poll());
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).previousState()).isEqualTo(new Value.Whole(0));
        assertThat(changes.get(0).newState()).isEqualTo(new Value.Whole(5));
    }

    private Snap7Server server() {
        Snap7Server server = Snap7Server.start();
        open.add(server);
        return server;
    }

    private PlcDevice device(Snap7Server server, List<Point> points) {
        PlcDevice device = new PlcDevice(config(server.port()), points, Clock.systemUTC());
        open.add(device);
        return device;
    }

    private static PlcConfig config(int port) {
        return new PlcConfig(
                Driver.S7,
                "127.0.0.1",
                port,
                Map.of(),
                Duration.ofMillis(50),
                TIMEOUT,
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(100));
    }

    private static List<Point> points(String table) throws IOException {
        return PointTable.parse(Vectors.JSON.readTree(table), Driver.S7);
    }

    /** So many rows w0, w1 … of INTs from DB1.0 on. */
    private static String words(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"name\":\"w%d\",\"address\":\"DB1.DBW%d\",\"type\":\"INT\"}".formatted(i, 2 * i))
                .collect(Collectors.joining(","));
    }

    private static Map<String, Value> values(List<Observation> seen) {
        Map<String, Value> values = new HashMap<>();
        Observation.samples(seen).forEach(sample -> values.put(sample.parameter(), sample.value()));
        return values;
    }
}
