package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.WriteRule;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays, matrices and structures of node-opcua, the structures as the companion specification AutoID (OPC 30010) has them. */
class OpcUaPartsIT {

    private static final NodeOpcuaServer SERVER = NodeOpcuaServer.start(0, "{\"autoId\":true}");

    @TempDir
    private Path data = Path.of("");

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @Test
    void anArrayIsItsElementsAndAMatrixItsRows() throws Exception {
        assertThat(parts("""
                [{"name":"profile","node":"nsu=urn:streamforge:peer;s=Profile"},
                 {"name":"grid","node":"nsu=urn:streamforge:peer;s=Grid"}]"""))
                .containsExactly(
                        "profile[0] = 1.0",
                        "profile[1] = 2.5",
                        "profile[2] = 4.0",
                        "grid[0][0] = 1",
                        "grid[0][1] = 2",
                        "grid[0][2] = 3",
                        "grid[1][0] = 4",
                        "grid[1][1] = 5",
                        "grid[1][2] = 6");
    }

    @Test
    void aStructureIsItsFieldsToAnyDepth() throws Exception {
        assertThat(parts("[{\"name\":\"scan\",\"node\":\"nsu=urn:streamforge:peer;s=LastScan\"}]"))
                .containsExactly(
                        "scan.CodeType = 'EPC'",
                        "scan.ScanData.String = 'urn:epc:1'",
                        "scan.Timestamp = '2026-11-21T08:00:00Z'",
                        "scan.Location.WGS84.N_S Hemisphere = 'N'",
                        "scan.Location.WGS84.Latitude = 48.5",
                        "scan.Location.WGS84.E_W Hemisphere = 'E'",
                        "scan.Location.WGS84.Longitude = 9.25",
                        "scan.Location.WGS84.Altitude = 430.0",
                        "scan.Location.WGS84.Timestamp = '2026-11-21T08:00:00Z'",
                        "scan.Location.WGS84.DilutionOfPrecision = 0.5",
                        "scan.Location.WGS84.UsefulPrecisionLatLon = 3",
                        "scan.Location.WGS84.UsefulPrecisionAlt = 1",
                        "scan.Sighting[0].Antenna = 1",
                        "scan.Sighting[0].Strength = -41",
                        "scan.Sighting[0].Timestamp = '2026-11-21T08:00:00Z'",
                        "scan.Sighting[0].CurrentPowerLevel = 7",
                        "scan.Sighting[1].Antenna = 2",
                        "scan.Sighting[1].Strength = -42",
                        "scan.Sighting[1].Timestamp = '2026-11-21T08:00:00Z'",
                        "scan.Sighting[1].CurrentPowerLevel = 7");
    }

    @Test
    void anOptionalFieldThatIsAbsentIsNoPart() throws Exception {
        assertThat(parts("[{\"name\":\"settings\",\"node\":\"nsu=urn:streamforge:peer;s=Settings\"}]"))
                .containsExactly("settings.Duration = 250.0", "settings.Cycles = 3", "settings.DataAvailable = true");
    }

    @Test
    void theServersOwnStructuresAreTakenApart() throws Exception {
        assertThat(
                        parts(
                                "[{\"name\":\"build\",\"node\":\"i=2256\",\"part\":\".BuildInfo.ProductName\"},{\"name\":\"state\",\"node\":\"i=2256\",\"part\":\".State\"}]"))
                .containsExactly("build = 'NodeOPCUA-Server'", "state = 0");
    }

    @Test
    void aFieldMayHaveSeveralDimensions() throws Exception {
        assertThat(
                        parts(
                                "[{\"name\":\"cube\",\"node\":\"nsu=urn:streamforge:peer;s=Cube\"},{\"name\":\"cell\",\"node\":\"nsu=urn:streamforge:peer;s=Cube\",\"part\":\".Cells[0][1][0]\"},{\"name\":\"hollow\",\"node\":\"nsu=urn:streamforge:peer;s=Hollow\"}]"))
                .containsExactly(
                        "cube.Cells[0][0][0] = 1",
                        "cube.Cells[0][0][1] = 2",
                        "cube.Cells[0][1][0] = 3",
                        "cube.Cells[0][1][1] = 4",
                        "cell = 3");
    }

