package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.plc4x.java.eip.readwrite.CipReadRequest;
import org.apache.plc4x.java.eip.readwrite.CipService;
import org.apache.plc4x.java.eip.readwrite.MultipleServiceRequest;
import org.apache.plc4x.java.eip.readwrite.Services;
import org.apache.plc4x.java.spi.generation.ByteOrder;
import org.apache.plc4x.java.spi.generation.WriteBufferByteBased;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths of Rockwell 1756-PM020 ("symbolic segment addressing") and CIP Volume 1, Appendix C-1.4, byte by byte. */
class CipPathTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parts | 9105706172747300",
                "profile[0,1,257] | 910770726F66696C65002800280129000101",
                "dwell3.acc | 91066477656C6C33910361636300",
                "setpoints[5] | 9109736574706F696E7473002805",
                "big[70000] | 9103626967002A0070110100",
                "Program:Main.Go | 910C50726F6772616D3A4D61696E9102476F",
                "Local:1:I.Data | 91094C6F63616C3A313A4900910444617461",
            })
    void writesTagsAsTheManualDoes(String tag, String path) throws IOException {
        assertThat(HexFormat.of().withUpperCase().formatHex(CipPath.tag(symbol(tag))))
                .isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,0 | 0100",
                "1,3 | 0103",
                "direct | ''",
                "1,2,2,192.168.1.5,1,0 | 0102120B3139322E3136382E312E35000100",
            })
    void writesRoutesAsPortSegments(String route, String path) {
        assertThat(HexFormat.of().withUpperCase().formatHex(CipPath.route(route)))
                .isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1", "0,1", "15,1", "1,256", "1,0,2", "backplane", "1,,2", "1,1234567890"})
    void refusesWhatIsNoRoute(String route) {
        assertThatThrownBy(() -> CipPath.route(route))
                .hasMessage(
                        "route must be pairs of port and link such as 1,0 or 1,0,2,192.168.1.5,1,0, or direct, got '%s'"
                                .formatted(route));
    }

    @Test
    void theLastPartOfATagMayBeABit() throws IOException {
        assertThat(parse("Status.31").variable()).isEqualTo(new Variable.Symbol("Status", 31, 1));
        assertThat(parse("Drive[2].State.0").variable()).isEqualTo(new Variable.Symbol("Drive[2].State", 0, 1));
    }

    /** Encoded by somebody else's library. */
    @Test
    void severalTagsAreAskedForAsPlc4xWouldEncodeIt() throws Exception {
        List<CipService> services = List.of(
                new CipReadRequest(CipPath.tag(symbol("Program:Main.Go")), 1),
                new CipReadRequest(CipPath.tag(symbol("Zone[3]")), 4));
        int first = 2 + 2 * services.size();
        MultipleServiceRequest packet = new MultipleServiceRequest(
                new Services(List.of(first, first + services.get(0).getLengthInBytes()), services));
        WriteBufferByteBased expected = new WriteBufferByteBased(packet.getLengthInBytes(), ByteOrder.LITTLE_ENDIAN);
        packet.serialize(expected);
        assertThat(CipRequest.packet(PointTable.parse(Vectors.JSON.readTree("""
                        [{"name":"a","address":"Program:Main.Go"}, {"name":"b","address":"Zone[3]","elements":4}]"""), Driver.EIP)))
                .isEqualTo(expected.getBytes());
    }

    private static Variable.Symbol symbol(String address) throws IOException {
        return (Variable.Symbol) parse(address).variable();
    }

    @Test
    void namesEverythingThatIsWrongWithAddresses() {
        assertThatThrownBy(() -> PointTable.parse(Vectors.JSON.readTree("""
                [{"name":"a","address":"1st"}, {"name":"b","address":"Status.64"}, {"name":"c","address":"A[1,2,3,4]"},
                 {"name":"d","address":"Status.3","elements":2}, {"name":"e","address":"A","type":"INT"},
                 {"name":"f","address":"A","elements":3,"writable":true}]"""), Driver.EIP))
                .hasMessageContainingAll(
                        "row 1: address must be like Speed, Program:Main.Motor[3].Speed, Counts[1,2] or Status.5 (a bit), got '1st'",
                        "row 2: address must be like",
                        "row 3: address must be like",
                        "row 4: elements does not apply to a bit",
                        "row 5: type does not apply: the device says of which type a variable is",
                        "row 6: writable does not apply to arrays");
    }

    private static Point parse(String address) throws IOException {
        List<Point> points = PointTable.parse(
                Vectors.JSON.readTree("[{\"name\":\"p\",\"address\":\"%s\"}]".formatted(address)), Driver.EIP);
        return points.get(0);
    }
}
