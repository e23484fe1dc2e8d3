package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.deadletter.PostedLetters.LetterContent;
import io.streamforge.controlplane.deadletter.PostedLetters.PostedLetter;
import io.streamforge.controlplane.deadletter.PostedOutcomes.LetterOutcome;
import io.streamforge.controlplane.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Takes in what gateways post: their dead letters, and what became of decisions about them. */
@Service
class Inbox {

    static final String SINK_TOPIC = "dlq.sink";
    private static final long RETRY_SECONDS = 10;

    /** A letter whose record was sent to its stage again and has not come back yet. */
    private record Predecessor(UUID id, int attempts) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final DeadLetters letters;
    private final DeadLetterSettings settings;
    private final Clock clock;

    Inbox(JdbcClient jdbc, JsonMapper json, DeadLetters letters, DeadLetterSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.letters = letters;
        this.settings = settings;
        this.clock = clock;
    }

    /** Keeps letters that are new. All of them or none: the gateway posts again what was not taken. */
    @Transactional
    void letters(String gatewayId, PostedLetters posted) {
        long pending = letters.pending(gatewayId);
        if (pending >= settings.pendingLimit()) {
            throw new ProblemException(
                            HttpStatus.TOO_MANY_REQUESTS,
                            "dead-letters-full",
                            "Gateway '%s' has %d undecided dead letters, the limit is %d. Further ones wait in its stream until some are decided."
                                    .formatted(gatewayId, pending, settings.pendingLimit()))
                    .retryAfter(RETRY_SECONDS);
        }
        posted.records().forEach(letter -> keep(gatewayId, letter));
    }

    /** Brings letters to the end that the gateway reports. */
    @Transactional
    void outcomes(String gatewayId, PostedOutcomes posted) {
        for (PostedOutcomes.PostedOutcome record : posted.records()) {
            LetterOutcome outcome = record.value();
            jdbc.sql("""
                            update dead_letter set state = :state, state_reason = :reason, done_at = :now,
                                   taken_at = coalesce(taken_at, :now)
                            where gateway_id = :gateway and decision_id = :decision and state = 'PENDING'
                              and topic = :topic and partition = :partition and "offset" = :offset""")
                    .param("state", outcome.state().name())
                    .param("reason", clean(outcome.reason()))
                    .param("now", now())
                    .param("gateway", gatewayId)
                    .param("decision", outcome.decisionId())
                    .param("topic", outcome.letter().topic())
                    .param("partition", outcome.letter().partition())
                    .param("offset", outcome.letter().offset())
                    .update();
        }
    }

    private void keep(String gatewayId, PostedLetter posted) {
        LetterContent letter = posted.value();
        byte[] payload = payload(letter);
        byte[] hash = sha256(payload);
        UUID id = id(gatewayId, posted, hash);
        JsonNode value = value(letter.record());
        boolean approvable = !posted.topic().equals(SINK_TOPIC) && value != null;
        int rows = jdbc.sql("""
                        insert into dead_letter (id, gateway_id, topic, partition, "offset", message_id, source_topic,
                            source_partition, source_offset, stage, reason_code, reason, failed_at, received_at, attempts,
                            asset_id, schema_id, payload, payload_bytes, payload_hash, record, approvable, state)
                        values (:id, :gateway, :topic, :partition, :offset, :message, :sourceTopic,
                            :sourcePartition, :sourceOffset, :stage, :code, :reason, :failedAt, :now, :attempts,
                            :asset, :schema, :payload, :bytes, :hash, cast(:record as json), :approvable, 'PENDING')
                        on conflict do nothing""")
                .param("id", id)
                .param("gateway", gatewayId)
                .param("topic", posted.topic())
                .param("partition", posted.partition())
                .param("offset", posted.offset())
                .param("message", clean(letter.messageId()))
                .param("sourceTopic", clean(letter.sourceTopic()))
                .param("sourcePartition", letter.partition())
                .param("sourceOffset", letter.offset())
                .param("stage", clean(letter.stage()))
                .param("code", clean(letter.reasonCode()))
                .param("reason", clean(letter.reason()))
                .param("failedAt", letter.failedAt().atOffset(ZoneOffset.UTC))
                .param("now", now())
                .param("attempts", letter.attempts())
                .param("asset", clean(asset(posted)))
                .param("schema", letter.schemaId())
                .param("payload", payload)
                .param("bytes", letter.payloadBytes())
                .param("hash", hash)
                .param("record", letter.record() == null ? null : json.writeValueAsString(letter.record()))
                .param("approvable", approvable)
                .update();
        if (rows > 0) {
            supersede(gatewayId, posted, id, hash);
        }
    }

