package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.testing.PeerProcess;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.plc.peers.NodeAds;
import io.streamforge.plc.peers.TwinCatRuntime;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One TwinCAT runtime, which is a responder written from the specification and understood by another's client, too. */
class AdsIT {

    private static final Map<String, String> OPTIONS =
            Map.of("targetNetId", "5.23.100.7.1.1", "sourceNetId", "10.0.0.9.1.1");

    private final TwinCatRuntime runtime = TwinCatRuntime.start(0);

    @AfterEach
    void close() {
        runtime.close();
    }

    /** Name, ADST code and bytes of a type, and what they mean; those that are not given back unchanged by a write cannot be written. */
    @ParameterizedTest
    @CsvSource({
        "BOOL, 33, 01, true, true",
        "SINT, 16, FB, -5, true",
        "INT, 2, FBFF, -5, true",
        "DINT, 3, 00000080, -2147483648, true",
        "LINT, 20, FEFFFFFFFFFFFFFF, -2, true",
        "BYTE, 17, FB, 251, true",
        "UINT, 18, FBFF, 65531, true",
        "UDINT, 19, FFFFFFFF, 4294967295, true",
        "ULINT, 21, FFFFFFFFFFFFFF7F, 9223372036854775807, true",
        "REAL, 4, 0000C841, 25.0, true",
        "LREAL, 5, 0000000000003940, 25.0, true",
        "E_State, 2, 0300, 3, true",
        "TIME, 19, E8030000, 1000, true",
        "LTIME, 21, 0065CD1D00000000, 500, true",
        "DATE, 19, 80436D38, '''2000-01-01''', false",
        "DT, 19, 815E6D38, '''2000-01-01T01:55:13''', false",
        "TIME_OF_DAY, 19, 38BF6401, '''06:29:39.768''', false",
        "STRING(6), 30, 57656C6C650000, '''Welle''', true",
        "STRING(6), 30, 57E46C00000000, '''Wäl''', true",
        "WSTRING(3), 31, 5700E4006C000000, '''Wäl''', true",
    })
    void readsAndWritesEveryType(String type, int code, String hex, String value, boolean writable) throws Exception {
        String bytes = hex;
        runtime.variable("MAIN.v", type, code, bytes);
        try (PlcDevice device = device(OPTIONS, "[{\"name\":\"v\",\"address\":\"MAIN.v\"}]")) {
            Value expected = value(value);
            assertThat(values(Observation.samples(device.poll()))).containsEntry("v", expected);
            runtime.variable("MAIN.v", type, code, "00".repeat(bytes.length() / 2));
            if (writable) {
                assertThat(device.write(0, expected)).isEqualTo(expected);
                assertThat(runtime.data("MAIN.v")).isEqualToIgnoringCase(bytes);
            } else {
                assertThatThrownBy(() -> device.write(0, expected))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("v is %s and cannot be ".formatted(type));
            }
        }
    }

    private static Value value(String text) {
        if (text.startsWith("'")) {
            return new Value.Text(text.substring(1, text.length() - 1));
        }
        if (text.equals("true")) {
            return new Value.Flag(true);
        }
        return text.contains(".") ? new Value.Real(Double.parseDouble(text)) : new Value.Whole(Long.parseLong(text));
    }

    @Test
    void readsArraysElementsAndBits() throws Exception {
        runtime.variable("GVL.zone", "ARRAY [0..3] OF INT", 2, "010002000300FBFF")
                .variable("GVL.zone[2]", "INT", 2, "0300");
        runtime.variable("GVL.names", "ARRAY [1..2] OF STRING(3)", 30, "4100000042430000")
                .variable("MAIN.status", "DWORD", 19, "00000080");
        runtime.variable("GVL.grid", "ARRAY [0..1,0..1] OF REAL", 4, "0000C841" + "00000000".repeat(2) + "0000803F");
        try (PlcDevice device = device(OPTIONS, """
                [{"name":"zone","address":"GVL.zone","elements":4,"scale":0.1}, {"name":"third","address":"gvl.Zone[2]"},
                 {"name":"names","address":"GVL.names","elements":2}, {"name":"grid","address":"GVL.grid","elements":4},
                 {"name":"ready","address":"MAIN.status.31"}, {"name":"fault","address":"MAIN.status.0"}]""")) {
            assertThat(values(Observation.samples(device.poll())))
                    .hasSize(13)
                    .containsEntry("zone[3]", new Value.Real(-0.5))
                    .containsEntry("third", new Value.Whole(3))
                    .containsEntry("names[1]", new Value.Text("BC"))
                    .containsEntry("grid[0]", new Value.Real(25.0))
                    .containsEntry("grid[3]", new Value.Real(1.0))
                    .containsEntry("ready", new Value.Flag(true))
                    .containsEntry("fault", new Value.Flag(false));
            int before = runtime.requests();
            device.poll();
            assertThat(runtime.requests()).isEqualTo(before + 1);
        }
    }

