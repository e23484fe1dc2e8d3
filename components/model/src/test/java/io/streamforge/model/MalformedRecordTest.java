package io.streamforge.model;

import static io.streamforge.model.Examples.AGGREGATE_BYTES;
import static io.streamforge.model.Examples.DEAD_LETTER_BYTES;
import static io.streamforge.model.Examples.LEDGER_BYTES;
import static io.streamforge.model.Examples.READING_BYTES;
import static io.streamforge.model.Examples.READING_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.UndecodableException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedRecordTest {

    private static final int FOREIGN_ID = 70;

    /** The reading's layout behind two more fields, so that it is read through Avro; arrays and maps are what Avro trusts most. */
    private static final Schema FOREIGN = new Schema.Parser()
            .parse(Schemas.READING
                    .toString()
                    .replaceFirst(
                            "\"fields\":\\[",
                            "\"fields\":[{\"name\":\"tags\",\"type\":{\"type\":\"map\",\"values\":\"string\"}},"
                                    + "{\"name\":\"nulls\",\"type\":{\"type\":\"array\",\"items\":\"null\"}},"));

    private final Decoder decoder = new Decoder(Examples.registry().with(FOREIGN_ID, FOREIGN));
    private final ReadingView view = new ReadingView(READING_ID);

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    BAD_FRAME | A record must begin with 0x00 and a 4-byte schema id, got 3 bytes. | 00 00 00
                    BAD_FRAME | A record must begin with 0x00 and a 4-byte schema id, got 0x7B as its first byte. | 7b 22 61 22 7d
                    TRUNCATED | The record ends inside its field 'value', at byte 5. | 00 00 00 00 07
                    TRUNCATED | The record ends inside its field 'value', at byte 8. | 00 00 00 00 07 02 9a 99
                    TRUNCATED | The record ends inside its field 'asset_id', at byte 10. | 00 00 00 00 07 00 00 06 61 62
                    TRUNCATED | The record ends inside its field 'asset_id', at byte 12. | 00 00 00 00 07 00 00 fe ff ff ff 0f
                    MALFORMED | Field 'value', before byte 6: an index must lie between 0 and 4, got byte 0x0A. | 00 00 00 00 07 0a 00 00
                    MALFORMED | Field 'value', before byte 7: a boolean must be 0 or 1, got 2. | 00 00 00 00 07 06 02
                    MALFORMED | Field 'quality', before byte 7: an index must lie between 0 and 3, got byte 0x01. | 00 00 00 00 07 00 01
                    MALFORMED | Field 'asset_id', before byte 8: a length must not be negative, got -1. | 00 00 00 00 07 00 00 01
                    MALFORMED | Field 'asset_id', before byte 17: a number must end within 10 bytes. | 00 00 00 00 07 00 00 ff ff ff ff ff ff ff ff ff ff
                    """)
    void saysWhatIsWrong(String code, String message, String hex) {
        assertThatThrownBy(() -> view.wrap(Examples.hex(hex)))
                .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.reasonCode())
                        .isEqualTo(code))
                .hasMessage(message);
    }

    @Test
    void refusesBytesAfterTheLastField() {
        byte[] longer = Arrays.copyOf(READING_BYTES, READING_BYTES.length + 2);
        assertThatThrownBy(() -> view.wrap(longer))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRAILING_BYTES))
                .hasMessage("The record must end at byte %d, got 2 more bytes.".formatted(READING_BYTES.length));
    }

    @Test
    void everyPrefixIsTruncated() {
        for (int length = Frame.LENGTH; length < READING_BYTES.length; length++) {
            byte[] prefix = Arrays.copyOf(READING_BYTES, length);
            assertThatThrownBy(() -> view.wrap(prefix))
                    .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.reason())
                            .isEqualTo(Reason.TRUNCATED));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00 00 00 00 46 fe ff ff ff 0f", // 2 billion map entries
        "00 00 00 00 46 02 fe ff ff ff 0f", // a key of 2 GB
        "00 00 00 00 46 00 fe ff ff ff ff ff ff ff ff 01", // 2^63-1 nulls
        "00 00 00 00 46 00 ff ff ff ff ff ff ff ff ff 01", // -2^63 nulls
    })
    void believesNoCountThatTheBytesCannotHold(String hex) {
        assertThatThrownBy(() -> decoder.reading(Examples.hex(hex))).isInstanceOf(UndecodableException.class);
    }

    @Test
    void refusesEndlessNesting() {
        Schema list = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"Link\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Link\"]}]}");
        Decoder nested = new Decoder(new Registry().with(1, list));
        byte[] framed = new byte[100_000];
        Arrays.fill(framed, (byte) 2);
        Frame.write(framed, 1);
        assertThatThrownBy(() -> nested.reading(framed))
                .isInstanceOf(UndecodableException.class)
                .hasMessageEndingWith("records must not be nested deeper than 64.");
    }

    @Test
    void randomDamageIsReadOrRefusedButNeverAnythingElse() {
        byte[] foreign = foreign();
        Random random = new Random(20261120);
        int refused = 0;
        for (int i = 0; i < 40_000; i++) {
            refused += survives(damaged(READING_BYTES, random), bytes -> {
                if (!view.wrap(bytes)) {
                    view.wrapResolved(decoder, bytes);
                }
                view.toReading();
                view.withQuality(Quality.SUSPECT, "range", 1L);
            });
        }
        for (int i = 0; i < 10_000; i++) {
            refused += survives(damaged(AGGREGATE_BYTES, random), decoder::aggregate);
            refused += survives(damaged(DEAD_LETTER_BYTES, random), decoder::deadLetter);
            refused += survives(damaged(LEDGER_BYTES, random), decoder::ledger);
            refused += survives(damaged(foreign, random), bytes -> {
                view.wrapResolved(decoder, bytes);
                view.toReading();
                view.withQuality(Quality.SUSPECT, "range", 1L);
            });
        }
        assertThat(refused).isGreaterThan(20_000);
    }

    private static int survives(byte[] bytes, Consumer<byte[]> reader) {
        try {
            reader.accept(bytes);
            return 0;
        } catch (UndecodableException e) {
            assertThat(e.getMessage()).endsWith(".");
            return 1;
        } catch (SchemaRegistry.RegistryUnavailableException e) {
            return 0;
        }
    }

    private static byte[] foreign() {
        byte[] prefix = Examples.hex("00 00 00 00 46 02 02 61 02 62 00 02 00");
        byte[] framed = Arrays.copyOf(prefix, prefix.length + READING_BYTES.length - Frame.LENGTH);
        System.arraycopy(READING_BYTES, Frame.LENGTH, framed, prefix.length, READING_BYTES.length - Frame.LENGTH);
        return framed;
    }

    /** One to three of: a byte changed, a bit flipped, an end cut, a stretch cut out, bytes put in. Mostly behind the frame. */
    private static byte[] damaged(byte[] record, Random random) {
        byte[] bytes = record.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > Frame.LENGTH; n--) {
            int start = random.nextInt(20) == 0 ? 0 : Frame.LENGTH;
            int at = start + random.nextInt(bytes.length - start);
            switch (random.nextInt(5)) {
                case 0 ->
                    bytes[at] = List.of((byte) 0, (byte) 1, (byte) 0x7F, (byte) 0x80, (byte) 0xFF)
                            .get(random.nextInt(5));
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> {
                    byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
                    System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
                    bytes = shorter;
                }
                case 4 -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    longer[at] = (byte) random.nextInt();
                    bytes = longer;
                }
                default -> throw new IllegalStateException();
            }
        }
        return bytes;
    }
}
