package io.streamforge.knx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.model.Value;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tuwien.auto.calimero.KNXException;
import tuwien.auto.calimero.dptxlator.DPTXlator;
import tuwien.auto.calimero.dptxlator.TranslatorTypes;

/** Values by the formats and ranges of KNX Standard 03_07_02 Datapoint Types v02.02.01, and by what Calimero's translators make of the same bytes. */
class DatapointTest {

    /** Both directions. */
    @ParameterizedTest
    @CsvSource({
        // §3.1, §3.2, §3.3: in the low bits of the service's byte
        "1.001, b00, false",
        "1.001, b01, true",
        "2.001, b03, 3",
        "3.007, b0b, 3",
        "3.007, b03, -3",
        "3.007, b00, 0",
        // §3.4
        "4.001, 41, 'A'",
        "4.002, e4, 'ä'",
        // §3.5: 0 to 100 % and 0 to 360° in 255 steps
        "5.001, 00, 0.0",
        "5.001, ff, 100.0",
        "5.001, 33, 20.0",
        "5.003, ff, 360.0",
        "5.003, 33, 72.0",
        "5.004, ff, 255",
        "5.010, ff, 255",
        // §3.6
        "6.001, 80, -128",
        "6.010, 7f, 127",
        // §3.8, §3.9
        "7.001, ffff, 65535",
        "7.003, 0064, 1.0",
        "8.001, 8000, -32768",
        "8.010, 8000, -327.68",
        "8.010, 7fff, 327.67",
        // §3.10: 0.01 × M × 2^E, and the ends of its range
        "9.001, 0000, 0.0",
        "9.001, 0c1a, 21.0",
        "9.001, 0cb5, 24.1",
        "9.001, 8a24, -30.0",
        "9.001, 87ff, -0.01",
        "9.004, 7ffe, 670433.28",
        "9.024, f800, -671088.64",
        // §3.13, §3.14
        "12.001, ffffffff, 4294967295",
        "13.001, 80000000, -2147483648",
        "13.002, 00002710, 1.0",
        // §3.15
        "14.056, 42f6e979, 123.45600128173828",
        "14.056, c1a40000, -20.5",
        // §3.17: the standard's own example
        "16.000, 4b4e58206973204f4b0000000000, 'KNX is OK'",
        "16.001, 4bfc68656e000000000000000000, 'Kühen'",
        // §3.18 and others
        "17.001, 3f, 63",
        "18.001, 81, 129",
        "20.102, 03, 3",
        "29.010, 8000000000000000, -9223372036854775808",
    })
    void holdsWhatTheStandardSays(String type, String bytes, String shown) {
        Datapoint datapoint = Datapoint.parse(type);
        Payload payload = payload(bytes);

        Value value = datapoint.decode(payload);

        assertThat(plain(value)).isEqualTo(shown);
        assertThat(datapoint.encode(value)).isEqualTo(payload);
    }

    @ParameterizedTest
    @CsvSource({
        "10.001, 2d223b, 'Mon 13:34:59'",
        "10.001, 0d223b, '13:34:59'",
        "11.001, 150b1a, '2026-11-21'",
        "11.001, 1f0c63, '1999-12-31'",
    })
    void readsTimeAndDate(String type, String bytes, String text) {
        assertThat(Datapoint.parse(type).decode(payload(bytes))).isEqualTo(new Value.Text(text));
    }

