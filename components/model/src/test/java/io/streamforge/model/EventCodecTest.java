package io.streamforge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.UndecodableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

/** Bytes computed outside Java from "Apache Avro 1.12 Specification, Binary Encoding". */
class EventCodecTest {

    private static final int ID = 12;
    private static final Instant AT = Instant.parse("2025-11-21T00:00:00.123456Z");

    private static final Event COIL = new Event(
            "press-07/running/1",
            "press-07",
            "running",
            new Value.Flag(false),
            new Value.Flag(true),
            null,
            AT,
            TimeSource.GATEWAY,
            Quality.GOOD,
            new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3));

    private static final byte[] COIL_BYTES = Examples.hex("""
            00 00 00 00 0c
            24 70 72 65 73 73 2d 30 37 2f 72 75 6e 6e 69 6e 67 2f 31
            10 70 72 65 73 73 2d 30 37
            0e 72 75 6e 6e 69 6e 67
            08 00
            08 01
            00
            80 89 9e ea ef 83 a2 06
            02
            00
            08 67 77 2d 31 10 70 72 65 73 73 2d 30 37 26 6d 6f 64 62 75 73 2d 74 63 70 2d 73 6f 75 72 63 65 40 31 0e 06
            00 00
            """);

    private static final Event MODE = new Event(
            "e-2",
            "a",
            "mode",
            new Value.Text("AUTO"),
            new Value.Real(24.1),
            AT,
            AT,
            TimeSource.DEVICE,
            Quality.UNCERTAIN,
            new Origin("gw-1", "a", "m@1", -1, 0),
            null,
            "approved by anna");

    private static final byte[] MODE_BYTES = Examples.hex("""
            00 00 00 00 0c
            06 65 2d 32
            02 61
            08 6d 6f 64 65
            02 08 41 55 54 4f
            04 9a 99 99 99 99 19 38 40
            02 80 89 9e ea ef 83 a2 06
            80 89 9e ea ef 83 a2 06
            00
            04
            08 67 77 2d 31 02 61 06 6d 40 31 01 00
            00
            02 20 61 70 70 72 6f 76 65 64 20 62 79 20 61 6e 6e 61
            """);

    private static final Event ALARM = new Event(
            "9f01",
            "press-07",
            "Temperature/High",
            new Value.Text("NORMAL"),
            new Value.Text("UNACKNOWLEDGED"),
            AT,
            AT,
            TimeSource.DEVICE,
            Quality.GOOD,
            new Origin("gw-1", "press-07", "opcua-source@1", 7, 3),
            new Condition("ns=2;i=7", null, 800, "too hot", true, false, null, true, "seen", null),
            null);

    private static final byte[] ALARM_BYTES = Examples.hex("""
            00 00 00 00 0c
            08 39 66 30 31
            10 70 72 65 73 73 2d 30 37
            20 54 65 6d 70 65 72 61 74 75 72 65 2f 48 69 67 68
            02 0c 4e 4f 52 4d 41 4c
            02 1c 55 4e 41 43 4b 4e 4f 57 4c 45 44 47 45 44
            02 80 89 9e ea ef 83 a2 06
            80 89 9e ea ef 83 a2 06
            00
            00
            08 67 77 2d 31 10 70 72 65 73 73 2d 30 37 1c 6f 70 63 75 61 2d 73 6f 75 72 63 65 40 31 0e 06
            02 10 6e 73 3d 32 3b 69 3d 37 00 c0 0c 0e 74 6f 6f 20 68 6f 74 02 01 02 00 00 01 02 08 73 65 65 6e 00
            00
            """);

    private final Decoder decoder = new Decoder(new Registry().with(ID, Schemas.EVENT));
    private final EventCodec codec = new EventCodec(ID);

    @Test
    void writesAndReadsGoldenEvents() {
        assertThat(codec.encode(COIL)).isEqualTo(COIL_BYTES);
        assertThat(decoder.event(COIL_BYTES)).isEqualTo(COIL);
        assertThat(codec.encode(MODE)).isEqualTo(MODE_BYTES);
        assertThat(decoder.event(MODE_BYTES)).isEqualTo(MODE);
        assertThat(codec.encode(ALARM)).isEqualTo(ALARM_BYTES);
        assertThat(decoder.event(ALARM_BYTES)).isEqualTo(ALARM);
    }

    @Test
    void avroReadsAndWritesTheSameBytes() throws IOException {
        for (byte[] golden : List.of(COIL_BYTES, MODE_BYTES, ALARM_BYTES)) {
            byte[] body = Arrays.copyOfRange(golden, Frame.LENGTH, golden.length);
            GenericRecord record = new GenericDatumReader<GenericRecord>(Schemas.EVENT)
                    .read(null, DecoderFactory.get().binaryDecoder(body, null));
            assertThat(CodecTest.avroWrite(Schemas.EVENT, record)).isEqualTo(body);
        }
    }

    @Test
    void everyStateThatTheSchemaKnowsComesBack() {
        for (Value state : Arrays.asList(
                null,
                new Value.Text("ü"),
                new Value.Real(-0.5),
                new Value.Whole(Long.MIN_VALUE),
                new Value.Flag(true))) {
            Event event =
                    new Event("e", "a", "t", state, state, null, AT, TimeSource.GATEWAY, Quality.BAD, COIL.origin());
            assertThat(decoder.event(codec.encode(event))).isEqualTo(event);
        }
    }

    @Test
    void aLaterVersionsEventIsReadWithoutItsNewField() throws IOException {
        Schema later = new Schema.Parser()
                .parse(
                        Schemas.EVENT
                                .toString()
                                .replaceFirst(
                                        "\"fields\":\\[",
                                        "\"fields\":[{\"name\":\"operator\",\"type\":[\"null\",\"string\"],\"default\":null},"));
        Decoder older = new Decoder(new Registry().with(13, later));
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.write(new byte[] {0, 0, 0, 0, 13});
        framed.write(Examples.hex("02 06 6a 69 6d"));
        framed.write(COIL_BYTES, Frame.LENGTH, COIL_BYTES.length - Frame.LENGTH);
        assertThat(older.event(framed.toByteArray())).isEqualTo(COIL);
    }

    @Test
    void anEventFromBeforeConditionsIsReadWithoutOne() {
        String now = Schemas.EVENT.toString();
        Schema earlier = new Schema.Parser().parse(now.substring(0, now.indexOf(",{\"name\":\"condition\"")) + "]}");
        Decoder later = new Decoder(new Registry().with(11, earlier));
        byte[] written = Arrays.copyOf(COIL_BYTES, COIL_BYTES.length - 2);
        written[4] = 11;
        assertThat(later.event(written)).isEqualTo(COIL);
    }

    @Test
    void anEventFromBeforeReasonsIsReadWithoutOne() {
        String now = Schemas.EVENT.toString();
        Schema earlier =
                new Schema.Parser().parse(now.substring(0, now.indexOf(",{\"name\":\"quality_reason\"")) + "]}");
        Decoder later = new Decoder(new Registry().with(11, earlier));
        byte[] written = Arrays.copyOf(ALARM_BYTES, ALARM_BYTES.length - 1);
        written[4] = 11;
        assertThat(later.event(written)).isEqualTo(ALARM);
    }

    @Test
    void everyPrefixIsTruncatedAndMoreIsTrailing() {
        for (int length = Frame.LENGTH; length < ALARM_BYTES.length; length++) {
            assertReason(Arrays.copyOf(ALARM_BYTES, length), Reason.TRUNCATED);
        }
        assertReason(Arrays.copyOf(ALARM_BYTES, ALARM_BYTES.length + 1), Reason.TRAILING_BYTES);
    }

    private void assertReason(byte[] framed, Reason reason) {
        assertThatThrownBy(() -> decoder.event(framed))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
