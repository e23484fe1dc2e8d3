package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.plc.peers.LogixController;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.messages.PlcReadResponse;
import org.apache.plc4x.java.eip.base.EIPDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One Logix controller, which is a responder written from the specification and understood by PLC4X's driver, too. */
class EipIT {

    /** Type on the wire, bytes of an element, its bytes, its value. */
    private static final Map<String, Value> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("C100 1 FF", new Value.Flag(true));
        TYPES.put("C200 1 FB", new Value.Whole(-5));
        TYPES.put("C300 2 FBFF", new Value.Whole(-5));
        TYPES.put("C400 4 00000080", new Value.Whole(Integer.MIN_VALUE));
        TYPES.put("C500 8 FEFFFFFFFFFFFFFF", new Value.Whole(-2));
        TYPES.put("C600 1 FB", new Value.Whole(251));
        TYPES.put("C700 2 FBFF", new Value.Whole(65531));
        TYPES.put("C800 4 FFFFFFFF", new Value.Whole(4294967295L));
        TYPES.put("C900 8 0000000000000080", new Value.Real(9.223372036854775808E18));
        TYPES.put("CA00 4 0000C841", new Value.Real(25.0));
        TYPES.put("CB00 8 0000000000003940", new Value.Real(25.0));
        TYPES.put("D300 4 010000F0", new Value.Whole(0xF0000001L));
        TYPES.put("A002CE0F 88 05000000" + "57656C6C65" + "00".repeat(79), new Value.Text("Welle"));
    }

    private final LogixController controller = LogixController.start(0);

    @AfterEach
    void close() {
        controller.close();
    }

    @Test
    void readsAndWritesEveryType() throws Exception {
        List<Map.Entry<String, Value>> types = List.copyOf(TYPES.entrySet());
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            String[] type = types.get(i).getKey().split(" ");
            controller.tag("T" + i, type[0], Integer.parseInt(type[1]), type[2]);
            table.append(i == 0 ? "[" : ",").append("{\"name\":\"t%1$d\",\"address\":\"T%1$d\"}".formatted(i));
        }
        try (PlcDevice device = device(Map.of(), table + "]")) {
            List<Sample> samples = Observation.samples(device.poll());
            for (int i = 0; i < types.size(); i++) {
                Value value = types.get(i).getValue();
                String bytes = types.get(i).getKey().split(" ")[2];
                assertThat(samples.get(i).value()).as(types.get(i).getKey()).isEqualTo(value);

                controller.tag(
                        "T" + i,
                        types.get(i).getKey().split(" ")[0],
                        bytes.length() / 2,
                        "00".repeat(bytes.length() / 2));
                if (!bytes.endsWith("80") || bytes.length() < 16) {
                    assertThat(device.write(i, value)).isEqualTo(value);
                    assertThat(controller.data("T" + i)).isEqualToIgnoringCase(bytes.equals("FF") ? "01" : bytes);
                }
            }
        }
    }

    @Test
    void readsTagsOfProgramsMembersElementsAndBits() throws Exception {
        controller.tag("Program:Main.Count", "C400", 4, "2A000000").tag("Motor.Speed", "CA00", 4, "0000C841");
        controller.tag("Zone", "C300", 2, "010002000300FBFF").tag("Status", "C400", 4, "00000080");
        Map<String, Value> values = values("""
                [{"name":"count","address":"Program:Main.Count","scale":0.1}, {"name":"speed","address":"Motor.Speed"},
                 {"name":"zone","address":"Zone","elements":4}, {"name":"third","address":"Zone[2]"},
                 {"name":"ready","address":"Status.31"}, {"name":"fault","address":"Status.0"}]""");
        assertThat(values)
                .containsEntry("count", new Value.Real(4.2))
                .containsEntry("speed", new Value.Real(25.0))
                .containsEntry("zone[0]", new Value.Whole(1))
                .containsEntry("zone[3]", new Value.Whole(-5))
                .containsEntry("third", new Value.Whole(3))
                .containsEntry("ready", new Value.Flag(true))
                .containsEntry("fault", new Value.Flag(false));
    }

    @Test
    void anArrayLargerThanAnAnswerIsReadWholeAndEachMessageCounted() throws Exception {
        controller.tag("Big", "C400", 4, "00000000".repeat(299) + "2A000000").tag("Small", "C300", 2, "0700");
        try (PlcDevice device = device(
                Map.of(),
                "[{\"name\":\"a\",\"address\":\"Big\",\"elements\":300}, {\"name\":\"b\",\"address\":\"Small\"}]")) {
            assertThat(values(Observation.samples(device.poll())))
                    .hasSize(301)
                    .containsEntry("a[299]", new Value.Whole(42))
                    .containsEntry("b", new Value.Whole(7));
            assertThat(controller.messages()).isEqualTo(4);
            assertThat(device.traffic().requests()).isEqualTo(4);
        }
    }

    @Test
    void manyTagsTakeFewMessagesNoneOfThemTooLarge() throws Exception {
        String name = "ATagWithALongNameOfThirtyTwoChars";
        IntStream.range(0, 40).forEach(i -> controller.tag(name + i, "C400", 4, "%02X000000".formatted(i)));
        String table = IntStream.range(0, 40)
                .mapToObj(i -> "{\"name\":\"p%d\",\"address\":\"%s\"}".formatted(i, name + i))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(values(table)).hasSize(40).containsEntry("p39", new Value.Whole(39));
        assertThat(controller.messages()).isBetween(2, 6);
    }

    /** An answer that does not fit among the others is asked for by itself. */
    @Test
    void longTextsAreReadBesideOneAnother() throws Exception {
        String text = "A002CE0F";
        String table = IntStream.range(0, 8)
                .peek(i -> controller.tag("S" + i, text, 88, "01000000" + "41" + "00".repeat(83)))
                .mapToObj(i -> "{\"name\":\"s%1$d\",\"address\":\"S%1$d\"}".formatted(i))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(values(table).values()).hasSize(8).containsOnly(new Value.Text("A"));
    }

    @Test
    void whatTheControllerRefusesIsBadWithItsStatusAndDisturbsNoOther() throws Exception {
        controller
                .tag("Good", "C300", 2, "0100")
                .tag("Zone", "C300", 2, "0100")
                .tag("Udt", "A0023412", 8, "00".repeat(8));
        try (PlcDevice device = device(Map.of(), """
                [{"name":"good","address":"Good"}, {"name":"gone","address":"Gone"}, {"name":"beyond","address":"Zone","elements":5},
                 {"name":"udt","address":"Udt"}, {"name":"bit","address":"Good.16"}, {"name":"text","address":"Long"}]""")) {
            controller.tag("Long", "A002CE0F", 88, "FF000000" + "00".repeat(84));
            List<Sample> samples = Observation.samples(device.poll());
            Map<String, String> reasons = samples.stream()
                    .filter(sample -> sample.quality() == Quality.BAD)
                    .collect(Collectors.toMap(Sample::parameter, sample -> String.valueOf(sample.reason())));
            assertThat(values(samples)).containsEntry("good", new Value.Whole(1));
            assertThat(reasons)
                    .hasSize(9)
                    .containsEntry("gone", "0x04 PATH_SEGMENT_ERROR")
                    .containsEntry("beyond[4]", "0xFF GENERAL_ERROR 0x2105")
                    .containsEntry("udt", "value: structure 0x1234 is not read; name one of its members")
                    .containsEntry("bit", "value: INT has no bit 16")
                    .containsEntry("text", "value: what the PLC holds is no value of a type that is read");
        }
    }

    @Test
    void aWrittenBitLeavesItsNeighboursAlone() throws Exception {
        controller.tag("Status", "C400", 4, "A5000080");
        try (PlcDevice device = device(
                Map.of(), "[{\"name\":\"a\",\"address\":\"Status.1\"},{\"name\":\"b\",\"address\":\"Status.31\"}]")) {
            assertThat(device.write(0, new Value.Flag(true))).isEqualTo(new Value.Flag(true));
            device.write(1, new Value.Flag(false));
            assertThat(controller.data("Status")).isEqualTo("a7000000");
            assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                    .hasMessage("a is a bit and cannot be a number.");
        }
    }

    @Test
    void aWriteThatTheControllerDoesNotTakeFails() throws Exception {
        controller.tag("Small", "C300", 2, "0000").tag("Zone", "C300", 2, "0000");
        try (PlcDevice device = device(Map.of(), """
                [{"name":"gone","address":"Gone"}, {"name":"small","address":"Small"}, {"name":"beyond","address":"Zone[1]"}]""")) {
            assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                    .hasMessage("gone was not written: 0x04 PATH_SEGMENT_ERROR");
            assertThatThrownBy(() -> device.write(1, new Value.Whole(40_000)))
                    .hasMessage("small is INT: 40000 is not within -32768 to 32767.");
            assertThatThrownBy(() -> device.write(1, new Value.Flag(true)))
                    .hasMessage("small is INT and cannot be true.");
            assertThatThrownBy(() -> device.write(2, new Value.Whole(1)))
                    .hasMessage("beyond was not written: 0xFF GENERAL_ERROR 0x2105");
            // The controller was programmed anew: the tag has another type now.
            device.poll();
            controller.tag("Small", "C400", 4, "00000000");
            assertThatThrownBy(() -> device.write(1, new Value.Whole(1)))
                    .hasMessage("small was not written: 0xFF GENERAL_ERROR 0x2107");
            device.poll();
            assertThat(device.write(1, new Value.Whole(40_000))).isEqualTo(new Value.Whole(40_000));
        }
    }

    @Test
    void theRouteLeadsToTheController() throws Exception {
        String table = "[{\"name\":\"a\",\"address\":\"A\"}]";
        try (PlcDevice wrong = device(Map.of("route", "1,5"), table)) {
            wrong.poll();
            assertThat(wrong.fault())
                    .contains("connection: the route does not lead to a controller: 0x01 CONNECTION_FAILURE 0x0312");
        }
        for (String[] route : new String[][] {{"direct", ""}, {"1,0,2,10.0.0.5,1,3", "0100120831302E302E302E350103"}}) {
            try (LogixController behind = LogixController.behind(route[1]).tag("A", "C300", 2, "0700");
                    PlcDevice device = device(behind, Map.of("route", route[0]), table)) {
                assertThat(values(Observation.samples(device.poll()))).containsEntry("a", new Value.Whole(7));
            }
        }
    }

    @Test
    void theTestSaysWhatItSaw() throws Exception {
        controller.tag("Level", "C300", 2, "F100");
        JsonNode properties = Vectors.JSON.readTree(
                "{\"host\":\"127.0.0.1\",\"port\":%d,\"route\":\"1,0\"}".formatted(controller.port()));
        ConnectionTester.Outcome outcome = new EipTester().test(properties, Vectors.JSON.readTree("""
                        [{"name":"level","address":"Level","scale":0.1}, {"name":"gone","address":"Gone"}]"""));
        assertThat(outcome.samples().get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(outcome.fault()).contains("1 of 2 points are BAD: gone 0x04 PATH_SEGMENT_ERROR");
    }

    /** So that the responder is not only what the code under test takes it for. */
    @Test
    void aClientThatSomebodyElseWroteReadsTheSame() throws Exception {
        controller
                .tag("Speed", "CA00", 4, "0000C841")
                .tag("Zone", "C300", 2, "010002000300FBFF")
                .tag("Motor.Count", "C400", 4, "2A000000");
        String uri = "eip:tcp://127.0.0.1:%d?big-endian=false".formatted(controller.port());
        try (PlcConnection client = new EIPDriver().getConnection(uri)) {
            client.connect();
            PlcReadResponse response = client.readRequestBuilder()
                    .addTagAddress("speed", "Speed:REAL")
                    .addTagAddress("zone", "Zone[3]:INT")
                    .addTagAddress("count", "Motor.Count:DINT")
                    .build()
                    .execute()
                    .get(10, TimeUnit.SECONDS);
            assertThat(response.getFloat("speed")).isEqualTo(25f);
            assertThat(response.getInteger("zone")).isEqualTo(-5);
            assertThat(response.getInteger("count")).isEqualTo(42);
        }
    }

    private Map<String, Value> values(String table) throws Exception {
        try (PlcDevice device = device(Map.of(), table)) {
            List<Sample> samples = Observation.samples(device.poll());
            assertThat(samples).allMatch(sample -> sample.quality() == Quality.GOOD);
            return values(samples);
        }
    }

    private static Map<String, Value> values(List<Sample> samples) {
        Map<String, Value> values = new LinkedHashMap<>();
        samples.forEach(sample -> values.put(sample.parameter(), sample.value()));
        return values;
    }

    private PlcDevice device(Map<String, String> options, String table) throws IOException {
        return device(controller, options, table);
    }

    private static PlcDevice device(LogixController controller, Map<String, String> options, String table)
            throws IOException {
        PlcConfig config = new PlcConfig(
                Driver.EIP,
                "127.0.0.1",
                controller.port(),
                options,
                Duration.ofMillis(50),
                Duration.ofSeconds(3),
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(100));
        return new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(table), Driver.EIP), Clock.systemUTC());
    }
}
