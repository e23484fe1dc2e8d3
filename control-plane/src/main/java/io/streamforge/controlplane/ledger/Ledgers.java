package io.streamforge.controlplane.ledger;

import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.ledger.LedgerSummary.SequenceGap;
import io.streamforge.controlplane.ledger.LedgerSummary.SinkDelivery;
import io.streamforge.controlplane.ledger.LedgerSummary.SourceLoss;
import io.streamforge.controlplane.ledger.PostedEntries.EntryContent;
import io.streamforge.controlplane.ledger.PostedEntries.PostedEntry;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Adds up what gateways' stages counted, and answers for it. */
@Service
class Ledgers {

    /** Kinds of entries with the column that each adds to. */
    private static final Map<String, String> COLUMNS = Map.ofEntries(
            Map.entry("READ", "read"),
            Map.entry("REPROCESSED", "reprocessed"),
            Map.entry("APPROVED", "approved"),
            Map.entry("CLEAN", "clean"),
            Map.entry("SYNTHETIC", "synthetic"),
            Map.entry("DEAD", "dead"),
            Map.entry("DUPLICATE_DROPPED", "duplicate_dropped"),
            Map.entry("REPEATED", "repeated"),
            Map.entry("SINK_DEAD", "sink_dead"),
            Map.entry("LATE", "late"),
            Map.entry("POLL_FAILED", "failed_polls"),
            Map.entry("POLL_SKIPPED", "skipped_polls"),
            Map.entry("LOST", "lost"),
            Map.entry("UNMAPPED", "unmapped"),
            Map.entry("TURNED_AWAY", "turned_away"));

    private static final String DELIVERED = "DELIVERED";
    private static final String GAP = "SEQUENCE_GAP";

    /** How far a gateway's counts of one minute may come apart: the ledger's longest interval, twice. */
    private static final Duration SETTLING = Duration.ofMinutes(2);

    private static final String SUMS = """
            sum(read) as read, sum(reprocessed) as reprocessed, sum(approved) as approved, sum(clean) as clean,
            sum(synthetic) as synthetic, sum(dead) as dead, sum(duplicate_dropped) as duplicate_dropped,
            sum(repeated) as repeated, sum(sink_dead) as sink_dead, sum(late) as late,
            sum(failed_polls) as failed_polls, sum(skipped_polls) as skipped_polls, sum(lost) as lost,
            sum(unmapped) as unmapped, sum(turned_away) as turned_away, sum(missing) as missing""";

    /**
     * After this minute a gateway's counts may still be on their way. The last two minutes that it counted in are, however long ago the earlier one
     * is: a gateway that was stopped counts the rest of it after its start.
     */
    private static final String OPEN_FROM = """
            (select least(
                 latest.minute - cast(:settling as interval),
                 (select max(earlier.minute) - interval '1 minute' from ledger_minute earlier
                  where earlier.gateway_id = m.gateway_id and earlier.minute < latest.minute))
             from (select max(minute) as minute from ledger_minute where gateway_id = m.gateway_id) latest)""";

    private final JdbcClient jdbc;
    private final Gateways gateways;
    private final LedgerSettings settings;
    private final Clock clock;

    Ledgers(JdbcClient jdbc, Gateways gateways, LedgerSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.gateways = gateways;
        this.settings = settings;
        this.clock = clock;
    }

    /** Adds entries that were not added before. All of them or none: the gateway posts again what was not taken. */
    @Transactional
    void add(String gatewayId, PostedEntries posted) {
        Map<Integer, Long> next = new HashMap<>();
        jdbc.sql("select partition, next_offset from ledger_position where gateway_id = :gateway for update")
                .param("gateway", gatewayId)
                .query((row, number) -> next.put(row.getInt("partition"), row.getLong("next_offset")))
                .list();
        Map<Integer, Long> moved = new HashMap<>();
        for (PostedEntry entry : posted.records()) {
            if (entry.offset() >= next.getOrDefault(entry.partition(), 0L)) {
                next.put(entry.partition(), entry.offset() + 1);
                moved.put(entry.partition(), entry.offset() + 1);
                add(gatewayId, entry.value());
            }
        }
        moved.forEach((partition, offset) -> jdbc.sql("""
                        insert into ledger_position (gateway_id, partition, next_offset) values (:gateway, :partition, :next)
                        on conflict (gateway_id, partition) do update set next_offset = excluded.next_offset""")
                .param("gateway", gatewayId)
                .param("partition", partition)
                .param("next", offset)
                .update());
    }

