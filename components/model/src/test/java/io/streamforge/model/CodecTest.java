package io.streamforge.model;

import static io.streamforge.model.Examples.AGGREGATE;
import static io.streamforge.model.Examples.AGGREGATE_BYTES;
import static io.streamforge.model.Examples.AGGREGATE_ID;
import static io.streamforge.model.Examples.ALARM;
import static io.streamforge.model.Examples.ALARM_BYTES;
import static io.streamforge.model.Examples.ALARM_ID;
import static io.streamforge.model.Examples.DEAD_LETTER;
import static io.streamforge.model.Examples.DEAD_LETTER_BYTES;
import static io.streamforge.model.Examples.DEAD_LETTER_ID;
import static io.streamforge.model.Examples.LEDGER;
import static io.streamforge.model.Examples.LEDGER_BYTES;
import static io.streamforge.model.Examples.LEDGER_ID;
import static io.streamforge.model.Examples.READING;
import static io.streamforge.model.Examples.READING_BYTES;
import static io.streamforge.model.Examples.READING_ID;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

    private final Decoder decoder = new Decoder(Examples.registry());

    @Test
    void writesAndReadsGoldenReading() {
        assertThat(new ReadingCodec(READING_ID).encode(READING)).isEqualTo(READING_BYTES);
        assertThat(decoder.reading(READING_BYTES)).isEqualTo(READING);
    }

    @Test
    void aSampleBecomesAReadingThatStatesItsClockSkew() {
        assertThat(skew(Instant.parse("2026-11-20T12:00:00.0001Z"))).isEqualTo(-250);
        assertThat(skew(Instant.parse("2026-11-20T11:59:50Z"))).isEqualTo(9_749);
        assertThat(skew(null)).isNull();
        assertThat(skew(Instant.EPOCH.plus(Long.MIN_VALUE + 1_000_000, ChronoUnit.MICROS)))
                .isEqualTo(Long.MAX_VALUE / 1_000);
    }

    private @Nullable Long skew(@Nullable Instant deviceTime) {
        Sample sample = new Sample(
                null,
                "temperature",
                new Value.Real(24.1),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                deviceTime,
                Instant.parse("2026-11-20T11:59:59.749999Z"));
        return decoder.reading(new ReadingCodec(READING_ID).encode(sample, "press-07", READING.origin(), 1))
                .clockSkewMs();
    }

    @Test
    void writesAndReadsGoldenAggregate() {
        assertThat(new AggregateCodec(AGGREGATE_ID).encode(AGGREGATE)).isEqualTo(AGGREGATE_BYTES);
        assertThat(decoder.aggregate(AGGREGATE_BYTES)).isEqualTo(AGGREGATE);
    }

    @Test
    void writesAndReadsAggregateOfWindowWithoutValues() {
        Aggregate empty = new Aggregate(
                "press-07",
                "temperature",
                "Cel",
                AGGREGATE.resolution(),
                AGGREGATE.windowStart(),
                AGGREGATE.windowEnd(),
                null,
                new Aggregate.QualitySummary(0, 0, 3, 0),
                1,
                AGGREGATE.origin(),
                3,
                new Aggregate.States(null, 0, 17, false, List.of()));
        assertThat(decoder.aggregate(new AggregateCodec(AGGREGATE_ID).encode(empty)))
                .isEqualTo(empty);
    }

    @Test
    void writesAndReadsGoldenDeadLetter() {
        assertThat(new DeadLetterCodec(DEAD_LETTER_ID).encode(DEAD_LETTER)).isEqualTo(DEAD_LETTER_BYTES);
        assertThat(decoder.deadLetter(DEAD_LETTER_BYTES)).isEqualTo(DEAD_LETTER);
    }

    @Test
    void writesAndReadsGoldenLedgerEntry() {
        assertThat(new LedgerCodec(LEDGER_ID).encode(LEDGER)).isEqualTo(LEDGER_BYTES);
        assertThat(decoder.ledger(LEDGER_BYTES)).isEqualTo(LEDGER);
    }

    @Test
    void ledgerKindsStandInTheSchemasOrder() {
        assertThat(Stream.of(Ledger.Kind.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Schemas.LEDGER.getField("kind").schema().getEnumSymbols());
    }

    @Test
    void writesAndReadsGoldenAlarm() {
        assertThat(new AlarmCodec(ALARM_ID).encode(ALARM)).isEqualTo(ALARM_BYTES);
        assertThat(decoder.alarm(ALARM_BYTES)).isEqualTo(ALARM);
    }

    @Test
    void writesAndReadsAnAlarmThatNobodyTouchedYet() {
        for (Value value : new Value[] {null, new Value.Flag(true), new Value.Text("AUTO")}) {
            Alarm active = new Alarm(
                    "a",
                    "o",
                    "press-07",
                    "STATE",
                    Alarm.Severity.CRITICAL,
                    Alarm.State.ACTIVE,
                    false,
                    null,
                    null,
                    ALARM.raisedAt(),
                    null,
                    null,
                    null,
                    value,
                    null,
                    "",
                    "m",
                    "r",
                    ALARM.origin());
            assertThat(decoder.alarm(new AlarmCodec(ALARM_ID).encode(active))).isEqualTo(active);
        }
    }

    @Test
    void alarmEnumsStandInTheSchemasOrder() {
        assertThat(Stream.of(Alarm.Severity.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Schemas.ALARM.getField("severity").schema().getEnumSymbols());
        assertThat(Stream.of(Alarm.State.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Schemas.ALARM.getField("state").schema().getEnumSymbols());
    }

    static Stream<GoldenRecord> goldenRecords() {
        return Stream.of(
                new GoldenRecord(Schemas.READING, READING_BYTES),
                new GoldenRecord(Schemas.AGGREGATE, AGGREGATE_BYTES),
                new GoldenRecord(Schemas.DEAD_LETTER, DEAD_LETTER_BYTES),
                new GoldenRecord(Schemas.LEDGER, LEDGER_BYTES),
                new GoldenRecord(Schemas.ALARM, ALARM_BYTES));
    }

    @ParameterizedTest
    @MethodSource("goldenRecords")
    void avroReadsAndWritesTheSameBytes(GoldenRecord golden) throws IOException {
        GenericRecord record = avroRead(golden.schema, golden.bytes);
        assertThat(avroWrite(golden.schema, record)).isEqualTo(body(golden.bytes));
    }

    @Test
    void bothPathsAgreeOnRandomReadings() throws IOException {
        Random random = new Random(4711);
        ReadingCodec codec = new ReadingCodec(READING_ID);
        for (int i = 0; i < 2_000; i++) {
            Reading reading = randomReading(random);
            byte[] framed = codec.encode(reading);
            GenericRecord avro = avroRead(Schemas.READING, framed);
            assertThat(avroWrite(Schemas.READING, avro)).isEqualTo(body(framed));
            assertSame(reading, avro);
            assertThat(decoder.reading(framed)).isEqualTo(reading);
        }
    }

    @Test
    void sampleBecomesReadingWithItsSourceOfTime() {
        Instant gatewayTime = Instant.parse("2025-11-21T10:00:00.5Z");
        Instant deviceTime = Instant.parse("2025-11-21T10:00:00Z");
        Sample sample = new Sample(
                null,
                "mode",
                new Value.Text("AUTO"),
                "",
                Classification.EVENT,
                Quality.UNCERTAIN,
                "0x40 clock",
                deviceTime,
                gatewayTime);
        byte[] framed = new ReadingCodec(READING_ID).encode(sample, "press-07", READING.origin(), 12);
        assertThat(decoder.reading(framed))
                .isEqualTo(new Reading(
                        new Value.Text("AUTO"),
                        Quality.UNCERTAIN,
                        "press-07",
                        "mode",
                        "",
                        Classification.EVENT,
                        deviceTime,
                        gatewayTime,
                        TimeSource.DEVICE,
                        500L,
                        "0x40 clock",
                        12,
                        READING.origin()));
    }

    @Test
    void sampleWithoutDeviceClockHasGatewayTime() {
        Sample sample = new Sample(
                null,
                "temperature",
                new Value.Real(24.1),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                null,
                READING.gatewayTime());
        assertThat(new ReadingCodec(READING_ID).encode(sample, "press-07", READING.origin(), 41))
                .isEqualTo(READING_BYTES);
    }

    @Test
    void frameTellsTheSchemaIdOfWhateverHasOne() {
        assertThat(Frame.schemaIdOrNull(READING_BYTES)).isEqualTo(READING_ID);
        assertThat(Frame.schemaIdOrNull(new byte[] {0, 0x12, 0x34, 0x56, 0x78})).isEqualTo(0x12345678);
        assertThat(Frame.schemaIdOrNull(new byte[] {0, 0, 0, 1})).isNull();
        assertThat(Frame.schemaIdOrNull("{\"value\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isNull();
    }

    static Reading randomReading(Random random) {
        Value[] values = {
            null,
            new Value.Real(Double.longBitsToDouble(random.nextLong())),
            new Value.Whole(random.nextLong() >> random.nextInt(64)),
            new Value.Flag(random.nextBoolean()),
            new Value.Text(randomText(random))
        };
        Instant deviceTime = random.nextBoolean() ? randomInstant(random) : null;
        return new Reading(
                values[random.nextInt(values.length)],
                Quality.values()[random.nextInt(4)],
                randomText(random),
                randomText(random),
                randomText(random),
                Classification.values()[random.nextInt(3)],
                deviceTime,
                randomInstant(random),
                deviceTime == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                random.nextBoolean() ? random.nextLong() >> random.nextInt(64) : null,
                random.nextBoolean() ? randomText(random) : null,
                random.nextLong() >>> 1 + random.nextInt(63),
                new Origin(
                        randomText(random),
                        randomText(random),
                        randomText(random),
                        random.nextInt(),
                        random.nextInt(1_000)));
    }

    private static Instant randomInstant(Random random) {
        return Micros.toInstant(random.nextLong() >> random.nextInt(64));
    }

    private static String randomText(Random random) {
        int length = random.nextInt(10) == 0 ? 200 : random.nextInt(20);
        return random.ints(length, 0, 4)
                .mapToObj(i -> new String[] {"a", "ü", "°", "😀"}[i])
                .collect(java.util.stream.Collectors.joining());
    }

    private static void assertSame(Reading reading, GenericRecord avro) {
        assertThat(avro.get("quality")).hasToString(reading.quality().name());
        assertThat(avro.get("asset_id")).hasToString(reading.assetId());
        assertThat(avro.get("parameter")).hasToString(reading.parameter());
        assertThat(avro.get("unit")).hasToString(reading.unit());
        assertThat(avro.get("classification"))
                .hasToString(reading.classification().name());
        assertThat(avro.get("clock_skew_ms")).isEqualTo(reading.clockSkewMs());
        assertThat(avro.get("sequence")).isEqualTo(reading.sequence());
        GenericRecord times = (GenericRecord) avro.get("timestamps");
        assertThat(times.get("device_time"))
                .isEqualTo(reading.deviceTime() == null ? null : Micros.of(reading.deviceTime()));
        assertThat(times.get("gateway_time")).isEqualTo(Micros.of(reading.gatewayTime()));
        assertThat(times.get("time_source")).hasToString(reading.timeSource().name());
    }

    private static GenericRecord avroRead(Schema schema, byte[] framed) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(body(framed), null));
    }

    static byte[] avroWrite(Schema schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema, GenericData.get()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static byte[] body(byte[] framed) {
        return Arrays.copyOfRange(framed, Frame.LENGTH, framed.length);
    }

    /** A schema and a framed record of it. */
    static final class GoldenRecord {
        private final Schema schema;
        private final byte[] bytes;

        GoldenRecord(Schema schema, byte[] bytes) {
            this.schema = schema;
            this.bytes = bytes;
        }

        @Override
        public String toString() {
            return schema.getName();
        }
    }
}
