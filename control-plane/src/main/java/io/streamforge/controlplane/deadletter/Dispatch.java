package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.CommandOutcome;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.gateway.LetterAction;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes decisions to gateways, a part at a time, again and again until the gateway has taken each into its stream. It keeps nothing in memory
 * that matters: what is not marked as taken is sent again after a restart, and the gateway carries a decision out once however often it comes.
 */
@Service
class Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    /** Far below what a gateway remembers. */
    private static final int AT_ONCE = 200;

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private record Part(
            UUID decisionId, LetterAction action, @Nullable String value, String by) {}

    private record Letter(UUID id, Arguments.LetterPlace place) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Commands commands;
    private final Clock clock;
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();

    Dispatch(JdbcClient jdbc, JsonMapper json, Commands commands, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.commands = commands;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void send() {
        jdbc.sql("""
                        select distinct gateway_id from dead_letter
                        where state = 'PENDING' and decision_id is not null and taken_at is null""").query(String.class).list().forEach(this::sendNext);
    }

    private void sendNext(String gatewayId) {
        Instant now = clock.instant();
        if (!commands.connected(gatewayId) || now.isBefore(notBefore.getOrDefault(gatewayId, Instant.MIN))) {
            return;
        }
        Part part = oldest(gatewayId);
        if (part == null) {
            return;
        }
        List<Letter> letters = letters(gatewayId, part.decisionId());
        // One part at a time: the next one when this is answered, or given up.
        notBefore.put(gatewayId, now.plus(LIMIT).plus(PAUSE));
        try {
            commands.ask(
                            gatewayId,
                            new Arguments.DecideLetters(
                                    part.decisionId(),
                                    letters.stream().map(Letter::place).toList(),
                                    part.action(),
                                    part.value() == null ? null : json.readTree(part.value()),
                                    part.by()),
                            LIMIT)
                    .whenComplete((answer, failure) -> answered(gatewayId, part, letters, answer, failure));
        } catch (ProblemException e) {
            // It went offline between two lines; its return is seen at the next turn.
            notBefore.remove(gatewayId);
        }
    }

    private void answered(
            String gatewayId,
            Part part,
            List<Letter> letters,
            @Nullable CommandAnswer answer,
            @Nullable Throwable failure) {
        if (answer != null && answer.status() == CommandOutcome.OK) {
            jdbc.sql("update dead_letter set taken_at = :now where id in (:ids) and decision_id = :decision")
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .param("ids", letters.stream().map(Letter::id).toList())
                    .param("decision", part.decisionId())
                    .update();
            notBefore.remove(gatewayId);
            sendNext(gatewayId);
            return;
        }
        notBefore.put(gatewayId, clock.instant().plus(PAUSE));
        LOG.atWarn()
                .addKeyValue("gateway", gatewayId)
                .addKeyValue("decision", part.decisionId())
                .addKeyValue("cause", answer != null ? answer.error() : String.valueOf(failure))
                .log("A gateway has not taken a decision about dead letters; it is sent again");
    }

    private @Nullable Part oldest(String gatewayId) {
        return jdbc.sql("""
                        select d.id, d.action, d.value, d.by from dead_letter_decision d
                        where exists (select from dead_letter l where l.decision_id = d.id and l.gateway_id = :gateway
                                      and l.state = 'PENDING' and l.taken_at is null)
                        order by d.at, d.id limit 1""")
                .param("gateway", gatewayId)
                .query((row, number) -> new Part(
                        row.getObject("id", UUID.class),
                        LetterAction.valueOf(row.getString("action")),
                        row.getString("value"),
                        row.getString("by")))
                .optional()
                .orElse(null);
    }

    private List<Letter> letters(String gatewayId, UUID decisionId) {
        return jdbc.sql("""
                        select id, topic, partition, "offset", message_id from dead_letter
                        where gateway_id = :gateway and decision_id = :decision and state = 'PENDING' and taken_at is null
                        order by topic, partition, "offset" limit :limit""")
                .param("gateway", gatewayId)
                .param("decision", decisionId)
                .param("limit", AT_ONCE)
                .query((row, number) -> new Letter(
                        row.getObject("id", UUID.class),
                        new Arguments.LetterPlace(
                                row.getString("topic"),
                                row.getInt("partition"),
                                row.getLong("offset"),
                                row.getString("message_id"))))
                .list();
    }
}
