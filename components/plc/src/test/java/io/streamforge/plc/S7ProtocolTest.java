package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.apache.plc4x.java.s7.readwrite.tag.S7Tag;
import org.apache.plc4x.java.spi.generation.Message;
import org.apache.plc4x.java.spi.generation.WriteBufferByteBased;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Addresses on the wire, as libnodave and snap7's client write them: syntax id, transport size, number of elements, data block, area, address. That of a timer or
 * counter is its number, of all else the bit.
 */
class S7ProtocolTest {

    @ParameterizedTest
    @CsvSource({
        "T0, 1, 10 1D 0001 0000 1D 000000",
        "T5, 1, 10 1D 0001 0000 1D 000005",
        "T300, 4, 10 1D 0004 0000 1D 00012C",
        "C7, 1, 10 1C 0001 0000 1C 000007",
        "Z7, 100, 10 1C 0064 0000 1C 000007",
        "MW10, 1, 10 02 0002 0000 83 000050",
        "DB2.DBW4, 3, 10 02 0006 0002 84 000020",
    })
    void writesAnAddress(String address, int elements, String hex) throws Exception {
        String type = address.contains("W") ? ",\"type\":\"INT\"" : "";
        Point point = PointTable.parse(
                        Vectors.JSON.readTree("[{\"name\":\"p\",\"address\":\"%s\",\"elements\":%d%s}]"
                                .formatted(address, elements, type)),
                        Driver.S7)
                .get(0);
        Message written = new S7Protocol().encodeS7Address(S7Tag.of(S7Address.tag((Variable.Memory) point.variable())));
        WriteBufferByteBased buffer = new WriteBufferByteBased(written.getLengthInBytes());
        written.serialize(buffer);
        assertThat(HexFormat.of().withUpperCase().formatHex(buffer.getBytes())).isEqualTo(hex.replace(" ", ""));
    }
}
