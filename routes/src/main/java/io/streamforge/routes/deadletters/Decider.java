package io.streamforge.routes.deadletters;

import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decision;
import io.streamforge.model.DecisionOutcome;
import io.streamforge.model.DecisionOutcome.State;
import io.streamforge.model.Decoder;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.Quality;
import io.streamforge.model.Schemas;
import io.streamforge.model.UndecodableException;
import io.streamforge.model.Value;
import io.streamforge.routes.plan.PlannedRoute;
import io.streamforge.routes.plan.RoutePlan;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns decisions into what is to be written: the outcome of each, and the record that passes. A decision comes again whenever its command was
 * not answered; those of the past are remembered, {@link #REMEMBERED} per partition, which is a multiple of what the control plane ever leaves
 * unanswered, and after a restart they are read again from the stream.
 */
final class Decider {

    static final String OUTCOMES = "dlq.outcomes";
    static final int REMEMBERED = 2000;

    private static final Comparator<Decision> IN_THE_STREAMS_ORDER = Comparator.comparing(
            Decision::letter,
            Comparator.comparing(LetterPlace::topic)
                    .thenComparing(LetterPlace::partition)
                    .thenComparing(LetterPlace::offset));

    /**
     * Dead letters of one kind.
     *
     * @param record what a letter's payload has to be for it to be approved
     * @param clean where it passes to then
     * @param again where it is judged again
     * @param template the stage that does
     */
    private record Kind(String record, String clean, String again, String template) {}

    private static final Map<String, Kind> KINDS = Map.of(
            "dlq.telemetry",
                    new Kind(Schemas.READING.getFullName(), "telemetry.clean", "telemetry.reprocess", "validate"),
            "dlq.events", new Kind(Schemas.EVENT.getFullName(), "events.clean", "events.reprocess", "events"));

    private final Letters letters;
    private final Decoder decoder;
    private final Supplier<@Nullable RoutePlan> plan;
    private final int outcomeSchema;
    private final Clock clock;
    private final Map<Integer, LinkedHashMap<String, Long>> remembered = new HashMap<>();

    /**
     * @param plan what runs here, or null before the first plan
     * @param outcomeSchema the registry's id of {@link Schemas#DECISION_OUTCOME}
     */
    Decider(Letters letters, Decoder decoder, Supplier<@Nullable RoutePlan> plan, int outcomeSchema, Clock clock) {
        this.letters = letters;
        this.decoder = decoder;
        this.plan = plan;
        this.outcomeSchema = outcomeSchema;
        this.clock = clock;
    }

    /** What a batch of {@code dlq.decisions} comes to, by topic. */
    Map<String, Batch> decide(Batch in) {
        in.forgotten().forEach(remembered::remove);
        List<Decision> fresh = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            Decision decision = decoder.decision(in.value(i));
            if (remember(in.partition(i), in.offset(i), decision) && !in.warmUp()) {
                fresh.add(decision);
            }
        }
        remembered.forEach((partition, decisions) ->
                in.note(partition, decisions.values().iterator().next(), 0));
        Map<String, Batch> out = new HashMap<>();
        if (!fresh.isEmpty()) {
            fresh.sort(IN_THE_STREAMS_ORDER);
            try (Letters.Session session = letters.open()) {
                fresh.forEach(decision -> carryOut(decision, session, out));
            }
        }
        return out;
    }

    /** Whether it is new. */
    private boolean remember(int partition, long offset, Decision decision) {
        LinkedHashMap<String, Long> past = remembered.computeIfAbsent(partition, id -> new LinkedHashMap<>());
        LetterPlace letter = decision.letter();
        String identity =
                "%s/%s-%d-%d".formatted(decision.decisionId(), letter.topic(), letter.partition(), letter.offset());
        if (past.putIfAbsent(identity, offset) != null) {
            return false;
        }
        if (past.size() > REMEMBERED) {
            past.remove(past.keySet().iterator().next());
        }
        return true;
    }

    private void carryOut(Decision decision, Letters.Session session, Map<String, Batch> out) {
        String failure = decision.action() == Decision.Action.DISCARD ? null : pass(decision, session, out);
        State state = failure != null
                ? State.REPROCESS_FAILED
                : decision.action() == Decision.Action.DISCARD ? State.DISCARDED : State.REPROCESSED;
        DecisionOutcome outcome =
                new DecisionOutcome(decision.decisionId(), decision.letter(), state, failure, clock.instant());
        byte[] key = decision.letter().messageId().getBytes(StandardCharsets.UTF_8);
        add(out, OUTCOMES, key, outcome.encode(outcomeSchema));
    }

    /** Writes what passes; answers why nothing can. */
    private @Nullable String pass(Decision decision, Letters.Session session, Map<String, Batch> out) {
        Letters.Found found = session.at(decision.letter());
        if (found instanceof Letters.Found.Nothing nothing) {
            return nothing.why();
        }
        Letters.Found.Letter stored = (Letters.Found.Letter) found;
        Kind kind = KINDS.get(decision.letter().topic());
        DeadLetter letter = stored.letter();
        byte[] payload = new byte[letter.payload().remaining()];
        letter.payload().duplicate().get(payload);
        if (decision.action() == Decision.Action.REPROCESS) {
            String missing = kind == null ? noSink(letter.stage()) : noStage(kind);
            if (missing == null) {
                add(out, kind == null ? "retry." + letter.stage() : kind.again(), stored.key(), payload);
            }
            return missing;
        }
        if (kind == null) {
            return "A record that a sink refused can be delivered again or discarded, it has nothing to be approved for.";
        }
        try {
            add(out, kind.clean(), stored.key(), approved(kind, payload, letter.messageId(), decision));
            return null;
        } catch (UndecodableException | NotApprovedException e) {
            return e.getMessage();
        }
    }

    private @Nullable String noStage(Kind kind) {
        return planned().stream().anyMatch(route -> route.template().equals(kind.template()))
                ? null
                : "No route of template '%s' runs on this gateway. Activate a deployment that has one and try again."
                        .formatted(kind.template());
    }

    private @Nullable String noSink(String routeId) {
        return planned().stream().anyMatch(route -> route.routeId().equals(routeId))
                ? null
                : "Route '%s', which refused the record, does not run on this gateway any more. Activate a deployment that has it and try again."
                        .formatted(routeId);
    }

    private List<PlannedRoute> planned() {
        RoutePlan running = plan.get();
        return running == null ? List.of() : running.routes();
    }

    /** The record cannot be approved; the message says why. */
    private static final class NotApprovedException extends RuntimeException {
        NotApprovedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * The same record with the operator's name before its reason; what was BAD is SUSPECT at best, what was worse than SUSPECT stays so. An event without an identity
     * gets its letter's: two of them would be one event to a sink.
     */
    private byte[] approved(Kind kind, byte[] payload, String messageId, Decision decision) {
        GenericRecord record = decoder.generic(payload);
        if (!record.getSchema().getFullName().equals(kind.record())) {
            throw new NotApprovedException("The record is a %s, which %s does not hold."
                    .formatted(record.getSchema().getFullName(), kind.clean()));
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        String reason = "approved by " + decision.by();
        String valueField = record.getSchema().getField("value") != null ? "value" : "new_state";
        Object before = record.get(valueField);
        if (decision.action() == Decision.Action.EDIT) {
            fields.put(valueField, edited(before, decision.value()));
            reason += before == null ? ", edited: it had no value" : ", edited: it was " + before;
        } else if (before == null) {
            throw new NotApprovedException("The record has no value to approve. Edit it, or discard it.");
        }
        Quality quality = Quality.valueOf(record.get("quality").toString());
        fields.put("quality", quality == Quality.UNCERTAIN ? Quality.UNCERTAIN : Quality.SUSPECT);
        if (record.getSchema().getField("event_id") != null
                && record.get("event_id").toString().isBlank()) {
            fields.put("event_id", messageId);
        }
        if (record.getSchema().getField("quality_reason") != null) {
            Object stated = record.get("quality_reason");
            fields.put("quality_reason", stated == null ? reason : reason + "; " + stated);
        }
        if (record.getSchema().getField("clock_skew_ms") != null) {
            fields.put("clock_skew_ms", skew(record));
        }
        return decoder.with(payload, fields);
    }

    /** As the validator notes it on what passes by itself. */
    private static @Nullable Long skew(GenericRecord reading) {
        GenericRecord times = (GenericRecord) reading.get("timestamps");
        Long device = (Long) times.get("device_time");
        return device == null ? null : ((long) times.get("gateway_time") - device) / 1_000;
    }

    private static Object edited(@Nullable Object before, @Nullable Value value) {
        if (value instanceof Value.Whole whole && before instanceof Double) {
            return (double) whole.value();
        } else if (value instanceof Value.Real real && (before == null || before instanceof Double)) {
            return real.value();
        } else if (value instanceof Value.Whole whole && (before == null || before instanceof Long)) {
            return whole.value();
        } else if (value instanceof Value.Flag flag && (before == null || before instanceof Boolean)) {
            return flag.value();
        } else if (value instanceof Value.Text text && (before == null || before instanceof CharSequence)) {
            return text.value();
        }
        throw new NotApprovedException("The new value must be %s as the old one, got %s."
                .formatted(
                        before instanceof Double
                                ? "a number"
                                : before instanceof Long
                                        ? "a whole number"
                                        : before instanceof Boolean ? "true or false" : "a text",
                        value == null ? "nothing" : plain(value)));
    }

    private static String plain(Value value) {
        if (value instanceof Value.Real real) {
            return Double.toString(real.value());
        } else if (value instanceof Value.Whole whole) {
            return Long.toString(whole.value());
        } else if (value instanceof Value.Flag flag) {
            return Boolean.toString(flag.value());
        }
        return "'" + ((Value.Text) value).value() + "'";
    }

    private static void add(Map<String, Batch> out, String topic, byte[] key, byte[] value) {
        out.computeIfAbsent(topic, id -> Batch.output()).add(key, value, 0, 0);
    }
}
