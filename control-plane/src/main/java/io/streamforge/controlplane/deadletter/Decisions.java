package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.gateway.LetterAction;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Enters what operators decide. Carrying it out is the gateway's: {@link Dispatch} takes it there. */
@Service
class Decisions {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final DeadLetters letters;
    private final AuditLog audit;
    private final DeadLetterSettings settings;
    private final Clock clock;

    Decisions(
            JdbcClient jdbc,
            JsonMapper json,
            DeadLetters letters,
            AuditLog audit,
            DeadLetterSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.letters = letters;
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param value in place of the record's own, null unless the action is EDIT */
    @Transactional
    DeadLetter decide(UUID id, LetterAction action, @Nullable JsonNode value, User user) {
        DeadLetterDetail detail = letters.get(id);
        check(detail, action, value);
        UUID decision = enter(action, value, null, 1, user);
        int rows = jdbc.sql("""
                        update dead_letter l set decision_id = :decision, state = 'PENDING', state_reason = null,
                               taken_at = null, done_at = null
                        where l.id = :id and %s""".formatted(DeadLetters.OPEN))
                .param("decision", decision)
                .param("id", id)
                .update();
        if (rows == 0) {
            throw decided(letters.get(id).letter());
        }
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("decision", decision);
        what.put("gateway", detail.letter().gatewayId());
        what.put("messageId", detail.letter().messageId());
        what.put("reasonCode", detail.letter().reasonCode());
        if (value != null) {
            what.put("value", value);
        }
        audit.record(user, verb(action), id.toString(), what);
        return letters.get(id).letter();
    }

    @Transactional
    BulkDecision.BulkTaken decideAll(BulkDecision bulk, User user) {
        if (bulk.action() == LetterAction.EDIT) {
            String message = "action must be APPROVE, DISCARD or REPROCESS, got EDIT: a value belongs to one letter.";
            throw ProblemException.invalid(message, List.of(new FieldProblem("/action", message)));
        }
        UUID decision = enter(bulk.action(), null, bulk.filter(), 0, user);
        long count = DeadLetters.bind(
                        jdbc.sql("""
                        update dead_letter l set decision_id = :decision, state = 'PENDING', state_reason = null,
                               taken_at = null, done_at = null
                        where %s and %s and %s and l.received_at <= :asOf""".formatted(
                                        DeadLetters.FITS,
                                        DeadLetters.OPEN,
                                        bulk.action() == LetterAction.APPROVE ? "l.approvable" : "true")),
                        bulk.filter())
                .param("decision", decision)
                .param("asOf", bulk.asOf().atOffset(ZoneOffset.UTC))
                .update();
        if (count == 0) {
            jdbc.sql("delete from dead_letter_decision where id = :id")
                    .param("id", decision)
                    .update();
            return new BulkDecision.BulkTaken(null, 0);
        }
        jdbc.sql("update dead_letter_decision set count = :count where id = :id")
                .param("count", count)
                .param("id", decision)
                .update();
        audit.record(
                user,
                verb(bulk.action()),
                "bulk",
                Map.of("decision", decision, "filter", bulk.filter(), "asOf", bulk.asOf(), "count", count));
        return new BulkDecision.BulkTaken(decision, count);
    }

    /** Decided letters are kept for a while, undecided ones until they are decided. */
    @Scheduled(fixedDelayString = "PT1H")
    @Transactional
    void removeOld() {
        OffsetDateTime before = clock.instant().minus(settings.retention()).atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from dead_letter where done_at < :before")
                .param("before", before)
                .update();
        jdbc.sql("""
                        delete from dead_letter_decision d where d.at < :before
                          and not exists (select from dead_letter l where l.decision_id = d.id)""").param("before", before).update();
    }

    private UUID enter(
            LetterAction action, @Nullable JsonNode value, @Nullable DeadLetterFilter filter, long count, User user) {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                        insert into dead_letter_decision (id, action, value, filter, count, at, by)
                        values (:id, :action, cast(:value as json), cast(:filter as json), :count, :now, :by)""")
                .param("id", id)
                .param("action", action.name())
                .param("value", value == null ? null : json.writeValueAsString(value))
                .param("filter", filter == null ? null : json.writeValueAsString(filter))
                .param("count", count)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("by", user.username())
                .update();
        return id;
    }

    private static void check(DeadLetterDetail detail, LetterAction action, @Nullable JsonNode value) {
        DeadLetter letter = detail.letter();
        if (detail.actions().isEmpty()) {
            throw decided(letter);
        }
        if (!detail.actions().contains(action)) {
            throw ProblemException.conflict(
                    "not-approvable",
                    letter.topic().equals(Inbox.SINK_TOPIC)
                            ? "Letter '%s' was refused by a sink: it can be reprocessed, which delivers it again, or discarded."
                                    .formatted(letter.messageId())
                            : detail.record() == null
                                    ? "Letter '%s' cannot be read as a record: it can be reprocessed or discarded."
                                            .formatted(letter.messageId())
                                    : "Letter '%s' has no value to approve: edit it, reprocess or discard it."
                                            .formatted(letter.messageId()));
        }
        if (value != null) {
            checkValue(letter, value);
        }
    }

    private static void checkValue(DeadLetter letter, JsonNode value) {
        JsonNode before = letter.value();
        boolean fits = before == null
                ? value.isNumber() || value.isBoolean() || value.isString()
                : before.isNumber() && value.isNumber()
                        || before.isBoolean() && value.isBoolean()
                        || before.isString() && value.isString();
        if (!fits) {
            String message = "value must be %s, got %s."
                    .formatted(
                            before == null
                                    ? "a number, true, false or a text"
                                    : before.isNumber()
                                            ? "a number as the record's own"
                                            : before.isBoolean()
                                                    ? "true or false as the record's own"
                                                    : "a text as the record's own",
                            value);
            throw ProblemException.invalid(message, List.of(new FieldProblem("/value", message)));
        }
    }

    private static ProblemException decided(DeadLetter letter) {
        DeadLetter.LetterDecision decision = letter.decision();
        return ProblemException.conflict(
                "decided",
                decision == null
                        ? "Letter '%s' is %s.".formatted(letter.messageId(), letter.state())
                        : "Letter '%s' was decided about by %s at %s (%s) and is %s now."
                                .formatted(
                                        letter.messageId(),
                                        decision.by(),
                                        decision.at(),
                                        decision.action(),
                                        letter.state()));
    }

    private static String verb(LetterAction action) {
        return "dead-letter." + action.name().toLowerCase(Locale.ROOT);
    }
}
