package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointTableTest {

    @ParameterizedTest
    @CsvSource({
        "DB1.DBD4, REAL, %DB1:4:BYTE[4]",
        "db1.dbw2, INT, %DB1:2:BYTE[2]",
        "%DB12.DBB0, USINT, %DB12:0:BYTE",
        "DB1.DBX0.3, BOOL, %DB1:0:BYTE",
        "DB1.0.3, BOOL, %DB1:0:BYTE",
        "DB1.40, LREAL, %DB1:40:BYTE[8]",
        "MW10, INT, %M10:BYTE[2]",
        "MD10, REAL, %M10:BYTE[4]",
        "M0.1, BOOL, %M0:BYTE",
        "E1.7, BOOL, %I1:BYTE",
        "IB3, BYTE, %I3:BYTE",
        "A0.0, BOOL, %Q0:BYTE",
        "QW2, WORD, %Q2:BYTE[2]",
    })
    void readsTheAddressesOfStep7(String address, String type, String tag) throws IOException {
        Point point = parse("[{\"name\":\"p\",\"address\":\"%s\",\"type\":\"%s\"}]".formatted(address, type))
                .get(0);
        assertThat(S7Address.tag((Variable.Memory) point.variable())).isEqualTo(tag);
    }

    @Test
    void anArrayIsReadAsAWholeAndTextsWithTheirHeader() throws IOException {
        List<Point> points = parse("""
                [{"name":"a","address":"DB1.0","type":"REAL","elements":4}, {"name":"b","address":"DB1.DBX7.6","elements":3},
                 {"name":"c","address":"DB1.20","type":"STRING","length":10}, {"name":"d","address":"DB1.40","type":"WSTRING","length":5}]""");
        assertThat(points)
                .extracting(point -> S7Address.tag((Variable.Memory) point.variable()))
                .containsExactly("%DB1:0:BYTE[16]", "%DB1:7:BYTE[2]", "%DB1:20:BYTE[12]", "%DB1:40:BYTE[14]");
        assertThat(points).extracting(Point::row).containsExactly(0, 4, 7, 8);
    }

    @Test
    void namesEveryErrorByItsRowAndField() {
        assertThatThrownBy(() -> parse("""
                        [{"name":"a","address":"DB1.DBW2"},
                         {"name":"b","address":"DB1.DBW2","type":"REAL"},
                         {"name":"c","address":"DB1.DBX2","type":"BOOL"},
                         {"name":"d","address":"M1.1","type":"INT"},
                         {"name":"e","address":"X5","type":"S5TIME"},
                         {"name":"f","address":"DB1.0","type":"STRING"},
                         {"name":"g","address":"DB1.0","type":"INT","length":4},
                         {"name":"h","address":"DB1.0.0","scale":2},
                         {"name":"i","address":"DB1.0","type":"INT","scale":0,"elements":0},
                         {"name":"j","address":"DB1.0","type":"DATE","writable":true},
                         {"name":"k","address":"DB1.0","type":"FLOAT","colour":"red"},
                         {"name":"l","address":"T5","type":"S5TIME","elements":101},
                         {"name":"m","address":"C5","writable":true},
                         {"name":"n","address":"DB1.DBW0","type":"COUNTER"}]"""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "S7 points: row 1: type must be given for an address without a bit; ",
                        "row 2: type REAL has 4 bytes, the address says 2; ",
                        "row 3: address must name the bit of a BOOL, as in DB1.DBX0.3 or M0.3; ",
                        "row 4: type must be BOOL for an address with a bit, got INT; ",
                        "row 5: address must be like DB1.DBD4, DB1.DBX0.3, DB1.4, MW10, M0.1, I0.0, Q0.1, T5 or C5, got 'X5'; ",
                        "row 6: length must be given for STRING: as many characters as it was declared with; ",
                        "row 7: length applies to STRING and WSTRING only; ",
                        "row 8: scale and offset do not apply to BOOL; ",
                        "row 9: elements must be 1 to 1000, got 0; row 9: scale must not be 0; ",
                        "row 10: writable does not apply to arrays, nor to DATE; ",
                        "row 11: colour is unknown, known are ",
                        "row 11: type must be one of BOOL, BYTE, ",
                        "DATE_AND_TIME, DTL, got 'FLOAT'; ",
                        "row 12: type does not apply to timers and counters; row 12: elements must be 1 to 100, got 101; ",
                        "row 13: writable does not apply to arrays, nor to COUNTER; ",
                        "row 14: type must be one of ");
    }

    private static List<Point> parse(String table) throws IOException {
        return PointTable.parse(Vectors.JSON.readTree(table), Driver.S7);
    }
}