    @Test
    void whatTheRuntimeRefusesIsBadWithItsCodeAndDisturbsNoOther() throws Exception {
        runtime.variable("MAIN.good", "INT", 2, "0100").variable("MAIN.udt", "ST_Motor", 65, "0000000000000000");
        runtime.variable("MAIN.zone", "ARRAY [0..1] OF INT", 2, "01000200")
                .variable("MAIN.text", "STRING(2)", 30, "414243");
        try (PlcDevice device = device(OPTIONS, """
                [{"name":"gone","address":"MAIN.gone"}, {"name":"udt","address":"MAIN.udt"}, {"name":"long","address":"MAIN.zone","elements":3},
                 {"name":"array","address":"MAIN.zone"}, {"name":"bit","address":"MAIN.good.16"}, {"name":"text","address":"MAIN.text"},
                 {"name":"scaled","address":"MAIN.text","scale":2}, {"name":"good","address":"MAIN.good"}]""")) {
            List<Sample> samples = Observation.samples(device.poll());
            Map<String, String> reasons = samples.stream()
                    .filter(sample -> sample.quality() == Quality.BAD)
                    .collect(Collectors.toMap(Sample::parameter, sample -> String.valueOf(sample.reason())));
            assertThat(values(samples)).containsEntry("good", new Value.Whole(1));
            assertThat(reasons)
                    .hasSize(9)
                    .containsEntry("gone", "0x0710 SYMBOL_NOT_FOUND")
                    .containsEntry("udt", "value: ST_Motor is not read; name one of its members")
                    .containsEntry("long[0]", "value: ARRAY [0..1] OF INT has 2 elements, the row has 3")
                    .containsEntry("array", "value: ARRAY [0..1] OF INT has 2 elements, the row has 1")
                    .containsEntry("bit", "value: INT has no bit 16")
                    .containsEntry("text", "value: what the PLC holds is no value of a type that is read")
                    .containsEntry("scaled", "value: scale and offset do not apply to STRING(2)");
        }
    }

    @Test
    void afterADownloadTheVariablesAreLookedUpAnew() throws Exception {
        runtime.variable("MAIN.v", "INT", 2, "0100");
        try (PlcDevice device = device(OPTIONS, "[{\"name\":\"v\",\"address\":\"MAIN.v\"}]")) {
            assertThat(values(Observation.samples(device.poll()))).containsEntry("v", new Value.Whole(1));
            runtime.download().variable("MAIN.v", "REAL", 4, "0000C841");
            assertThat(Observation.samples(device.poll()).get(0).reason()).isEqualTo("0x0710 SYMBOL_NOT_FOUND");
            assertThat(values(Observation.samples(device.poll()))).containsEntry("v", new Value.Real(25.0));
        }
    }

    @Test
    void handlesAreGivenBack() throws Exception {
        runtime.variable("MAIN.a", "INT", 2, "0100").variable("MAIN.b", "INT", 2, "0100");
        try (PlcDevice device =
                device(OPTIONS, "[{\"name\":\"a\",\"address\":\"MAIN.a\"},{\"name\":\"b\",\"address\":\"MAIN.b\"}]")) {
            device.poll();
            assertThat(runtime.handles()).isEqualTo(2);
        }
        await().until(() -> runtime.handles() == 0);
    }