    private void add(String gatewayId, EntryContent entry) {
        String column = COLUMNS.get(entry.kind());
        String reason = orEmpty(entry.reason());
        if (!reason.isEmpty()) {
            jdbc.sql("""
                            insert into ledger_loss as l (gateway_id, minute, adapter_id, reason, count)
                            values (:gateway, :minute, :adapter, :reason, :count)
                            on conflict (gateway_id, minute, adapter_id, reason)
                            do update set count = l.count + excluded.count""")
                    .params(key(gatewayId, entry))
                    .param("reason", text(reason))
                    .param("count", entry.count())
                    .update();
        }
        if (column != null) {
            jdbc.sql("""
                            insert into ledger_minute as m (gateway_id, minute, adapter_id, asset_id, parameter, %1$s)
                            values (:gateway, :minute, :adapter, :asset, :parameter, :count)
                            on conflict (gateway_id, minute, adapter_id, asset_id, parameter)
                            do update set %1$s = m.%1$s + excluded.%1$s""".formatted(column))
                    .params(key(gatewayId, entry))
                    .param("count", entry.count())
                    .update();
        } else if (entry.kind().equals(DELIVERED)) {
            jdbc.sql("""
                            insert into ledger_sink as s (gateway_id, minute, sink, topic, delivered)
                            values (:gateway, :minute, :sink, :topic, :count)
                            on conflict (gateway_id, minute, sink, topic)
                            do update set delivered = s.delivered + excluded.delivered""")
                    .params(key(gatewayId, entry))
                    .param("sink", text(entry.stage()))
                    .param("topic", text(orEmpty(entry.topic())))
                    .param("count", entry.count())
                    .update();
        } else if (entry.kind().equals(GAP)) {
            jdbc.sql("""
                            insert into ledger_gap (gateway_id, adapter_id, epoch, asset_id, first_sequence, last_sequence,
                                minute, received_at)
                            values (:gateway, :adapter, :epoch, :asset, :first, :last, :minute, :now)
                            on conflict do nothing""")
                    .params(key(gatewayId, entry))
                    .param("epoch", entry.metadata().epoch())
                    .param("first", entry.first())
                    .param("last", entry.last())
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    private static Map<String, Object> key(String gatewayId, EntryContent entry) {
        return Map.of(
                "gateway", gatewayId,
                "minute", entry.minute().truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC),
                "adapter", text(entry.metadata().adapterId()),
                "asset", text(entry.assetId()),
                "parameter", text(entry.parameter()));
    }

    /** @param unbalanced only what is settled and does not balance */
    Page<LedgerSums> list(
            LedgerFilter filter,
            Resolution resolution,
            boolean series,
            boolean unbalanced,
            int limit,
            @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 5);
        String names = series ? "m.asset_id, m.parameter" : "'' as asset_id, '' as parameter";
        String sql = """
                select * from (
                    select m.gateway_id, date_trunc('%s', m.minute, 'UTC') as at, m.adapter_id, %s, %s,
                           max(m.minute) > %s as open
                    from ledger_minute m
                    where (cast(:gateway as text) is null or m.gateway_id = :gateway)
                      and (cast(:adapter as text) is null or m.adapter_id = :adapter)
                      and (cast(:from as timestamptz) is null or m.minute >= :from)
                      and (cast(:to as timestamptz) is null or m.minute < :to)
                    group by 1, 2, 3, 4, 5) s
                where %s %s
                order by at desc, gateway_id desc, adapter_id desc, asset_id desc, parameter desc limit :limit""".formatted(
                        resolution.unit(),
                        names,
                        SUMS,
                        OPEN_FROM,
                        unbalanced ? "missing <> 0 and not open" : "true",
                        after == null
                                ? ""
                                : "and (at, gateway_id, adapter_id, asset_id, parameter) < (cast(:at as timestamptz), :g, :a, :s, :p)");
        JdbcClient.StatementSpec query = jdbc.sql(sql)
                .param("gateway", filter.gateway())
                .param("adapter", filter.adapter())
                .param("from", time(filter.from()))
                .param("to", time(filter.to()))
                .param("settling", SETTLING.toString())
                .param("limit", limit + 1);
        if (after != null) {
            query = query.param("at", after.get(0))
                    .param("g", after.get(1))
                    .param("a", after.get(2))
                    .param("s", after.get(3))
                    .param("p", after.get(4));
        }
        return Cursor.page(
                query.query((row, number) -> sums(row, series)).list(),
                limit,
                sums -> List.of(
                        Objects.requireNonNullElse(sums.at(), Instant.EPOCH).toString(),
                        sums.gatewayId(),
                        orEmpty(sums.adapterId()),
                        orEmpty(sums.assetId()),
                        orEmpty(sums.parameter())));
    }

