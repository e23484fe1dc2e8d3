package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
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
        assertThat(seen).hasSize((DataType.values().length - 1) * 4);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesTheVector(JsonNode vector) {
        JsonNode registers = vector.get("registers");
        ByteBuffer wire = ByteBuffer.allocate(registers.size() * 2);
        registers.forEach(register -> wire.putShort((short) register.intValue()));
        assertThat(Values.decode(point(vector, 100), wire, 100)).isEqualTo(expected(vector));
    }

    /** The point that a vector describes. */
    static Point point(JsonNode vector, int address) {
        boolean bit = vector.get("type").asText().equals("bit");
        return new Point(
                0,
                "v" + address,
                null,
                Area.HOLDING,
                address,
                bit
                        ? DataType.BOOL
                        : DataType.valueOf(vector.get("type").asText().toUpperCase(Locale.ROOT)),
                bit ? vector.get("bit").intValue() : null,
                Order.valueOf(vector.get("byteOrder").asText().toUpperCase(Locale.ROOT)),
                Order.valueOf(vector.get("wordOrder").asText().toUpperCase(Locale.ROOT)),
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
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
                0, "t", null, Area.HOLDING, 0, DataType.INT32, null, Order.BIG, Order.BIG, scale, offset, "Cel", false);
        assertThat(Values.decode(point, wire, 0)).isEqualTo(new Value.Real(expected));
    }

    @Test
    void scalesAFloat() {
        ByteBuffer wire = ByteBuffer.allocate(4).putFloat(24.125f);
        Point point = new Point(
                0,
                "t",
                null,
                Area.HOLDING,
                0,
                DataType.FLOAT32,
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
                Area.COIL,
                coil - 1,
                DataType.BOOL,
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
                Area.INPUT,
                5,
                DataType.BOOL,
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
