package io.streamforge.routes.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decision;
import io.streamforge.model.DecisionOutcome;
import io.streamforge.model.DecisionOutcome.State;
import io.streamforge.model.Decoder;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.streamforge.routes.plan.PlannedRoute;
import io.streamforge.routes.plan.RoutePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeciderTest {

    private static final int READING_ID = 7;
    private static final int EVENT_ID = 8;
    private static final int DECISION_ID = 20;
    private static final int OUTCOME_ID = 21;
    private static final Instant AT = Instant.parse("2026-11-20T08:00:00Z");
    private static final byte[] ASSET = "press-07".getBytes(StandardCharsets.UTF_8);
    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 3, 2);

    private final Decoder decoder = new Decoder(new SchemaRegistry() {
        @Override
        public int idFor(String topic, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema byId(int id) {
            return switch (id) {
                case READING_ID -> Schemas.READING;
                case EVENT_ID -> Schemas.EVENT;
                case DECISION_ID -> Schemas.DECISION;
                case OUTCOME_ID -> Schemas.DECISION_OUTCOME;
                default -> throw new UnknownSchemaException(id);
            };
        }
    });
    private final Map<LetterPlace, DeadLetter> stored = new HashMap<>();
    private @Nullable RoutePlan plan = plan("validate.telemetry", "events.plant", "sink.plant");
    private final Decider decider =
            new Decider(StoredLetters::new, decoder, () -> plan, OUTCOME_ID, Clock.fixed(AT, ZoneOffset.UTC));
    private long nextOffset;

    @Test
    void approvedReadingPassesWithItsIdentityAndTheOperatorsName() {
        LetterPlace place = letter("dlq.telemetry", framed(new Value.Real(250), Quality.GOOD));

        Map<String, Batch> out = decide(place, Decision.Action.APPROVE, null);

        Reading passed = passed(out);
        assertThat(passed).isEqualTo(reading(new Value.Real(250), Quality.SUSPECT, "approved by anna"));
        assertThat(Objects.requireNonNull(out.get("telemetry.clean")).key(0)).isEqualTo(ASSET);
        assertThat(outcome(out).state()).isEqualTo(State.REPROCESSED);
        assertThat(outcome(out).reason()).isNull();
        assertThat(outcome(out).letter()).isEqualTo(place);
    }

    @Test
    void approvalMakesNothingBetterThanItWas() {
        LetterPlace uncertain = letter("dlq.telemetry", framed(new Value.Real(250), Quality.UNCERTAIN));
        LetterPlace bad = letter("dlq.telemetry", framed(new Value.Real(251), Quality.BAD));

        assertThat(passed(decide(uncertain, Decision.Action.APPROVE, null)).quality())
                .isEqualTo(Quality.UNCERTAIN);
        assertThat(passed(decide(bad, Decision.Action.APPROVE, null)).quality()).isEqualTo(Quality.SUSPECT);
    }

    @Test
    void editedReadingSaysWhatItWas() {
        LetterPlace place = letter("dlq.telemetry", framed(new Value.Real(250), Quality.GOOD));

        Reading passed = passed(decide(place, Decision.Action.EDIT, new Value.Whole(25)));

        assertThat(passed.value()).isEqualTo(new Value.Real(25));
        assertThat(passed.qualityReason()).isEqualTo("approved by anna, edited: it was 250.0");
    }

    @Test
    void whatTheDeviceSaidStaysAndItsClockIsCompared() {
        byte[] framed = new ReadingCodec(READING_ID)
                .encode(new Reading(
                        new Value.Real(250),
                        Quality.UNCERTAIN,
                        "press-07",
                        "temperature",
                        "Cel",
                        Classification.TELEMETRY,
                        AT.minusMillis(1_500),
                        AT,
                        TimeSource.DEVICE,
                        null,
                        "0x40910000 substituted",
                        12,
                        ORIGIN));

        Reading passed = passed(decide(letter("dlq.telemetry", framed), Decision.Action.APPROVE, null));

        assertThat(passed.qualityReason()).isEqualTo("approved by anna; 0x40910000 substituted");
        assertThat(passed.clockSkewMs()).isEqualTo(1_500);
    }

    @Test
    void editKeepsTheValuesType() {
        LetterPlace whole = letter("dlq.telemetry", framed(new Value.Whole(7), Quality.GOOD));
        LetterPlace flag = letter("dlq.telemetry", framed(new Value.Flag(false), Quality.GOOD));
        LetterPlace text = letter("dlq.telemetry", framed(new Value.Text("AUTO"), Quality.GOOD));

        assertThat(failure(decide(whole, Decision.Action.EDIT, new Value.Real(7.5))))
                .isEqualTo("The new value must be a whole number as the old one, got 7.5.");
        assertThat(failure(decide(flag, Decision.Action.EDIT, new Value.Text("yes"))))
                .isEqualTo("The new value must be true or false as the old one, got 'yes'.");
        assertThat(failure(decide(text, Decision.Action.EDIT, new Value.Flag(true))))
                .isEqualTo("The new value must be a text as the old one, got true.");
        assertThat(passed(decide(flag, "d-2", Decision.Action.EDIT, new Value.Flag(true)))
                        .value())
                .isEqualTo(new Value.Flag(true));
        assertThat(passed(decide(text, "d-2", Decision.Action.EDIT, new Value.Text("MANUAL")))
                        .value())
                .isEqualTo(new Value.Text("MANUAL"));
        assertThat(passed(decide(whole, "d-2", Decision.Action.EDIT, new Value.Whole(8)))
                        .value())
                .isEqualTo(new Value.Whole(8));
    }

    @Test
    void readingWithoutAValueNeedsOne() {
        LetterPlace place = letter("dlq.telemetry", framed(null, Quality.BAD));

        assertThat(failure(decide(place, Decision.Action.APPROVE, null))).contains("no value to approve");
        Reading passed = passed(decide(place, "d-2", Decision.Action.EDIT, new Value.Real(24.1)));
        assertThat(passed.value()).isEqualTo(new Value.Real(24.1));
        assertThat(passed.qualityReason()).isEqualTo("approved by anna, edited: it had no value");
    }

    @Test
    void eventPassesToTheCleanEvents() {
        LetterPlace place = letter("dlq.events", event("RUN"));

        Map<String, Batch> out = decide(place, Decision.Action.EDIT, new Value.Text("STOP"));

        GenericRecord passed =
                decoder.generic(Objects.requireNonNull(out.get("events.clean")).value(0));
        assertThat(passed.get("new_state")).hasToString("STOP");
        assertThat(passed.get("quality")).hasToString("SUSPECT");
    }

    @Test
    void eventWithoutAnIdentityGetsItsLetters() {
        LetterPlace named = letter("dlq.events", event("RUN"));
        LetterPlace nameless = letter("dlq.events", event("", "RUN"));

        assertThat(eventId(decide(named, Decision.Action.APPROVE, null))).isEqualTo("x");
        assertThat(eventId(decide(nameless, "d-2", Decision.Action.APPROVE, null)))
                .isEqualTo(nameless.messageId());
    }

    private String eventId(Map<String, Batch> out) {
        return decoder.generic(Objects.requireNonNull(out.get("events.clean")).value(0))
                .get("event_id")
                .toString();
    }

    @Test
    void whatCannotBeReadCannotBeApprovedButGoesToTheRulesAgain() {
        byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);
        LetterPlace place = letter("dlq.telemetry", garbage);
        LetterPlace misplaced = letter("dlq.telemetry", event("RUN"));

        assertThat(failure(decide(place, Decision.Action.APPROVE, null))).contains("0x00");
        assertThat(failure(decide(misplaced, Decision.Action.APPROVE, null)))
                .isEqualTo("The record is a io.streamforge.v1.Event, which telemetry.clean does not hold.");
        Map<String, Batch> out = decide(place, "d-2", Decision.Action.REPROCESS, null);
        assertThat(Objects.requireNonNull(out.get("telemetry.reprocess")).value(0))
                .isEqualTo(garbage);
        assertThat(Objects.requireNonNull(out.get("telemetry.reprocess")).key(0))
                .isEqualTo(ASSET);
        assertThat(outcome(out).state()).isEqualTo(State.REPROCESSED);
    }

    @Test
    void reprocessingNeedsTheStageThatDoesIt() {
        LetterPlace reading = letter("dlq.telemetry", framed(new Value.Real(250), Quality.GOOD));
        LetterPlace event = letter("dlq.events", event("RUN"));
        LetterPlace delivery = letter("dlq.sink", framed(new Value.Real(24.1), Quality.GOOD));
        assertThat(decide(event, Decision.Action.REPROCESS, null)).containsKey("events.reprocess");
        assertThat(decide(delivery, Decision.Action.REPROCESS, null)).containsKey("retry.sink.plant");
        assertThat(failure(decide(delivery, "d-2", Decision.Action.APPROVE, null)))
                .contains("delivered again or discarded");

        plan = plan("adapter.press-07");
        assertThat(failure(decide(reading, "d-3", Decision.Action.REPROCESS, null)))
                .startsWith("No route of template 'validate' runs on this gateway.");
        assertThat(failure(decide(delivery, "d-3", Decision.Action.REPROCESS, null)))
                .startsWith("Route 'sink.plant', which refused the record, does not run");
        plan = null;
        assertThat(failure(decide(event, "d-3", Decision.Action.REPROCESS, null)))
                .startsWith("No route of template 'events'");
    }

    @Test
    void whatIsNoLongerInTheStreamCanOnlyBeDiscarded() {
        LetterPlace gone = new LetterPlace("dlq.telemetry", 0, 99, "telemetry.raw-0-99");

        assertThat(failure(decide(gone, Decision.Action.APPROVE, null))).isEqualTo("It is not there.");
        Map<String, Batch> out = decide(gone, "d-2", Decision.Action.DISCARD, null);
        assertThat(out).containsOnlyKeys(Decider.OUTCOMES);
        assertThat(outcome(out).state()).isEqualTo(State.DISCARDED);
    }

    @Test
    void sameDecisionIsCarriedOutOnceAlsoAfterARestart() {
        LetterPlace place = letter("dlq.telemetry", framed(new Value.Real(250), Quality.GOOD));
        byte[] decision = encoded("d-1", place, Decision.Action.APPROVE, null);
        assertThat(decider.decide(batch(false, List.of(), 10, decision, decision)))
                .hasEntrySatisfying(
                        "telemetry.clean", clean -> assertThat(clean.size()).isEqualTo(1));
        assertThat(decider.decide(batch(false, List.of(), 12, decision))).isEmpty();

        Batch warmUp = batch(true, List.of(0), 10, decision);
        assertThat(decider.decide(warmUp)).isEmpty();
        Batch again = batch(false, List.of(), 13, decision);
        assertThat(decider.decide(again)).isEmpty();
        assertThat(again.notes().get(0)).isEqualTo(new Batch.Note(10, 0));
    }

    @Test
    void remembersSoManyDecisionsAndNoMore() {
        LetterPlace place = letter("dlq.telemetry", framed(new Value.Real(250), Quality.GOOD));
        byte[][] decisions = new byte[Decider.REMEMBERED + 1][];
        for (int i = 0; i < decisions.length; i++) {
            decisions[i] = encoded("d-" + i, place, Decision.Action.DISCARD, null);
        }
        Batch in = batch(false, List.of(), 100, decisions);

        decider.decide(in);

        assertThat(in.notes().get(0)).isEqualTo(new Batch.Note(101, 0));
    }

    private final class StoredLetters implements Letters.Session {
        @Override
        public Letters.Found at(LetterPlace place) {
            DeadLetter letter = stored.get(place);
            return letter == null
                    ? new Letters.Found.Nothing("It is not there.")
                    : new Letters.Found.Letter(ASSET, letter);
        }

        @Override
        public void close() {}
    }

    private Map<String, Batch> decide(LetterPlace place, Decision.Action action, @Nullable Value value) {
        return decide(place, "d-1", action, value);
    }

    private Map<String, Batch> decide(LetterPlace place, String id, Decision.Action action, @Nullable Value value) {
        return decider.decide(batch(false, List.of(), nextOffset++, encoded(id, place, action, value)));
    }

    private static byte[] encoded(String id, LetterPlace place, Decision.Action action, @Nullable Value value) {
        return new Decision(id, place, action, value, "anna", AT).encode(DECISION_ID);
    }

    private static Batch batch(boolean warmUp, List<Integer> forgotten, long offset, byte[]... decisions) {
        Batch batch = Batch.input("dlq.decisions", "t1", warmUp, forgotten);
        for (int i = 0; i < decisions.length; i++) {
            batch.add(ASSET, decisions[i], 0, offset + i);
        }
        return batch;
    }

    private LetterPlace letter(String topic, byte[] payload) {
        int number = stored.size();
        LetterPlace place = new LetterPlace(topic, 0, number, "telemetry.raw-0-" + number);
        stored.put(
                place,
                new DeadLetter(
                        place.messageId(),
                        "telemetry.raw",
                        0,
                        number,
                        topic.equals("dlq.sink") ? "sink.plant" : "validate.telemetry",
                        "RANGE",
                        "too hot",
                        AT,
                        READING_ID,
                        ByteBuffer.wrap(payload),
                        1,
                        ORIGIN));
        return place;
    }

    private Reading passed(Map<String, Batch> out) {
        return decoder.reading(
                Objects.requireNonNull(out.get("telemetry.clean")).value(0));
    }

    private DecisionOutcome outcome(Map<String, Batch> out) {
        return decoder.decisionOutcome(
                Objects.requireNonNull(out.get(Decider.OUTCOMES)).value(0));
    }

    private String failure(Map<String, Batch> out) {
        assertThat(out).containsOnlyKeys(Decider.OUTCOMES);
        assertThat(outcome(out).state()).isEqualTo(State.REPROCESS_FAILED);
        return String.valueOf(outcome(out).reason());
    }

    private static byte[] framed(@Nullable Value value, Quality quality) {
        return new ReadingCodec(READING_ID).encode(reading(value, quality, null));
    }

    private static Reading reading(@Nullable Value value, Quality quality, @Nullable String reason) {
        return new Reading(
                value,
                quality,
                "press-07",
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                null,
                AT,
                TimeSource.GATEWAY,
                null,
                reason,
                12,
                ORIGIN);
    }

    private static byte[] event(String state) {
        return event("x", state);
    }

    private static byte[] event(String id, String state) {
        GenericRecord event = new GenericData.Record(Schemas.EVENT);
        for (Schema.Field field : Schemas.EVENT.getFields()) {
            if (field.schema().getType() == Schema.Type.STRING) {
                event.put(field.pos(), "x");
            } else if (field.schema().getType() == Schema.Type.BOOLEAN) {
                event.put(field.pos(), false);
            } else if (field.schema().getType() == Schema.Type.ENUM) {
                event.put(
                        field.pos(),
                        new GenericData.EnumSymbol(
                                field.schema(), field.schema().getEnumSymbols().get(0)));
            } else if (field.schema().getType() == Schema.Type.RECORD) {
                event.put(field.pos(), empty(field.schema()));
            }
        }
        event.put("event_id", id);
        event.put("new_state", state);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, EVENT_ID});
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(Schemas.EVENT).write(event, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static GenericRecord empty(Schema schema) {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            switch (field.schema().getType()) {
                case STRING -> record.put(field.pos(), "x");
                case LONG -> record.put(field.pos(), 0L);
                case ENUM ->
                    record.put(
                            field.pos(),
                            new GenericData.EnumSymbol(
                                    field.schema(),
                                    field.schema().getEnumSymbols().get(0)));
                default -> record.put(field.pos(), null);
            }
        }
        return record;
    }

    private static RoutePlan plan(String... routeIds) {
        JsonMapper json = new JsonMapper();
        return new RoutePlan(
                "gw-1",
                1,
                "sha256:1",
                "1.0",
                List.of(routeIds).stream()
                        .map(id -> new PlannedRoute(id, id.substring(0, id.indexOf('.')), "1", json.createObjectNode()))
                        .toList());
    }
}
