package io.streamforge.knx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointTableTest {

    @Test
    void readsARow() throws Exception {
        List<Point> points = parse("""
                [{"name":"temperature","address":"1/2/3","type":"9.001"},
                 {"name":"setpoint","asset":"room","address":"1/515","type":"9.001","unit":"K","listenOnly":true,"event":true,
                  "writable":true,"writeAddress":"2563"}]""");

        GroupAddress group = new GroupAddress(0x0A03);
        assertThat(points)
                .containsExactly(
                        new Point(0, "temperature", null, group, group, Datapoint.parse("9.001"), "Cel", false, false),
                        new Point(1, "setpoint", "room", group, group, Datapoint.parse("9.001"), "K", true, true));
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> parse("""
                        [{"name":"a","address":"32/0/0","type":"9.001"},
                         {"name":"b","address":"1/2/3","type":"15.000"},
                         {"name":"c","address":"1/2/3","type":"1.001","writeAddress":"1/2/4"},
                         {"name":"d","address":"1/2/3","type":"10.001","writable":true},
                         {"name":"e","address":"1/2/3","type":"1.001","scale":2}]"""))
                .hasMessageContainingAll(
                        "KNX points: row 1: address must be a group address as 1/2/3",
                        "got '32/0/0'",
                        "row 2: type must be a datapoint type as 9.001",
                        "row 3: writeAddress applies to writable rows only",
                        "row 4: writable does not apply to DPT 10.001, which is read only",
                        "row 5: scale is unknown");
    }

    @ParameterizedTest
    @CsvSource({"31/7/255, 65535", "1/2/3, 2563", "1/515, 2563", "2563, 2563", "0/0/1, 1", "31/2047, 65535"})
    void readsAddressesOfAllLevels(String text, int raw) {
        assertThat(GroupAddress.parse(text).raw()).isEqualTo(raw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0/0/0", "0", "32/0/1", "1/8/1", "1/2/256", "1/2048", "65536", "1/2/3/4", "a/b/c", "1.2.3"})
    void refusesWhatIsNoGroupAddress(String text) {
        assertThatThrownBy(() -> GroupAddress.parse(text)).hasMessageEndingWith("got '%s'".formatted(text));
    }

    private static List<Point> parse(String table) throws JsonProcessingException {
        return PointTable.parse(new ObjectMapper().readTree(table));
    }
}