    @Test
    void aWriteThatTheRuntimeDoesNotTakeFails() throws Exception {
        runtime.variable("MAIN.small", "INT", 2, "0000").variable("MAIN.text", "STRING(2)", 30, "000000");
        try (PlcDevice device = device(OPTIONS, """
                [{"name":"gone","address":"MAIN.gone"}, {"name":"small","address":"MAIN.small"}, {"name":"text","address":"MAIN.text"}]""")) {
            assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone was not written: 0x0710 SYMBOL_NOT_FOUND");
            assertThatThrownBy(() -> device.write(1, new Value.Whole(40_000)))
                    .hasMessage("small is INT: 40000 is not within -32768 to 32767.");
            assertThatThrownBy(() -> device.write(2, new Value.Text("ABC")))
                    .hasMessage("text is STRING(2) and holds 2 characters of windows-1252.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "targetNetId, 5.5.5.5.1.1, the router answers 0x0007 TARGET_COMPUTER_NOT_FOUND",
        "targetPort, 852, the router answers 0x0006 TARGET_PORT_NOT_FOUND",
        "sourceNetId, 10.0.0.8.1.1, the device closed the connection",
    })
    void whoIsAskedAndWhoAsksIsInEveryRequest(String option, String value, String fault) throws Exception {
        Map<String, String> options = new HashMap<>(OPTIONS);
        options.put(option, value);
        try (PlcDevice device = device(options, "[{\"name\":\"v\",\"address\":\"MAIN.v\"}]")) {
            device.poll();
            assertThat(device.fault()).contains("connection: " + fault);
        }
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        assertThatThrownBy(() -> device(Map.of("targetNetId", "1.2.3.4", "targetPort", "0"), "[]"))
                .hasMessageContainingAll(
                        "targetNetId must be six numbers from 0 to 255 such as 5.23.100.7.1.1, got '1.2.3.4'",
                        "targetPort must be at least 1, got 0",
                        "sourceNetId must be six numbers from 0 to 255 such as 5.23.100.7.1.1, got ''");
        assertThatThrownBy(() -> device(OPTIONS, """
                [{"name":"a","address":"1st"}, {"name":"b","address":"MAIN.s.64"}, {"name":"c","address":"MAIN.s.3","elements":2},
                 {"name":"d","address":"MAIN.s.3","writable":true}, {"name":"e","address":"MAIN.s","type":"INT"}]"""))
                .hasMessageContainingAll(
                        "row 1: address must be like MAIN.Speed, GVL.Motor[3].Speed or MAIN.Status.5 (a bit), got '1st'",
                        "row 2: address must be like",
                        "row 3: elements does not apply to a bit",
                        "row 4: writable does not apply to a bit, which cannot be written without its neighbours",
                        "row 5: type does not apply: the device says of which type a variable is");
    }

    @Test
    void theTestSaysWhatItSaw() throws Exception {
        runtime.variable("MAIN.level", "INT", 2, "F100");
        JsonNode properties = Vectors.JSON.readTree(
                "{\"host\":\"127.0.0.1\",\"port\":%d,\"targetNetId\":\"5.23.100.7.1.1\",\"sourceNetId\":\"10.0.0.9.1.1\"}"
                        .formatted(runtime.port()));
        ConnectionTester.Outcome outcome = new AdsTester().test(properties, Vectors.JSON.readTree("""
                        [{"name":"level","address":"MAIN.level","scale":0.1}, {"name":"gone","address":"MAIN.gone"}]"""));
        assertThat(outcome.samples().get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(outcome.fault()).contains("1 of 2 points are BAD: gone 0x0710 SYMBOL_NOT_FOUND");
    }

    /** So that the responder is not only what the code under test takes it for. */
    @Test
    void aClientThatSomebodyElseWroteReadsAndWritesTheSame() throws Exception {
        runtime.variable("MAIN.speed", "REAL", 4, "0000C841").variable("MAIN.count", "INT", 2, "FBFF");
        try (PeerProcess client = NodeAds.connect(runtime.port(), "5.23.100.7.1.1", "10.0.0.9.1.1")) {
            assertThat(client.send("{\"read\":\"MAIN.speed\",\"type\":\"REAL\"}"))
                    .isEqualTo("25");
            assertThat(client.send("{\"read\":\"MAIN.count\",\"type\":\"INT\"}"))
                    .isEqualTo("-5");
            assertThat(client.send("{\"read\":\"MAIN.count\",\"type\":\"INT\",\"write\":300}"))
                    .isEqualTo("300");
        }
        assertThat(runtime.data("MAIN.count")).isEqualTo("2c01");
    }

    private static Map<String, Value> values(List<Sample> samples) {
        Map<String, Value> values = new LinkedHashMap<>();
        samples.forEach(sample -> values.put(sample.parameter(), sample.value()));
        return values;
    }

    private PlcDevice device(Map<String, String> options, String table) throws IOException {
        PlcConfig config = new PlcConfig(
                Driver.ADS,
                "127.0.0.1",
                runtime.port(),
                options,
                Duration.ofMillis(50),
                Duration.ofSeconds(3),
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(100));
        return new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(table), Driver.ADS), Clock.systemUTC());
    }
}
