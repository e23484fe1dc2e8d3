package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointTableTest {

    @Test
    void readsARow() {
        assertThat(parse(Addressing.MODICON, """
                        [{"name":"temperature","area":"holding","address":40001,"type":"float32","byteOrder":"little","wordOrder":"little",
                          "scale":0.1,"offset":-5,"unit":"Cel","asset":"press-07"}]"""))
                .containsExactly(new Point(
                        0,
                        "temperature",
                        "press-07",
                        Area.HOLDING,
                        0,
                        DataType.FLOAT32,
                        null,
                        Order.LITTLE,
                        Order.LITTLE,
                        new BigDecimal("0.1"),
                        new BigDecimal("-5"),
                        "Cel",
                        false));
    }

    @Test
    void leavesOutTakeTheDefaults() {
        assertThat(parse(
                        Addressing.MODICON,
                        "[{\"name\":\"a\",\"address\":40001},{\"name\":\"b\",\"area\":\"coil\",\"address\":1}]"))
                .containsExactly(
                        new Point(
                                0,
                                "a",
                                null,
                                Area.HOLDING,
                                0,
                                DataType.INT16,
                                null,
                                Order.BIG,
                                Order.BIG,
                                BigDecimal.ONE,
                                BigDecimal.ZERO,
                                "",
                                false),
                        new Point(
                                1,
                                "b",
                                null,
                                Area.COIL,
                                0,
                                DataType.BOOL,
                                null,
                                Order.BIG,
                                Order.BIG,
                                BigDecimal.ONE,
                                BigDecimal.ZERO,
                                "",
                                false));
    }

    @ParameterizedTest
    @CsvSource({
        "MODICON, holding, 40001, 0",
        "MODICON, holding, 49999, 9998",
        "MODICON, holding, 400001, 0",
        "MODICON, holding, 465536, 65535",
        "MODICON, input, 30010, 9",
        "MODICON, input, 300010, 9",
        "MODICON, discrete, 10001, 0",
        "MODICON, discrete, 165536, 65535",
        "MODICON, coil, 1, 0",
        "MODICON, coil, 65536, 65535",
        "ZERO_BASED, holding, 0, 0",
        "ZERO_BASED, coil, 65535, 65535"
    })
    void readsTheAddress(Addressing addressing, String area, int written, int wire) {
        String table = "[{\"name\":\"a\",\"area\":\"%s\",\"address\":%d,\"type\":\"%s\"}]"
                .formatted(area, written, area.equals("coil") || area.equals("discrete") ? "bool" : "int16");
        assertThat(parse(addressing, table)).extracting(Point::address).containsExactly(wire);
    }

    @Test
    void reportsEveryErrorOfATableAtOnce() {
        assertThatThrownBy(() -> parse(Addressing.MODICON, """
                        [{"address":40001},
                         {"name":"b","address":30001,"type":"int12"},
                         {"name":"c","area":"coil","address":1,"type":"int16"},
                         {"name":"d","address":40002,"scale":0,"colour":"red"},
                         {"name":"e","address":"40003"},
                         {"name":"f","address":40004},
                         {"name":"f","address":40005},
                         {"name":"g","address":465536,"type":"float64","bit":3},
                         {"name":"h","area":"coil","address":0},
                         {"name":"i","address":40006,"type":"bool","bit":16,"scale":2},
                         7]"""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Modbus points: points[0].name must not be empty; "
                        + "points[1].type must be one of bool, int16, uint16, int32, uint32, int64, uint64, float32, float64, got 'int12'; "
                        + "points[1].address must be 40001 to 49999 or 400001 to 465536 for area holding with modicon addressing, got 30001; "
                        + "points[2].type must be bool in area coil, got int16; "
                        + "points[3].colour is unknown, known are address, area, asset, bit, byteOrder, event, name, offset, scale, type, unit, wordOrder; "
                        + "points[3].scale must not be 0; "
                        + "points[4].address must be a whole number, got \"40003\"; "
                        + "points[6].name must be unique within its asset, got 'f' twice; "
                        + "points[7].bit applies to a bool in a register only; "
                        + "points[7].address leaves no room for float64 at the end of the area; "
                        + "points[8].address must be 1 to 65536 for area coil with modicon addressing, got 0; "
                        + "points[9].bit must be 0 to 15, got 16; "
                        + "points[9].scale and offset do not apply to bool; "
                        + "points[10] must be an object.");
    }

    @Test
    void anEmptyTableIsAnError() {
        assertThatThrownBy(() -> parse(Addressing.MODICON, "[]"))
                .hasMessage("Modbus points: points must be a list with at least one point.");
    }

    @Test
    void aBoolsChangesMayBeEventsAndNoOtherTypes() {
        assertThat(parse(Addressing.MODICON, "[{\"name\":\"running\",\"area\":\"coil\",\"address\":1,\"event\":true}]")
                        .get(0)
                        .event())
                .isTrue();
        assertThatThrownBy(
                        () -> parse(
                                Addressing.MODICON,
                                "[{\"name\":\"a\",\"address\":40001,\"event\":true},{\"name\":\"b\",\"address\":40002,\"event\":1}]"))
                .hasMessage(
                        "Modbus points: points[0].event applies to bool only, got type int16; points[1].event must be true or false, got 1.");
    }

    static List<Point> parse(Addressing addressing, String json) {
        try {
            return PointTable.parse(new ObjectMapper().readTree(json), addressing);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
