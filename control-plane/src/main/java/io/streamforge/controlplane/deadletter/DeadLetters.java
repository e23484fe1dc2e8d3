package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.LetterAction;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks dead letters up. */
@Service
class DeadLetters {

    /** A letter somebody can decide about: nobody has, or what was decided failed and no later letter took its place. */
    static final String OPEN =
            "(l.state = 'PENDING' and l.decision_id is null or l.state = 'REPROCESS_FAILED' and l.followed_by is null)";

    static final String FITS = """
            (cast(:state as text) is null or l.state = :state)
            and (cast(:gateway as text) is null or l.gateway_id = :gateway)
            and (cast(:topic as text) is null or l.topic = :topic)
            and (cast(:stage as text) is null or l.stage = :stage)
            and (cast(:reason as text) is null or l.reason_code = :reason)
            and (cast(:asset as text) is null or strpos(lower(l.asset_id), lower(:asset)) > 0)
            and (cast(:from as timestamptz) is null or l.failed_at >= :from)
            and (cast(:to as timestamptz) is null or l.failed_at < :to)""";

    private static final String SELECT = """
            select l.*, d.action, d.value as decision_value, d.by, d.at
            from dead_letter l left join dead_letter_decision d on d.id = l.decision_id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final DeadLetterSettings settings;
    private final Clock clock;

    DeadLetters(JdbcClient jdbc, JsonMapper json, DeadLetterSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.settings = settings;
        this.clock = clock;
    }

    Page<DeadLetter> list(DeadLetterFilter filter, int limit, @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 2);
        String sql = SELECT + "where " + FITS
                + (after == null ? "" : " and (l.failed_at, l.id) < (cast(:at as timestamptz), cast(:id as uuid))")
                + " order by l.failed_at desc, l.id desc limit :limit";
        JdbcClient.StatementSpec query = bind(jdbc.sql(sql), filter).param("limit", limit + 1);
        if (after != null) {
            query = query.param("at", after.get(0)).param("id", after.get(1));
        }
        return Cursor.page(
                query.query(this::letter).list(),
                limit,
                letter -> List.of(letter.failedAt().toString(), letter.id().toString()));
    }

    DeadLetterCounts counts(DeadLetterFilter filter) {
        Instant asOf = clock.instant();
        List<long[]> sums = new ArrayList<>();
        List<DeadLetterCounts.ReasonCount> reasons = bind(jdbc.sql("""
                        select l.reason_code, count(*) as total, count(*) filter (where %s) as open,
                               count(*) filter (where l.approvable and %s) as approvable
                        from dead_letter l where %s and l.received_at <= :asOf
                        group by l.reason_code order by total desc, l.reason_code""".formatted(OPEN, OPEN, FITS)), filter)
                .param("asOf", asOf.atOffset(ZoneOffset.UTC))
                .query((row, number) -> {
                    sums.add(new long[] {row.getLong("total"), row.getLong("approvable"), row.getLong("open")});
                    return new DeadLetterCounts.ReasonCount(
                            row.getString("reason_code"), row.getLong("total"), row.getLong("open"));
                })
                .list();
        return new DeadLetterCounts(
                asOf,
                sums.stream().mapToLong(sum -> sum[0]).sum(),
                sums.stream().mapToLong(sum -> sum[1]).sum(),
                sums.stream().mapToLong(sum -> sum[2]).sum(),
                reasons,
                fullGateways());
    }

    /** Undecided letters of a gateway, and those whose decision is under way. */
    long pending(String gatewayId) {
        return jdbc.sql("select count(*) from dead_letter where gateway_id = :gateway and state = 'PENDING'")
                .param("gateway", gatewayId)
                .query(Long.class)
                .single();
    }

    private List<String> fullGateways() {
        return jdbc.sql("""
                        select gateway_id from dead_letter where state = 'PENDING'
                        group by gateway_id having count(*) >= :limit order by gateway_id""")
                .param("limit", settings.pendingLimit())
                .query(String.class)
                .list();
    }

    DeadLetterDetail get(UUID id) {
        return jdbc.sql(SELECT + "where l.id = :id")
                .param("id", id)
                .query(this::detail)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("dead letter", id.toString()));
    }

    static JdbcClient.StatementSpec bind(JdbcClient.StatementSpec query, DeadLetterFilter filter) {
        return query.param(
                        "state", filter.state() == null ? null : filter.state().name())
                .param("gateway", filter.gateway())
                .param("topic", filter.topic())
                .param("stage", filter.stage())
                .param("reason", filter.reason())
                .param("asset", filter.asset())
                .param("from", filter.from() == null ? null : filter.from().atOffset(ZoneOffset.UTC))
                .param("to", filter.to() == null ? null : filter.to().atOffset(ZoneOffset.UTC));
    }

    private DeadLetterDetail detail(ResultSet row, int number) throws SQLException {
        byte[] payload = row.getBytes("payload");
        return new DeadLetterDetail(
                letter(row, number),
                new Arguments.LetterPlace(
                        row.getString("topic"),
                        row.getInt("partition"),
                        row.getLong("offset"),
                        row.getString("message_id")),
                record(row),
                new DeadLetterDetail.LetterPayload(
                        row.getInt("payload_bytes"),
                        row.getInt("payload_bytes") == payload.length,
                        row.getObject("schema_id", Integer.class),
                        Base64.getEncoder().encodeToString(payload),
                        HexFormat.ofDelimiter(" ").formatHex(payload)),
                actions(row),
                row.getObject("follows", UUID.class),
                row.getObject("followed_by", UUID.class));
    }

    private static List<LetterAction> actions(ResultSet row) throws SQLException {
        DeadLetterState state = DeadLetterState.valueOf(row.getString("state"));
        boolean open = state == DeadLetterState.PENDING
                ? row.getObject("decision_id") == null
                : state == DeadLetterState.REPROCESS_FAILED && row.getObject("followed_by") == null;
        if (!open) {
            return List.of();
        }
        List<LetterAction> actions = new ArrayList<>();
        if (row.getBoolean("approvable")) {
            actions.add(LetterAction.APPROVE);
        }
        if (row.getString("record") != null && !row.getString("topic").equals(Inbox.SINK_TOPIC)) {
            actions.add(LetterAction.EDIT);
        }
        actions.add(LetterAction.REPROCESS);
        actions.add(LetterAction.DISCARD);
        return actions;
    }

    private DeadLetter letter(ResultSet row, int number) throws SQLException {
        ObjectNode record = record(row);
        return new DeadLetter(
                row.getObject("id", UUID.class),
                row.getString("gateway_id"),
                row.getString("topic"),
                row.getString("message_id"),
                row.getString("source_topic"),
                row.getString("stage"),
                row.getString("reason_code"),
                row.getString("reason"),
                time(row, "failed_at"),
                time(row, "received_at"),
                row.getInt("attempts"),
                row.getString("asset_id"),
                text(record, "parameter", "event_type"),
                Inbox.value(record),
                text(record, "unit"),
                DeadLetterState.valueOf(row.getString("state")),
                row.getString("state_reason"),
                decision(row));
    }

    private DeadLetter.@Nullable LetterDecision decision(ResultSet row) throws SQLException {
        UUID id = row.getObject("decision_id", UUID.class);
        if (id == null) {
            return null;
        }
        String value = row.getString("decision_value");
        return new DeadLetter.LetterDecision(
                id,
                LetterAction.valueOf(row.getString("action")),
                value == null ? null : json.readTree(value),
                row.getString("by"),
                time(row, "at"),
                row.getObject("done_at") != null
                        ? DecisionProgress.DONE
                        : row.getObject("taken_at") != null ? DecisionProgress.TAKEN : DecisionProgress.WAITING);
    }

    private @Nullable ObjectNode record(ResultSet row) throws SQLException {
        String text = row.getString("record");
        return text == null ? null : (ObjectNode) json.readTree(text);
    }

    private static @Nullable String text(@Nullable ObjectNode record, String... names) {
        for (String name : names) {
            JsonNode field = record == null ? null : record.get(name);
            if (field != null && field.isString()) {
                return field.stringValue();
            }
        }
        return null;
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
