package io.streamforge.model;

import static io.streamforge.model.Examples.AGGREGATE;
import static io.streamforge.model.Examples.AGGREGATE_BYTES;
import static io.streamforge.model.Examples.AGGREGATE_ID;
import static io.streamforge.model.Examples.READING;
import static io.streamforge.model.Examples.READING_BYTES;
import static io.streamforge.model.Examples.READING_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.UndecodableException.Reason;
import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class SchemaEvolutionTest {

    private static final int NEWER_ID = 70;
    private static final int OLDER_ID = 60;

    /** A later version: one more optional field, put first so that every offset moves. */
    private static final Schema NEWER = parse(Schemas.READING
            .toString()
            .replaceFirst(
                    "\"fields\":\\[",
                    "\"fields\":[{\"name\":\"batch_no\",\"type\":[\"null\",\"string\"],\"default\":null},"));

    /** An earlier version: without the two fields that have a default. */
    private static final Schema OLDER = parse(Schemas.READING
            .toString()
            .replaceFirst("\\{\"name\":\"clock_skew_ms\"[^}]*},", "")
            .replaceFirst("\\{\"name\":\"quality_reason\"[^}]*},", ""));

    /** Of the time when sources stated nothing but failed polls. */
    private static final Schema LEDGER_WITHOUT_REASON = parse(Schemas.LEDGER
            .toString()
            .replaceFirst(",\\{\"name\":\"reason\".*?\\}", "")
            .replace(",\"POLL_SKIPPED\",\"LOST\",\"UNMAPPED\",\"TURNED_AWAY\"", ""));

    /** Of the time when sinks stated nothing: without the topic that was delivered, and its partition. */
    private static final Schema OLDER_LEDGER = parse(LEDGER_WITHOUT_REASON
            .toString()
            .replaceFirst(",\\{\"name\":\"topic\".*?\\}", "")
            .replaceFirst(",\\{\"name\":\"partition\".*?\\}", ""));

    private static final int OLDER_LEDGER_ID = 61;
    private static final int LEDGER_WITHOUT_REASON_ID = 62;

    private final Registry registry = Examples.registry()
            .with(NEWER_ID, NEWER)
            .with(OLDER_ID, OLDER)
            .with(OLDER_LEDGER_ID, OLDER_LEDGER)
            .with(LEDGER_WITHOUT_REASON_ID, LEDGER_WITHOUT_REASON);
    private final Decoder decoder = new Decoder(registry);
    private final ReadingView view = new ReadingView(READING_ID);

    @Test
    void readsNewerRecordAsItsOwn() throws IOException {
        assertThat(decoder.reading(newer())).isEqualTo(READING);
    }

    @Test
    void newVerdictKeepsTheNewerWritersIdAndUnknownField() throws IOException {
        byte[] framed = newer();
        assertThat(view.wrap(framed)).isFalse();
        view.wrapResolved(decoder, framed);
        assertThat(view.doubleValue()).isEqualTo(24.1);

        byte[] patched = view.withQuality(Quality.SUSPECT, "range: warn", -250L);

        assertThat(Frame.schemaIdOrNull(patched)).isEqualTo(NEWER_ID);
        GenericRecord record = new GenericDatumReader<GenericRecord>(NEWER)
                .read(
                        null,
                        DecoderFactory.get().binaryDecoder(patched, Frame.LENGTH, patched.length - Frame.LENGTH, null));
        assertThat(record.get("batch_no")).hasToString("B-12");
        assertThat(record.get("quality")).hasToString("SUSPECT");
        assertThat(record.get("quality_reason")).hasToString("range: warn");
        assertThat(record.get("clock_skew_ms")).isEqualTo(-250L);
        assertThat(record.get("asset_id")).hasToString("press-07");
        view.wrapResolved(decoder, patched);
        assertThat(view.withQuality(Quality.GOOD, null, null)).isEqualTo(framed);
    }

    @Test
    void olderLedgerEntryGetsTheDefaults() {
        byte[] older = Arrays.copyOf(Examples.LEDGER_BYTES, Examples.LEDGER_BYTES.length - 3);
        older[Frame.LENGTH - 1] = OLDER_LEDGER_ID;
        assertThat(decoder.ledger(older)).isEqualTo(Examples.LEDGER);
        byte[] withoutReason = Arrays.copyOf(Examples.LEDGER_BYTES, Examples.LEDGER_BYTES.length - 1);
        withoutReason[Frame.LENGTH - 1] = LEDGER_WITHOUT_REASON_ID;
        assertThat(decoder.ledger(withoutReason)).isEqualTo(Examples.LEDGER);
    }

    @Test
    void olderRecordGetsTheDefaults() throws IOException {
        assertThat(decoder.reading(older())).isEqualTo(READING);
    }

    @Test
    void newVerdictOnAnOlderRecordIsWrittenAsThisVersionDoes() throws IOException {
        view.wrapResolved(decoder, older());
        assertThat(view.withQuality(Quality.SUSPECT, "range: warn", -250L)).isEqualTo(Examples.SUSPECT_BYTES);
    }

    @Test
    void sameLayoutUnderAnotherIdIsReadInPlace() {
        registry.with(71, Schemas.READING);
        byte[] framed = READING_BYTES.clone();
        Frame.write(framed, 71);
        assertThat(view.wrap(framed)).isFalse();
        view.wrapResolved(decoder, framed);
        assertThat(view.bytes()).isSameAs(framed);
        assertThat(view.toReading()).isEqualTo(READING);
    }

    @Test
    void aggregateOfBeforeGapsAndStatesIsReadAndReadsTheNewOne() throws IOException {
        Schema before = parse(Schemas.AGGREGATE.toString().replaceFirst(",\\{\"name\":\"gaps\".*", "]}"));
        Decoder now =
                new Decoder(new Registry().with(AGGREGATE_ID, Schemas.AGGREGATE).with(OLDER_ID, before));
        byte[] body = Arrays.copyOfRange(AGGREGATE_BYTES, Frame.LENGTH, AGGREGATE_BYTES.length);
        GenericRecord asBefore = new GenericDatumReader<GenericRecord>(Schemas.AGGREGATE, before)
                .read(null, DecoderFactory.get().binaryDecoder(body, null));
        assertThat(asBefore.get("revision")).isEqualTo(AGGREGATE.revision());

        byte[] old = CodecTest.avroWrite(before, asBefore);
        byte[] framed = Arrays.copyOf(new byte[Frame.LENGTH], Frame.LENGTH + old.length);
        Frame.write(framed, OLDER_ID);
        System.arraycopy(old, 0, framed, Frame.LENGTH, old.length);
        Aggregate read = now.aggregate(framed);
        assertThat(read.statistics()).isEqualTo(AGGREGATE.statistics());
        assertThat(read.origin()).isEqualTo(AGGREGATE.origin());
        assertThat(read.gaps()).isZero();
        assertThat(read.states()).isNull();
        assertThat(new AggregateView(AGGREGATE_ID).wrap(framed)).isFalse();
    }

    @Test
    void refusesRecordOfAnotherKind() {
        assertThatThrownBy(() -> decoder.reading(AGGREGATE_BYTES))
                .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.reasonCode())
                        .isEqualTo("INCOMPATIBLE_SCHEMA"))
                .hasMessageStartingWith(
                        "Schema id 8 (io.streamforge.v1.Aggregate) cannot be read as io.streamforge.v1.Reading: ");
    }

    @Test
    void refusesUnknownSchemaId() {
        byte[] framed = READING_BYTES.clone();
        Frame.write(framed, 4711);
        assertThatThrownBy(() -> decoder.reading(framed))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA))
                .hasMessage("Schema id 4711 is not known to the registry.");
    }

    @Test
    void absentRegistryIsNotTheRecordsFault() {
        byte[] framed = READING_BYTES.clone();
        Frame.write(framed, -1);
        assertThatThrownBy(() -> decoder.reading(framed))
                .isInstanceOf(SchemaRegistry.RegistryUnavailableException.class);
    }

    @Test
    void walksEveryTypeThatAWriterMayAdd() throws IOException {
        Schema extended = parse(NEWER.toString()
                .replaceFirst(
                        "\"name\":\"batch_no\",\"type\":\\[\"null\",\"string\"\\]",
                        "\"name\":\"batch_no\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"Batch\",\"fields\":["
                                + "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"float\"}},"
                                + "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":\"int\"}},"
                                + "{\"name\":\"f\",\"type\":{\"type\":\"fixed\",\"name\":\"Hash\",\"size\":2}},"
                                + "{\"name\":\"b\",\"type\":\"bytes\"}]}]"));
        registry.with(72, extended);
        GenericRecord record = read(extended);
        Schema batch = extended.getField("batch_no").schema().getTypes().get(1);
        GenericRecord value = new GenericData.Record(batch);
        value.put("a", java.util.List.of(1f, 2f));
        value.put("m", java.util.Map.of("k", 3));
        value.put("f", new GenericData.Fixed(batch.getField("f").schema(), new byte[] {1, 2}));
        value.put("b", java.nio.ByteBuffer.wrap(new byte[] {9}));
        record.put("batch_no", value);
        byte[] framed = framed(72, CodecTest.avroWrite(extended, record));

        assertThat(decoder.reading(framed)).isEqualTo(READING);
        view.wrapResolved(decoder, framed);
        byte[] patched = view.withQuality(Quality.SUSPECT, null, null);
        view.wrapResolved(decoder, patched);
        assertThat(view.withQuality(Quality.GOOD, null, null)).isEqualTo(framed);
    }

    private static byte[] newer() throws IOException {
        GenericRecord record = read(NEWER);
        record.put("batch_no", "B-12");
        return framed(NEWER_ID, CodecTest.avroWrite(NEWER, record));
    }

    private static byte[] older() throws IOException {
        return framed(OLDER_ID, CodecTest.avroWrite(OLDER, read(OLDER)));
    }

    /** The golden reading as another version holds it. */
    private static GenericRecord read(Schema version) throws IOException {
        return new GenericDatumReader<GenericRecord>(Schemas.READING, version)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(READING_BYTES, Frame.LENGTH, READING_BYTES.length - Frame.LENGTH, null));
    }

    private static byte[] framed(int id, byte[] body) {
        byte[] framed = new byte[Frame.LENGTH + body.length];
        Frame.write(framed, id);
        System.arraycopy(body, 0, framed, Frame.LENGTH, body.length);
        return framed;
    }

    private static Schema parse(String json) {
        return new Schema.Parser().parse(json);
    }
}
