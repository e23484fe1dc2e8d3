package io.streamforge.model;

import io.streamforge.model.UndecodableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as objects. A record written with this version's schema is read directly; any other is first brought into this version's
 * layout by Avro's schema resolution. Safe for use by several threads.
 *
 * <p>Every method throws {@link UndecodableException} if the bytes can never be read, and
 * {@link SchemaRegistry.RegistryUnavailableException} if the writer's schema cannot be had now.
 */
public final class Decoder {

    private static final Ledger.Kind[] LEDGER_KINDS = Ledger.Kind.values();
    private static final Alarm.Severity[] SEVERITIES = Alarm.Severity.values();
    private static final Alarm.State[] ALARM_STATES = Alarm.State.values();
    private static final Decision.Action[] ACTIONS = Decision.Action.values();
    private static final DecisionOutcome.State[] LETTER_STATES = DecisionOutcome.State.values();

    private static final Map<String, Schema> BY_LAYOUT = Map.of(
            SchemaNormalization.toParsingForm(Schemas.READING), Schemas.READING,
            SchemaNormalization.toParsingForm(Schemas.AGGREGATE), Schemas.AGGREGATE,
            SchemaNormalization.toParsingForm(Schemas.DEAD_LETTER), Schemas.DEAD_LETTER,
            SchemaNormalization.toParsingForm(Schemas.EVENT), Schemas.EVENT,
            SchemaNormalization.toParsingForm(Schemas.LEDGER), Schemas.LEDGER,
            SchemaNormalization.toParsingForm(Schemas.DECISION), Schemas.DECISION,
            SchemaNormalization.toParsingForm(Schemas.DECISION_OUTCOME), Schemas.DECISION_OUTCOME,
            SchemaNormalization.toParsingForm(Schemas.ALARM), Schemas.ALARM);

    private final SchemaRegistry registry;
    private final Map<Integer, Schema> writers = new ConcurrentHashMap<>();