    /**
     * A record that was sent to its stage again and refused again comes back as a new letter, with the same bytes: the old one has failed,
     * and the new one goes on counting.
     */
    private void supersede(String gatewayId, PostedLetter posted, UUID id, byte[] hash) {
        String source = posted.value().sourceTopic();
        if (!source.endsWith(".reprocess") && !source.startsWith("retry.")) {
            return;
        }
        Predecessor before = jdbc.sql("""
                        select l.id, l.attempts from dead_letter l join dead_letter_decision d on d.id = l.decision_id
                        where l.gateway_id = :gateway and l.topic = :topic and l.payload_hash = :hash and l.id <> :id
                          and d.action = 'REPROCESS' and l.followed_by is null and l.state in ('PENDING', 'REPROCESSED')
                        order by l.failed_at limit 1 for update of l""")
                .param("gateway", gatewayId)
                .param("topic", posted.topic())
                .param("hash", hash)
                .param("id", id)
                .query((row, number) -> new Predecessor(row.getObject("id", UUID.class), row.getInt("attempts")))
                .optional()
                .orElse(null);
        if (before == null) {
            return;
        }
        jdbc.sql("update dead_letter set follows = :before, attempts = attempts + :attempts where id = :id")
                .param("before", before.id())
                .param("attempts", before.attempts())
                .param("id", id)
                .update();
        jdbc.sql("""
                        update dead_letter set state = 'REPROCESS_FAILED', followed_by = :id, state_reason = :reason,
                               done_at = :now, taken_at = coalesce(taken_at, :now)
                        where id = :before""")
                .param("id", id)
                .param(
                        "reason",
                        "It was refused again and is a new letter now: "
                                + clean(posted.value().reason()))
                .param("now", now())
                .param("before", before.id())
                .update();
    }

    /** The same for a letter that comes twice, another for a record that took its place after a stream was made anew. */
    private static UUID id(String gatewayId, PostedLetter posted, byte[] hash) {
        String identity = String.join(
                "\u0000",
                gatewayId,
                posted.topic(),
                posted.value().stage(),
                posted.value().messageId(),
                HexFormat.of().formatHex(hash));
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
    }

    private static String asset(PostedLetter posted) {
        ObjectNode record = posted.value().record();
        JsonNode asset = record == null ? null : record.get("asset_id");
        return asset == null ? posted.key() : asset.asString();
    }

    /** A reading's value or an event's new state, null where there is none. */
    static @Nullable JsonNode value(@Nullable ObjectNode record) {
        for (String name : List.of("value", "new_state")) {
            JsonNode value = record == null ? null : record.get(name);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return null;
    }

    private static byte[] payload(LetterContent letter) {
        try {
            return Base64.getDecoder().decode(letter.payload());
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "The payload of letter '%s' must be base64.".formatted(letter.messageId()), List.of());
        }
    }

    private static byte[] sha256(byte[] payload) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(payload);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** PostgreSQL's texts cannot hold U+0000. */
    private static @Nullable String clean(@Nullable String text) {
        return text == null ? null : text.replace('\u0000', '\u2400');
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