    /** §3.10: 7FFF stands for invalid data. */
    @ParameterizedTest
    @CsvSource({
        "9.001, 7fff, '0x7FFF, the device has no valid value'",
        "10.001, 1f0000, 'no time of day'",
        "11.001, 000000, 'no date'",
        "9.001, 0c, '1 byte in the telegram, DPT 9.001 has 2 bytes'",
        "9.001, b01, 'up to 6 bits in the telegram, DPT 9.001 has 2 bytes'",
        "1.001, 0101, '2 bytes in the telegram, DPT 1.001 has up to 6 bits'",
    })
    void saysWhatIsNoValue(String type, String bytes, String rule) {
        assertThatThrownBy(() -> Datapoint.parse(type).decode(payload(bytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "1.001, 1",
        "5.001, 100.3",
        "5.010, 256",
        "5.010, 1.5",
        "6.001, -129",
        "8.010, 400",
        "9.001, 670760.96",
        "9.001, -672000",
        "12.001, -1",
        "14.056, 1e39",
        "3.007, 8",
        "17.001, 64",
        "16.000, 5",
        "10.001, 5",
    })
    void refusesWhatATypeCannotHold(String type, double value) {
        assertThatThrownBy(() -> Datapoint.parse(type).encode(new Value.Real(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is DPT " + type);
    }

    @Test
    void refusesTextsThatATypeCannotHold() {
        assertThatThrownBy(() -> Datapoint.parse("16.000").encode(new Value.Text("Kühe")))
                .hasMessage("is DPT 16.000 and takes texts of up to 14 characters of ASCII");
        assertThatThrownBy(() -> Datapoint.parse("16.001").encode(new Value.Text("fifteen letters")))
                .hasMessage("is DPT 16.001 and takes texts of up to 14 characters of ISO 8859-1");
    }

    @Test
    void takesTheNearestStepOfAScale() {
        Datapoint percent = Datapoint.parse("5.001");

        Value held = percent.decode(percent.encode(new Value.Whole(50)));

        assertThat(held).isEqualTo(new Value.Real(128 * 100 / 255d));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "15.000", "9.1", "1.0001", "99"})
    void refusesWhatIsNoType(String name) {
        assertThatThrownBy(() -> Datapoint.parse(name)).hasMessageContaining("got '" + name + "'");
    }

    @Test
    void takesAMainNumberByItself() {
        assertThat(Datapoint.parse("9").decode(payload("0c1a"))).isEqualTo(new Value.Real(21));
        assertThat(Datapoint.parse("9").unit()).isEmpty();
        assertThat(Datapoint.parse("9.001").unit()).isEqualTo("Cel");
    }

    /** Calimero reads the same number from the same bytes, and we take the bytes that it writes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.001", "5.003", "5.004", "5.010", "6.010", "7.001", "7.003", "8.001", "8.010", "9.001", "9.004",
                "12.001", "13.001", "14.056", "17.001", "29.010"
            })
    void agreesWithCalimero(String type) throws KNXException {
        Datapoint datapoint = Datapoint.parse(type);
        DPTXlator other = TranslatorTypes.createTranslator(0, type);
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[other.getTypeSize()];
            random.nextBytes(bytes);
            if (type.equals("17.001")) {
                bytes[0] &= 0x3F;
            }
            Value value;
            try {
                value = datapoint.decode(Payload.ofBytes(bytes));
            } catch (IllegalArgumentException e) {
                continue;
            }
            double number = Double.parseDouble(plain(value));
            if (!Double.isFinite(number)) {
                continue;
            }
            other.setData(bytes);
            double theirs = other.getNumericValue();
            // Calimero rounds percent and angle to whole numbers, periods of time to whole milliseconds.
            double step = type.startsWith("5.00") ? 1 : Math.abs(number) * 1e-6 + 1e-9;
            assertThat(type.equals("7.003") ? theirs / 1000 : theirs)
                    .as(HexFormat.of().formatHex(bytes))
                    .isCloseTo(number, within(step));
        }
    }

    @ParameterizedTest
    @CsvSource({"1.001, on, true", "1.001, off, false", "16.001, Grüße, Grüße", "16.000, Hello, Hello"})
    void takesWhatCalimeroWrites(String type, String theirs, String ours) throws KNXException {
        DPTXlator other = TranslatorTypes.createTranslator(0, type);
        other.setValue(theirs);

        Payload payload = type.startsWith("1.") ? Payload.ofBits(other.getData()[0]) : Payload.ofBytes(other.getData());

        assertThat(plain(Datapoint.parse(type).decode(payload))).isEqualTo(ours);
    }

    /** A leading b marks up to six bits. */
    private static Payload payload(String bytes) {
        return bytes.startsWith("b")
                ? Payload.ofBits(Integer.parseInt(bytes.substring(1), 16))
                : Payload.ofBytes(HexFormat.of().parseHex(bytes));
    }

    private static String plain(Value value) {
        if (value instanceof Value.Flag flag) {
            return String.valueOf(flag.value());
        } else if (value instanceof Value.Whole whole) {
            return String.valueOf(whole.value());
        } else if (value instanceof Value.Real real) {
            return String.valueOf(real.value());
        }
        return ((Value.Text) value).value();
    }
}