    public Decoder(SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Full name of the record that the bytes hold, for instance {@code io.streamforge.v1.Reading}, by the schema they were written with. */
    public String recordName(byte[] framed) {
        return writerOf(framed).getFullName();
    }

    public Reading reading(byte[] framed) {
        ReadingView view = new ReadingView(Frame.schemaId(framed));
        view.wrapResolved(this, framed);
        return view.toReading();
    }

    public Aggregate aggregate(byte[] framed) {
        AggregateView view = new AggregateView(Frame.schemaId(framed));
        view.wrapResolved(this, framed);
        return view.toAggregate();
    }

    public Event event(byte[] framed) {
        BinaryReader in = body(Schemas.EVENT, framed);
        Event event = new Event(
                in.readString("event_id"),
                in.readString("asset_id"),
                in.readString("event_type"),
                in.readState("previous_state"),
                in.readState("new_state"),
                in.readPresent("device_time") ? Micros.toInstant(in.readLong("device_time")) : null,
                Micros.toInstant(in.readLong("gateway_time")),
                in.readTimeSource("time_source"),
                in.readQuality("quality"),
                origin(in),
                in.readPresent("condition") ? condition(in) : null,
                optionalString(in, "quality_reason"));
        in.expectEnd();
        return event;
    }

    private static Condition condition(BinaryReader in) {
        return new Condition(
                in.readString("condition_id"),
                optionalString(in, "branch_id"),
                in.readInt("severity"),
                in.readString("message"),
                optionalFlag(in, "active"),
                optionalFlag(in, "acked"),
                optionalFlag(in, "confirmed"),
                in.readBoolean("retain"),
                optionalString(in, "comment"),
                optionalString(in, "user"));
    }

    public DeadLetter deadLetter(byte[] framed) {
        BinaryReader in = body(Schemas.DEAD_LETTER, framed);
        DeadLetter letter = new DeadLetter(
                in.readString("message_id"),
                in.readString("source_topic"),
                in.readInt("partition"),
                in.readLong("offset"),
                in.readString("stage"),
                in.readString("reason_code"),
                in.readString("reason"),
                Micros.toInstant(in.readLong("failed_at")),
                in.readPresent("schema_id") ? in.readInt("schema_id") : null,
                in.readBytes("payload"),
                in.readInt("attempts"),
                origin(in));
        in.expectEnd();
        return letter;
    }

    public Ledger ledger(byte[] framed) {
        BinaryReader in = body(Schemas.LEDGER, framed);
        Ledger entry = new Ledger(
                LEDGER_KINDS[in.readIndex("kind", LEDGER_KINDS.length)],
                in.readString("stage"),
                in.readString("asset_id"),
                in.readString("parameter"),
                Micros.toInstant(in.readLong("minute")),
                in.readLong("count"),
                in.readLong("first"),
                in.readLong("last"),
                origin(in),
                in.readString("topic"),
                in.readInt("partition"),
                in.readString("reason"));
        in.expectEnd();
        return entry;
    }

    public Alarm alarm(byte[] framed) {
        BinaryReader in = body(Schemas.ALARM, framed);
        Alarm alarm = new Alarm(
                in.readString("alarm_id"),
                in.readString("occurrence_id"),
                in.readString("asset_id"),
                in.readString("type"),
                SEVERITIES[in.readIndex("severity", SEVERITIES.length)],
                ALARM_STATES[in.readIndex("state", ALARM_STATES.length)],
                in.readBoolean("acked"),
                optionalInstant(in, "shelved_until"),
                optionalString(in, "suppressed_by"),
                Micros.toInstant(in.readLong("raised_at")),
                optionalInstant(in, "acked_at"),
                optionalString(in, "acked_by"),
                optionalInstant(in, "cleared_at"),
                in.readValue("value"),
                in.readValue("threshold"),
                in.readString("unit"),
                in.readString("message"),
                in.readString("rule_id"),
                origin(in));
        in.expectEnd();
        return alarm;
    }

    private static @Nullable Instant optionalInstant(BinaryReader in, String field) {
        return in.readPresent(field) ? Micros.toInstant(in.readLong(field)) : null;
    }

    private static @Nullable String optionalString(BinaryReader in, String field) {
        return in.readPresent(field) ? in.readString(field) : null;
    }

    private static @Nullable Boolean optionalFlag(BinaryReader in, String field) {
        return in.readPresent(field) ? in.readBoolean(field) : null;
    }

    public Decision decision(byte[] framed) {
        BinaryReader in = body(Schemas.DECISION, framed);
        Decision decision = new Decision(
                in.readString("decision_id"),
                LetterPlace.read(in),
                ACTIONS[in.readIndex("action", ACTIONS.length)],
                in.readValue("value"),
                in.readString("by"),
                Micros.toInstant(in.readLong("decided_at")));
        in.expectEnd();
        return decision;
    }

    public DecisionOutcome decisionOutcome(byte[] framed) {
        BinaryReader in = body(Schemas.DECISION_OUTCOME, framed);
        DecisionOutcome outcome = new DecisionOutcome(
                in.readString("decision_id"),
                LetterPlace.read(in),
                LETTER_STATES[in.readIndex("state", LETTER_STATES.length)],
                in.readPresent("reason") ? in.readString("reason") : null,
                Micros.toInstant(in.readLong("at")));
        in.expectEnd();
        return outcome;
    }

    /** The record of any kind by the schema it was written with, every field of it: for whoever shows or hands on records. */
    public GenericRecord generic(byte[] framed) {
        Schema writer = writerOf(framed);
        return read(writer, writer, framed);
    }

    /**
     * The record of any kind with other contents in some of its fields, in the schema it was written with: what we do not know of it stays.
     *
     * @param fields top-level fields by name
     * @throws UndecodableException also if that schema cannot hold them
     */
    public byte[] with(byte[] framed, Map<String, @Nullable Object> fields) {
        GenericRecord record = generic(framed);
        fields.forEach((name, value) -> {
            Schema.Field field = record.getSchema().getField(name);
            Object held = value instanceof Enum<?> symbol && field != null
                    ? new GenericData.EnumSymbol(field.schema(), symbol.name())
                    : value;
            if (!put(record, name, held)) {
                throw new UndecodableException(
                        Reason.INCOMPATIBLE_SCHEMA,
                        "Schema id %d (%s) cannot hold this %s."
                                .formatted(
                                        Frame.schemaId(framed),
                                        record.getSchema().getFullName(),
                                        name));
            }
        });
        return encode(record.getSchema(), Frame.schemaId(framed), record);
    }

    private static Origin origin(BinaryReader in) {
        return new Origin(
                in.readString("metadata.gateway_id"),
                in.readString("metadata.adapter_id"),
                in.readString("metadata.adapter_version"),
                in.readLong("metadata.revision"),
                in.readLong("metadata.epoch"));
    }

    private BinaryReader body(Schema expected, byte[] framed) {
        BinaryReader in = new BinaryReader();
        in.reset(toLayout(expected, writerOf(framed), framed), Frame.LENGTH);
        return in;
    }

    /** The schema a record was written with; one of {@link Schemas} itself where its layout is the same. */
    Schema writerOf(byte[] framed) {
        int id = Frame.schemaId(framed);
        Schema writer = writers.get(id);
        if (writer == null) {
            try {
                Schema registered = registry.byId(id);
                writer = BY_LAYOUT.getOrDefault(SchemaNormalization.toParsingForm(registered), registered);
            } catch (SchemaRegistry.UnknownSchemaException e) {
                throw new UndecodableException(Reason.UNKNOWN_SCHEMA, Objects.requireNonNull(e.getMessage()));
            }
            writers.put(id, writer);
        }
        return writer;
    }

    /** The record in the layout of one of {@link Schemas}: itself if it was written so. */
    byte[] toLayout(Schema expected, Schema writer, byte[] framed) {
        if (writer == expected) {
            return framed;
        }
        return encode(expected, Frame.schemaId(framed), read(writer, expected, framed));
    }

    /** The record with another verdict in its writer's schema, or null if that schema cannot hold it. */
    static byte @Nullable [] withVerdict(
            Schema writer, byte[] framed, Quality quality, @Nullable String reason, @Nullable Long clockSkewMs) {
        GenericRecord reading = read(writer, writer, framed);
        Schema.Field qualityField = writer.getField("quality");
        return qualityField != null
                        && qualityField.schema().getType() == Schema.Type.ENUM
                        && put(reading, "quality", new GenericData.EnumSymbol(qualityField.schema(), quality.name()))
                        && put(reading, "quality_reason", reason)
                        && put(reading, "clock_skew_ms", clockSkewMs)
                ? encode(writer, Frame.schemaId(framed), reading)
                : null;
    }

    private static boolean put(GenericRecord reading, String name, @Nullable Object value) {
        Schema.Field field = reading.getSchema().getField(name);
        if (field == null || !GenericData.get().validate(field.schema(), value)) {
            return false;
        }
        reading.put(field.pos(), value);
        return true;
    }

    private static GenericRecord read(Schema writer, Schema reader, byte[] framed) {
        BodyCheck.check(writer, framed);
        try {
            return new GenericDatumReader<GenericRecord>(writer, reader)
                    .read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(framed, Frame.LENGTH, framed.length - Frame.LENGTH, null));
        } catch (RuntimeException | IOException e) {
            throw new UndecodableException(
                    Reason.INCOMPATIBLE_SCHEMA,
                    "Schema id %d (%s) cannot be read as %s: %s"
                            .formatted(
                                    Frame.schemaId(framed),
                                    writer.getFullName(),
                                    reader.getFullName(),
                                    e.getMessage()));
        }
    }

    private static byte[] encode(Schema schema, int schemaId, GenericRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] frame = new byte[Frame.LENGTH];
        Frame.write(frame, schemaId);
        out.writeBytes(frame);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed.", e);
        }
        return out.toByteArray();
    }
}