    LedgerSummary summary(String gatewayId, int hours) {
        gateways.get(gatewayId);
        Instant from = clock.instant().minus(Duration.ofHours(hours)).truncatedTo(ChronoUnit.MINUTES);
        List<LedgerSums> adapters = jdbc.sql("""
                        select m.gateway_id, cast(:from as timestamptz) as at, m.adapter_id, '' as asset_id, '' as parameter, %s,
                               false as open
                        from ledger_minute m where m.gateway_id = :gateway and m.minute >= :from
                        group by m.gateway_id, m.adapter_id order by m.adapter_id""".formatted(SUMS))
                .param("gateway", gatewayId)
                .param("from", time(from))
                .query((row, number) -> sums(row, false))
                .list();
        long[] unbalanced = jdbc.sql("""
                        select coalesce(sum(missing), 0) as missing, count(*) as unbalanced from ledger_minute m
                        where m.gateway_id = :gateway and m.minute >= :from and m.missing <> 0 and m.minute <= %s""".formatted(OPEN_FROM))
                .param("gateway", gatewayId)
                .param("from", time(from))
                .param("settling", SETTLING.toString())
                .query((row, number) -> new long[] {row.getLong("missing"), row.getLong("unbalanced")})
                .single();
        return new LedgerSummary(
                gatewayId,
                from,
                adapters,
                losses(gatewayId, from),
                sinks(gatewayId, from),
                unbalanced[0],
                unbalanced[1],
                gaps(gatewayId, from),
                latestGaps(gatewayId, from));
    }

    private List<SourceLoss> losses(String gatewayId, Instant from) {
        return jdbc.sql("""
                        select adapter_id, reason, sum(count) as count, max(minute) as latest from ledger_loss
                        where gateway_id = :gateway and minute >= :from group by adapter_id, reason order by adapter_id, reason""")
                .param("gateway", gatewayId)
                .param("from", time(from))
                .query((row, number) -> new SourceLoss(
                        row.getString("adapter_id"),
                        row.getString("reason"),
                        row.getLong("count"),
                        row.getObject("latest", OffsetDateTime.class).toInstant()))
                .list();
    }

    private List<SinkDelivery> sinks(String gatewayId, Instant from) {
        return jdbc.sql("""
                        select sink, topic, sum(delivered) as delivered from ledger_sink
                        where gateway_id = :gateway and minute >= :from group by sink, topic order by sink, topic""")
                .param("gateway", gatewayId)
                .param("from", time(from))
                .query((row, number) ->
                        new SinkDelivery(row.getString("sink"), row.getString("topic"), row.getLong("delivered")))
                .list();
    }

    private long gaps(String gatewayId, Instant from) {
        return jdbc.sql("select count(*) from ledger_gap where gateway_id = :gateway and minute >= :from")
                .param("gateway", gatewayId)
                .param("from", time(from))
                .query(Long.class)
                .single();
    }

    private List<SequenceGap> latestGaps(String gatewayId, Instant from) {
        return jdbc.sql("""
                        select * from ledger_gap where gateway_id = :gateway and minute >= :from
                        order by minute desc, adapter_id, epoch, asset_id, first_sequence limit 10""")
                .param("gateway", gatewayId)
                .param("from", time(from))
                .query((row, number) -> new SequenceGap(
                        row.getString("adapter_id"),
                        row.getLong("epoch"),
                        row.getString("asset_id"),
                        row.getLong("first_sequence"),
                        row.getLong("last_sequence"),
                        row.getObject("minute", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** What balances is kept for a while, what does not for longer. */
    @Scheduled(fixedDelayString = "PT1H")
    @Transactional
    void removeOld() {
        Instant now = clock.instant();
        jdbc.sql("delete from ledger_minute where minute < :before and (missing = 0 or minute < :lossBefore)")
                .param("before", time(now.minus(settings.retention())))
                .param("lossBefore", time(now.minus(settings.lossRetention())))
                .update();
        jdbc.sql("delete from ledger_loss where minute < :lossBefore")
                .param("lossBefore", time(now.minus(settings.lossRetention())))
                .update();
        jdbc.sql("delete from ledger_sink where minute < :before")
                .param("before", time(now.minus(settings.retention())))
                .update();
        jdbc.sql("delete from ledger_gap where received_at < :lossBefore")
                .param("lossBefore", time(now.minus(settings.lossRetention())))
                .update();
    }

    private static LedgerSums sums(ResultSet row, boolean series) throws SQLException {
        Instant at = row.getObject("at", OffsetDateTime.class).toInstant();
        return new LedgerSums(
                row.getString("gateway_id"),
                at.equals(Instant.EPOCH) ? null : at,
                orNull(row.getString("adapter_id")),
                series ? orNull(row.getString("asset_id")) : null,
                series ? orNull(row.getString("parameter")) : null,
                row.getLong("read"),
                row.getLong("reprocessed"),
                row.getLong("approved"),
                row.getLong("clean"),
                row.getLong("synthetic"),
                row.getLong("dead"),
                row.getLong("duplicate_dropped"),
                row.getLong("repeated"),
                row.getLong("sink_dead"),
                row.getLong("late"),
                row.getLong("failed_polls"),
                row.getLong("skipped_polls"),
                row.getLong("lost"),
                row.getLong("unmapped"),
                row.getLong("turned_away"),
                row.getLong("missing"),
                row.getBoolean("open"));
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String orNull(String name) {
        return name.isEmpty() ? null : name;
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }

    /** PostgreSQL's texts cannot hold U+0000. */
    private static String text(String name) {
        return name.replace('\u0000', '\u2400');
    }
}
