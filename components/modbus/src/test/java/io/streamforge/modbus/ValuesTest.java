package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {

    /** Computed outside Java: every type with every byte and word order. */
    static List<JsonNode> vectors() throws IOException {
        try (InputStream file = ValuesTest.class.getResourceAsStream("/modbus-vectors.json")) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(file).get("vectors").spliterator(), false)
                    .toList();
        }
    }

    @Test
    void theVectorsCoverEveryTypeAndOrder() throws IOException {
        Stream<String> seen = vectors().stream()
                .filter(v -> !v.get("type").asText().equals("bit"))
                .map(v -> v.get("type").asText()
                        + v.get("byteOrder").asText()
                        + v.get("wordOrder").asText())
                .distinct();
        assertThat(seen).hasSize((DataType.FLOAT64.ordinal() - DataType.BOOL.ordinal()) * 4);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesTheVector(JsonNode vector) {
        JsonNode registers = vector.get("registers");
        ByteBuffer wire = ByteBuffer.allocate(registers.size() * 2);
        registers.forEach(register -> wire.putShort((short) register.intValue()));
        Value expected = expected(vector);
        boolean finite = !(expected instanceof Value.Real real) || Double.isFinite(real.value());
        assertThat(Values.decode(point(vector, 100), wire, 100)).isEqualTo(finite ? expected : null);
    }

    /** The point that a vector describes. */
    static Point point(JsonNode vector, int address) {
        boolean bit = vector.get("type").asText().equals("bit");
        return new Point(
                0,
                "v" + address,
                null,
                1,
                Area.HOLDING,
                address,
                bit
                        ? DataType.BOOL
                        : DataType.valueOf(vector.get("type").asText().toUpperCase(Locale.ROOT)),
                0,
                bit ? vector.get("bit").intValue() : null,
                Order.valueOf(vector.get("byteOrder").asText().toUpperCase(Locale.ROOT)),
                Order.valueOf(vector.get("wordOrder").asText().toUpperCase(Locale.ROOT)),
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
    }

    /** A point of this type with nothing special about it. */
    private static Point point(DataType type, String scale, String offset) {
        return new Point(
                0,
                "t",
                null,
                1,
                Area.HOLDING,
                0,
                type,
                0,
                null,
                Order.BIG,
                Order.BIG,
                new BigDecimal(scale),
                new BigDecimal(offset),
                "",
                false);
    }

    private static Point string(int length, Order byteOrder, Order wordOrder) {
        return new Point(
                0,
                "s",
                null,
                1,
                Area.HOLDING,
                0,
                DataType.STRING,
                length,
                null,
                byteOrder,
                wordOrder,
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "BCD16, 0000, 0",
        "BCD16, 1234, 1234",
        "BCD16, 9999, 9999",
        "BCD32, 12345678, 12345678",
        "BCD32, 00000042, 42"
    })
    void decodesAndEncodesBinaryCodedDecimals(DataType type, String wire, long value) {
        Point point = point(type, "1", "0");
        assertThat(Values.decode(point, ByteBuffer.wrap(hex(wire)), 0)).isEqualTo(new Value.Whole(value));
        assertThat(Values.encode(point, new Value.Whole(value)).array()).isEqualTo(hex(wire));
    }

    @ParameterizedTest
    @CsvSource({
        "BCD16, 12AF, 0x12AF is not BCD",
        "BCD32, 0000000A, 0x0000000A is not BCD",
        "FLOAT32, 7F800000, Infinity is not finite"
    })
    void saysWhyBytesAreNoValue(DataType type, String wire, String flaw) {
        Point point = point(type, "1", "0");
        assertThat(Values.decode(point, ByteBuffer.wrap(hex(wire)), 0)).isNull();
        assertThat(Values.flaw(point, ByteBuffer.wrap(hex(wire)), 0)).isEqualTo(flaw);
    }

    @ParameterizedTest
    @CsvSource({
        "BIG, BIG, 50 55 4D 50 20 37 00 00",
        "LITTLE, BIG, 55 50 50 4D 37 20 00 00",
        "BIG, LITTLE, 00 00 20 37 4D 50 50 55",
        "LITTLE, LITTLE, 00 00 37 20 50 4D 55 50"
    })
    void decodesAndEncodesTextInEveryOrder(Order byteOrder, Order wordOrder, String wire) {
        Point point = string(8, byteOrder, wordOrder);
        assertThat(Values.decode(point, ByteBuffer.wrap(hex(wire)), 0)).isEqualTo(new Value.Text("PUMP 7"));
        assertThat(Values.encode(point, new Value.Text("PUMP 7")).array()).isEqualTo(hex(wire));
    }

    @Test
    void aTextEndsAtItsFirstNulAndLosesWhatFillsItUp() {
        assertThat(Values.decode(string(6, Order.BIG, Order.BIG), ByteBuffer.wrap(hex("41 42 20 00 43 44")), 0))
                .isEqualTo(new Value.Text("AB"));
        assertThat(Values.decode(string(3, Order.BIG, Order.BIG), ByteBuffer.wrap(hex("B0 43 21 21")), 0))
                .isEqualTo(new Value.Text("°C!"));
    }

    /** The vectors again, the other way round; what is no value cannot be written, and two registers of a bit are not the bit's. */
    @ParameterizedTest
    @MethodSource("vectors")
    void encodesTheVector(JsonNode vector) {
        Value value = expected(vector);
        boolean infinite = value instanceof Value.Real real && !Double.isFinite(real.value());
        if (infinite
                || value instanceof Value.Flag
                || vector.get("type").asText().equals("uint64") && value instanceof Value.Real) {
            return;
        }
        ByteBuffer wire = ByteBuffer.allocate(vector.get("registers").size() * 2);
        vector.get("registers").forEach(register -> wire.putShort((short) register.intValue()));
        assertThat(Values.encode(point(vector, 0), value).array()).isEqualTo(wire.array());
    }

    @ParameterizedTest
    @CsvSource({
        "INT16, 0.1, 0, 24.1, 00F1",
        "INT16, 0.1, 0, -24.1, FF0F",
        "UINT16, 0.001, 0, 65.535, FFFF",
        "INT16, -0.5, 32, 27.5, 0009",
        "INT32, 0.333333333333333333333, 0, 1, 00000003",
        "FLOAT32, 1, 0, 24.1, 41C0CCCD",
        "FLOAT64, 0.1, 0, 2.4125, 4038200000000000"
    })
    void encodesScaledValues(DataType type, String scale, String offset, double value, String wire) {
        assertThat(Values.encode(point(type, scale, offset), new Value.Real(value))
                        .array())
                .isEqualTo(hex(wire));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT16 | 0.1 | 0 | 24.15 | cannot hold 24.15, the nearest are 24.1 and 24.2",
                "INT16 | 1 | 0 | 32768 | cannot hold 32768.0, a int16 with this scale is -32768 to 32767",
                "UINT16 | 0.1 | -10 | -10.1 | cannot hold -10.1, a uint16 with this scale is -10.0 to 6543.5",
                "BCD16 | 1 | 0 | 10000 | cannot hold 10000.0, a bcd16 with this scale is 0 to 9999",
                "FLOAT32 | 1 | 0 | 1e300 | cannot hold 1.0E+300, it is beyond float32",
                "BOOL | 1 | 0 | 1 | must be true or false, got a number",
                "STRING | 1 | 0 | 1 | must be a text, got a number"
            })
    void refusesWhatAPointCannotHold(DataType type, String scale, String offset, double value, String why) {
        assertThatThrownBy(() -> Values.encode(point(type, scale, offset), new Value.Real(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void refusesAValueOfAnotherKind() {
        assertThatThrownBy(() -> Values.encode(point(DataType.INT16, "1", "0"), new Value.Text("7")))
                .hasMessage("must be a number, got a text");
        assertThatThrownBy(() -> Values.encode(point(DataType.INT16, "1", "0"), new Value.Flag(true)))
                .hasMessage("must be a number, got true or false");
        assertThatThrownBy(() -> Values.encode(string(2, Order.BIG, Order.BIG), new Value.Text("ABC")))
                .hasMessage("must have at most 2 characters, got 3");
        assertThatThrownBy(() -> Values.encode(string(2, Order.BIG, Order.BIG), new Value.Text("Ω")))
                .hasMessage("cannot hold 'Ω', its characters are those of ISO 8859-1");
    }

    /** The value that a vector demands. */
    static Value expected(JsonNode vector) {
        String value = vector.get("value").asText();
        String type = vector.get("type").asText();
        if (type.equals("bit")) {
            return new Value.Flag(Boolean.parseBoolean(value));
        }
        if (type.startsWith("float")) {
            return new Value.Real(Double.parseDouble(value));
        }
        BigDecimal whole = new BigDecimal(value);
        return whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? new Value.Real(whole.doubleValue())
                : new Value.Whole(whole.longValueExact());
    }

    @ParameterizedTest
    @CsvSource({
        "241, 0.1, 0, 24.1",
        "3, 0.1, 0, 0.3",
        "-241, 0.01, 0, -2.41",
        "7, 0.1, -0.3, 0.4",
        "65535, 0.001, 0, 65.535",
        "241, 1, 0.1, 241.1",
        "1234, 10, 0, 12340.0",
        "3, 0.333333333333333333333, 0, 1.0",
        "9, -0.5, 32, 27.5"
    })
    void scalesInDecimals(int raw, BigDecimal scale, BigDecimal offset, double expected) {
        ByteBuffer wire = ByteBuffer.allocate(4).putInt(raw);
        Point point = new Point(
                0,
                "t",
                null,
                1,
                Area.HOLDING,
                0,
                DataType.INT32,
                0,
                null,
                Order.BIG,
                Order.BIG,
                scale,
                offset,
                "Cel",
                false);
        assertThat(Values.decode(point, wire, 0)).isEqualTo(new Value.Real(expected));
    }

    @Test
    void scalesAFloat() {
        ByteBuffer wire = ByteBuffer.allocate(4).putFloat(24.125f);
        Point point = new Point(
                0,
                "t",
                null,
                1,
                Area.HOLDING,
                0,
                DataType.FLOAT32,
                0,
                null,
                Order.BIG,
                Order.BIG,
                new BigDecimal("0.1"),
                BigDecimal.ZERO,
                "",
                false);
        assertThat(Values.decode(point, wire, 0)).isEqualTo(new Value.Real(2.4125));
    }

    /** Modbus Application Protocol V1.1b3 §6.1: coils 20–38 answered as CD 6B 05. */
    @ParameterizedTest
    @CsvSource({
        "20, true",
        "21, false",
        "22, true",
        "27, true",
        "28, true",
        "35, false",
        "36, true",
        "38, true",
        "37, false"
    })
    void readsTheStandardsOwnCoils(int coil, boolean on) {
        ByteBuffer wire = ByteBuffer.wrap(new byte[] {(byte) 0xCD, 0x6B, 0x05});
        Point point = new Point(
                0,
                "c",
                null,
                1,
                Area.COIL,
                coil - 1,
                DataType.BOOL,
                0,
                null,
                Order.BIG,
                Order.BIG,
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
        assertThat(Values.decode(point, wire, 19)).isEqualTo(new Value.Flag(on));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "256, true"})
    void aBoolWithoutABitIsTrueForAnyValueButZero(int register, boolean on) {
        ByteBuffer wire = ByteBuffer.allocate(2).putShort((short) register);
        Point point = new Point(
                0,
                "b",
                null,
                1,
                Area.INPUT,
                5,
                DataType.BOOL,
                0,
                null,
                Order.BIG,
                Order.BIG,
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
        assertThat(Values.decode(point, wire, 5)).isEqualTo(new Value.Flag(on));
    }
}
