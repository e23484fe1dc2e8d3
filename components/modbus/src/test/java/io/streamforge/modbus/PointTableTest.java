package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Duration;
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
                        1,
                        Area.HOLDING,
                        0,
                        DataType.FLOAT32,
                        0,
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
                                1,
                                Area.HOLDING,
                                0,
                                DataType.INT16,
                                0,
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
                                1,
                                Area.COIL,
                                0,
                                DataType.BOOL,
                                0,
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

    @ParameterizedTest
    @CsvSource({
        "holding, 4x00001, 0",
        "holding, 4x0001, 0",
        "holding, 4X65536, 65535",
        "input, 3x00010, 9",
        "discrete, 1x00001, 0",
        "coil, 0x00017, 16",
        "holding, 40001, 0",
        "holding, 400001, 0"
    })
    void readsAnAddressInAText(String area, String written, int wire) {
        String table = "[{\"name\":\"a\",\"area\":\"%s\",\"address\":\"%s\"}]".formatted(area, written);
        assertThat(parse(Addressing.MODICON, table)).extracting(Point::address).containsExactly(wire);
    }

    @Test
    void aPlaceIsToldAsTheWireAndAsManualsSayIt() {
        assertThat(parse(Addressing.ZERO_BASED, """
                        [{"name":"a","address":40,"unitId":7},{"name":"b","area":"coil","address":0}]"""))
                .extracting(Point::place)
                .containsExactly("unit 7 holding 40 = 400041", "unit 1 coil 0 = 000001");
    }

    @Test
    void refusesWhatAStringAndAWritableRowCannotBe() {
        assertThatThrownBy(() -> parse(Addressing.MODICON, """
                        [{"name":"a","address":40001,"type":"string"},
                         {"name":"b","address":40001,"type":"string","length":247},
                         {"name":"c","address":40001,"type":"string","length":4,"scale":2},
                         {"name":"d","address":40001,"length":4},
                         {"name":"e","address":30001,"area":"input","writable":true},
                         {"name":"f","address":40001,"unitId":256},
                         {"name":"g","address":"3x00001"}]"""))
                .hasMessage("Modbus points: row 1: length is missing, a string has a number of characters; "
                        + "row 2: length must be 1 to 246, got 247; "
                        + "row 3: scale and offset do not apply to string; "
                        + "row 4: length applies to string only, got type int16; "
                        + "row 5: writable applies to areas coil and holding, got input; "
                        + "row 6: unitId must be 0 to 255, got 256; "
                        + "row 7: address must begin with 4x for area holding, got '3x00001'.");
    }

    @Test
    void reportsEveryErrorOfATableAtOnce() {
        assertThatThrownBy(() -> parse(Addressing.MODICON, """
                        [{"address":40001},
                         {"name":"b","address":30001,"type":"int12"},
                         {"name":"c","area":"coil","address":1,"type":"int16"},
                         {"name":"d","address":40002,"scale":0,"colour":"red"},
                         {"name":"e","address":"4y0003"},
                         {"name":"f","address":40004},
                         {"name":"f","address":40005},
                         {"name":"g","address":465536,"type":"float64","bit":3},
                         {"name":"h","area":"coil","address":0},
                         {"name":"i","address":40006,"type":"bool","bit":16,"scale":2},
                         7]"""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Modbus points: row 1: name must not be empty; "
                        + "row 2: type must be one of bool, int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32, string, got 'int12'; "
                        + "row 2: address must be 40001 to 49999 or 400001 to 465536 for area holding with modicon addressing, got 30001; "
                        + "row 3: type must be bool in area coil, got int16; "
                        + "row 4: colour is unknown, known are address, area, asset, bit, byteOrder, event, length, name, offset, scale, type, unit, unitId, wordOrder, "
                        + "writable, writeIf, writeIfValue, writeIntervalMs, writeMax, writeMin; "
                        + "row 4: scale must not be 0; "
                        + "row 5: address must be a whole number, or 4x00001 and the like, got '4y0003'; "
                        + "row 7: name must be unique within its asset, got 'f' twice; "
                        + "row 8: bit applies to a bool in a register only; "
                        + "row 8: address leaves no room for float64 at the end of the area; "
                        + "row 9: address must be 1 to 65536 for area coil with modicon addressing, got 0; "
                        + "row 10: bit must be 0 to 15, got 16; "
                        + "row 10: scale and offset do not apply to bool; "
                        + "row 11 must be an object.");
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
                        "Modbus points: row 1: event applies to bool only, got type int16; row 2: event must be true or false, got 1.");
    }

    /** A device at an address that nobody connects to. */
    static ModbusConfig config(Addressing addressing) {
        return new ModbusConfig(
                new Transport.Tcp("127.0.0.1", 1),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ZERO,
                0,
                addressing,
                8,
                125,
                Duration.ofSeconds(1));
    }

    static List<Point> parse(Addressing addressing, String json) {
        return parse(json, config(addressing));
    }

    static List<Point> parse(String json, ModbusConfig config) {
        try {
            return PointTable.parse(new ObjectMapper().readTree(json), config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
