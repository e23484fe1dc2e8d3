package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.model.Value;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class S7DataTest {

    private static final HexFormat HEX = HexFormat.of();

    static List<JsonNode> vectors() throws IOException {
        return Vectors.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesWhatThePlcHolds(JsonNode vector) {
        Point point = Vectors.points(List.of(vector), List.of("DB1.0")).get(0);
        assertThat(S7Data.decode(point, HEX.parseHex(vector.get("bytes").textValue()), 0))
                .isEqualTo(Vectors.expected(vector));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void encodesWhatItDecodes(JsonNode vector) {
        Point point = Vectors.points(List.of(vector), List.of("DB1.0")).get(0);
        Value value = Vectors.expected(vector);
        if (value != null && writable(vector)) {
            assertThat(HEX.withUpperCase().formatHex(S7Data.encode(point, value)))
                    .isEqualTo(vector.get("bytes").textValue());
        }
    }

    /** Times are only read; a number beyond a signed 64-bit integer was rounded to a double; a text may have been declared longer. */
    static boolean writable(JsonNode vector) {
        DataType type = DataType.valueOf(vector.get("type").textValue());
        return type.kind() != DataType.Kind.TIME
                && !(type.bytes() == 8 && vector.get("value").doubleValue() > 1e19);
    }

    @Test
    void bitsAndElementsOfArraysAreCountedFromTheAddress() {
        Point bits = point("DB1.DBX130.6", "\"type\":\"BOOL\",\"elements\":5");
        byte[] two = HEX.parseHex("C003");
        assertThat(List.of(0, 1, 2, 3, 4))
                .map(i -> S7Data.decode(bits, two, i))
                .containsExactly(
                        new Value.Flag(true),
                        new Value.Flag(true),
                        new Value.Flag(true),
                        new Value.Flag(true),
                        new Value.Flag(false));
        Point words = point("DB1.0", "\"type\":\"INT\",\"elements\":2");
        assertThat(S7Data.decode(words, HEX.parseHex("0001FFFE"), 1)).isEqualTo(new Value.Whole(-2));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "INT | 32768 | v is INT: 32768 is not within -32768 to 32767.",
                "USINT | -1 | v is USINT: -1 is not within 0 to 255.",
                "INT | 1.5 | v is INT and takes steps of 1 only.",
                "REAL | 1e39 | v is REAL: the value is beyond its range.",
                "DATE | 1 | v is DATE and cannot be a number.",
            })
    void refusesNumbersThatThePointCannotHold(String type, double value, String message) {
        Point point = point("DB1.0", "\"type\":\"%s\"".formatted(type));
        Value number = value == Math.rint(value) && Math.abs(value) < 1e18
                ? new Value.Whole((long) value)
                : new Value.Real(value);
        assertThatThrownBy(() -> S7Data.encode(point, number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void refusesTextsAndStatesThatThePointCannotHold() {
        Point text = point("DB1.0", "\"type\":\"STRING\",\"length\":3");
        assertThatThrownBy(() -> S7Data.encode(text, new Value.Text("four")))
                .hasMessage("v is STRING and holds 3 characters of Latin-1.");
        assertThatThrownBy(() -> S7Data.encode(text, new Value.Text("€")))
                .hasMessage("v is STRING and holds 3 characters of Latin-1.");
        assertThatThrownBy(() -> S7Data.encode(text, new Value.Flag(true)))
                .hasMessage("v is STRING and cannot be true.");
    }

    private static Point point(String address, String more) {
        try {
            return PointTable.parse(
                            Vectors.JSON.readTree("[{\"name\":\"v\",\"address\":\"%s\",%s}]".formatted(address, more)),
                            Driver.S7)
                    .get(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