    /** What a server says of its fields is no more to be trusted than what it sends. */
    @ParameterizedTest
    @ValueSource(strings = {"Boundless", "Nested"})
    void dimensionsBeyondTheBytesAreNotFollowed(String name) throws Exception {
        assertThat(samples("[{\"name\":\"cells\",\"node\":\"nsu=urn:streamforge:peer;s=%s\"}]".formatted(name)))
                .singleElement()
                .satisfies(sample -> assertThat(sample.reason())
                        .startsWith(
                                "value: its structure cannot be decoded, its bytes are not as the server defines "));
    }

    @Test
    void aRowCanBeOnePartOnly() throws Exception {
        assertThat(parts("""
                [{"name":"middle","node":"nsu=urn:streamforge:peer;s=Profile","part":"[1]"},
                 {"name":"row","node":"nsu=urn:streamforge:peer;s=Grid","part":"[1]"},
                 {"name":"corner","node":"nsu=urn:streamforge:peer;s=Grid","part":"[1][2]"},
                 {"name":"strength","node":"nsu=urn:streamforge:peer;s=Scans","part":"[1].Sighting[0].Strength"},
                 {"name":"code","node":"nsu=urn:streamforge:peer;s=LastScan","part":".ScanData"},
                 {"name":"north","node":"nsu=urn:streamforge:peer;s=LastScan","part":".Location.WGS84.N_S Hemisphere"}]"""))
                .containsExactly(
                        "middle = 2.5",
                        "row[0] = 4",
                        "row[1] = 5",
                        "row[2] = 6",
                        "corner = 6",
                        "strength = -41",
                        "code.String = 'urn:epc:1'",
                        "north = 'N'");
    }

    @Test
    void aPartThatIsNotThereIsBadAndSaysSo() throws Exception {
        List<Sample> samples = samples("""
                [{"name":"beyond","node":"nsu=urn:streamforge:peer;s=Profile","part":"[3]"},
                 {"name":"scalar","node":"nsu=urn:streamforge:peer;s=Temperature","part":"[0]"},
                 {"name":"cut","node":"nsu=urn:streamforge:peer;s=LastScan","part":".Scan"},
                 {"name":"absent","node":"nsu=urn:streamforge:peer;s=Settings","part":".LocationType"}]""");
        assertThat(samples)
                .extracting(Sample::reason)
                .containsExactly(
                        "value: it has no part [3]",
                        "value: it has no part [0]",
                        "value: it has no part .Scan",
                        "value: it has no part .LocationType");
        assertThat(samples).extracting(Sample::quality).containsOnly(Quality.BAD);
    }

    @Test
    void aPartThatIsNoneIsRefused() {
        assertThatThrownBy(() -> samples("""
                [{"name":"a","node":"i=2256","part":"speed"},
                 {"name":"b","node":"i=2256","part":".State","writable":true}]"""))
                .hasMessage(
                        "OPC UA points: row 1: part must be elements and fields as [2] or .motor[0].speed, got 'speed'; row 2: writable applies to elements of arrays, not to fields of structures, got part .State.");
    }

    private List<String> parts(String points) throws Exception {
        return samples(points).stream()
                .map(sample -> sample.parameter() + " = "
                        + (sample.value() == null ? sample.reason() : WriteRule.text(sample.value())))
                .toList();
    }

    private List<Sample> samples(String points) throws Exception {
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        ObjectMapper json = new ObjectMapper();
        JsonNode properties = json.createObjectNode().put("url", SERVER.url()).put("security", "none");
        return tester.test(properties, json.readTree(points)).samples();
    }
}
