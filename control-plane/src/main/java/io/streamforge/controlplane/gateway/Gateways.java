package io.streamforge.controlplane.gateway;

import io.streamforge.controlplane.access.GatewayLookup;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The gateways: who they are, whether they are let in, what they said last and what they should run. */
@Service
public class Gateways implements GatewayLookup {

    /** Three heartbeats missed. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration RESTART_LIMIT = Duration.ofSeconds(15);
    private static final Duration REPLAY_LIMIT = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Commands commands;
    private final AuditLog audit;
    private final Clock clock;

    Gateways(JdbcClient jdbc, JsonMapper json, Commands commands, AuditLog audit, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.commands = commands;
        this.audit = audit;
        this.clock = clock;
    }

    /** A gateway as enrolment sees it. */
    public record Enrolled(String id, GatewayStatus status, String thumbprint, String fingerprint) {}

    public Page<Gateway> list(@Nullable GatewayStatus status, int limit, @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 1);
        List<Gateway> rows = jdbc.sql("""
                        select * from gateway
                        where id > :after and (cast(:status as text) is null or status = :status)
                        order by id limit :limit""")
                .param("after", after == null ? "" : after.get(0))
                .param("status", status == null ? null : status.name())
                .param("limit", limit + 1)
                .query(this::gateway)
                .list();
        return Cursor.page(rows, limit, gateway -> List.of(gateway.id()));
    }

    /** All of them, for an overview. */
    public List<Gateway> all() {
        return jdbc.sql("select * from gateway order by id")
                .query(this::gateway)
                .list();
    }

    /** Where a route runs, by gateway. */
    public List<RouteRun> running(String routeId) {
        List<Gateway> hosts =
                jdbc.sql("""
                        select * from gateway
                        where status = 'APPROVED' and exists (
                            select from json_array_elements(heartbeat -> 'routes') route where route ->> 'routeId' = :route)
                        order by id""").param("route", routeId).query(this::gateway).list();
        List<RouteRun> runs = new ArrayList<>();
        for (Gateway host : hosts) {
            for (RouteStatus route : host.routes()) {
                Instant told = host.lastHeartbeatAt();
                if (told != null && route.routeId().equals(routeId)) {
                    runs.add(new RouteRun(host.id(), host.health(), told, route));
                }
            }
        }
        return runs;
    }

    public Optional<Gateway> find(String id) {
        return jdbc.sql("select * from gateway where id = :id")
                .param("id", id)
                .query(this::gateway)
                .optional();
    }

    public Gateway get(String id) {
        return find(id).orElseThrow(() -> ProblemException.notFound("gateway", id));
    }

    @Override
    public Optional<Standing> standing(String gatewayId) {
        return jdbc.sql("select status, key_thumbprint from gateway where id = :id")
                .param("id", gatewayId)
                .query((row, number) -> new Standing(
                        row.getString("status").equals(GatewayStatus.APPROVED.name()), row.getString("key_thumbprint")))
                .optional();
    }

    public Optional<Enrolled> byKey(String thumbprint) {
        return jdbc.sql("select id, status, key_thumbprint, fingerprint from gateway where key_thumbprint = :key")
                .param("key", thumbprint)
                .query((row, number) -> new Enrolled(
                        row.getString("id"),
                        GatewayStatus.valueOf(row.getString("status")),
                        row.getString("key_thumbprint"),
                        row.getString("fingerprint")))
                .optional();
    }

    /** Puts a gateway on the list of those that wait for approval. */
    @Transactional
    public Enrolled enroll(
            String name, String thumbprint, String fingerprint, String host, String hardware, String version) {
        int rows = jdbc.sql("""
                        insert into gateway (id, status, key_thumbprint, fingerprint, host, hardware,
                                             software_version, enrolled_at)
                        values (:id, 'PENDING', :key, :fingerprint, :host, :hardware, :version, :now)
                        on conflict do nothing""")
                .param("id", name)
                .param("key", thumbprint)
                .param("fingerprint", fingerprint)
                .param("host", host)
                .param("hardware", hardware)
                .param("version", version)
                .param("now", now())
                .update();
        if (rows == 0) {
            String message =
                    "Gateway '%s' exists with another key: choose another name, or have an administrator delete it."
                            .formatted(name);
            throw new ProblemException(
                    HttpStatus.CONFLICT, "gateway-name-taken", message, List.of(new FieldProblem("/name", message)));
        }
        audit.record("gateway:" + name, "gateway.enroll", name, Map.of("fingerprint", fingerprint, "host", host));
        return new Enrolled(name, GatewayStatus.PENDING, thumbprint, fingerprint);
    }

    @Transactional
    public Gateway approve(String id, String fingerprint, User user) {
        Gateway gateway = get(id);
        if (gateway.status() == GatewayStatus.REVOKED) {
            throw ProblemException.conflict(
                    "gateway-revoked", "Gateway '%s' was revoked: delete it and let it enrol again.".formatted(id));
        }
        if (!gateway.fingerprint().equals(fingerprint.strip().toLowerCase(Locale.ROOT))) {
            String message = "fingerprint must be the one that gateway '%s' shows; it is not.".formatted(id);
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "fingerprint-mismatch",
                    message,
                    List.of(new FieldProblem("/fingerprint", message)));
        }
        if (gateway.status() == GatewayStatus.PENDING) {
            jdbc.sql("""
                            update gateway set status = 'APPROVED', approved_at = :now, approved_by = :by
                            where id = :id and status = 'PENDING'""")
                    .param("now", now())
                    .param("by", user.username())
                    .param("id", id)
                    .update();
            audit.record(user, "gateway.approve", id, Map.of("fingerprint", gateway.fingerprint()));
        }
        return get(id);
    }

    @Transactional
    public Gateway revoke(String id, User user) {
        get(id);
        int rows = jdbc.sql("update gateway set status = 'REVOKED' where id = :id and status <> 'REVOKED'")
                .param("id", id)
                .update();
        if (rows > 0) {
            audit.record(user, "gateway.revoke", id, null);
        }
        commands.disconnect(id);
        return get(id);
    }

    @Transactional
    public void delete(String id, User user) {
        int rows =
                jdbc.sql("delete from gateway where id = :id").param("id", id).update();
        if (rows == 0) {
            throw ProblemException.notFound("gateway", id);
        }
        audit.record(user, "gateway.delete", id, null);
        commands.disconnect(id);
    }

    CompletableFuture<CommandAnswer> restartRoute(String id, String routeId, User user) {
        Gateway gateway = get(id);
        if (gateway.routes().stream().noneMatch(route -> route.routeId().equals(routeId))) {
            throw ProblemException.notFound("route", routeId);
        }
        audit.record(user, "route.restart", id + "/" + routeId, null);
        return commands.ask(id, new Arguments.RestartRoute(routeId), RESTART_LIMIT);
    }

    CompletableFuture<CommandAnswer> replay(String id, ReplayRequest request, User user) {
        Gateway gateway = get(id);
        if (gateway.routes().stream().noneMatch(route -> route.routeId().equals(request.routeId()))) {
            throw ProblemException.notFound("route", request.routeId());
        }
        Arguments.Replay replay = new Arguments.Replay(
                Objects.requireNonNullElseGet(
                        request.id(), () -> UUID.randomUUID().toString().substring(0, 8)),
                request.routeId(),
                request.from(),
                request.to(),
                request.into(),
                Objects.requireNonNullElse(request.ratePerS(), ReplayRequest.STANDARD_RATE));
        audit.record(user, "replay.start", id + "/" + replay.replayId(), replay);
        return commands.ask(id, replay, REPLAY_LIMIT);
    }

    CompletableFuture<CommandAnswer> cancelReplay(String id, String replayId, User user) {
        Gateway gateway = get(id);
        if (gateway.replays().stream().noneMatch(replay -> replay.id().equals(replayId))) {
            throw ProblemException.notFound("replay", replayId);
        }
        audit.record(user, "replay.cancel", id + "/" + replayId, null);
        return commands.ask(id, new Arguments.CancelReplay(replayId), REPLAY_LIMIT);
    }

    /** @return whether the gateway should pull another plan than the one it names */
    @Transactional
    public boolean heartbeat(String id, Heartbeat heartbeat) {
        return jdbc.sql("""
                        update gateway set last_heartbeat_at = :now, software_version = :version,
                               heartbeat = cast(:heartbeat as json)
                        where id = :id returning desired_hash, desired_revision""")
                .param("now", now())
                .param("version", heartbeat.version())
                .param("heartbeat", json.writeValueAsString(heartbeat))
                .param("id", id)
                .query((row, number) -> {
                    String desiredHash = row.getString("desired_hash");
                    Integer desiredRevision = row.getObject("desired_revision", Integer.class);
                    return desiredHash != null
                            && desiredRevision != null
                            && !(runs(heartbeat, desiredHash, desiredRevision)
                                    || rejects(heartbeat, desiredHash, desiredRevision));
                })
                .single();
    }

    private static boolean runs(Heartbeat heartbeat, String hash, int revision) {
        return hash.equals(heartbeat.planHash()) && Objects.equals(heartbeat.runningRevision(), revision);
    }

    private static boolean rejects(Heartbeat heartbeat, String hash, int revision) {
        RejectedPlan rejected = heartbeat.rejected();
        return rejected != null && rejected.hash().equals(hash) && rejected.revision() == revision;
    }

    /** Says what a gateway is to run, and tells it once the caller's transaction has gone through. */
    public void desire(String id, String deploymentId, int revision, String hash) {
        jdbc.sql("""
                        update gateway set desired_deployment_id = :deployment, desired_revision = :revision,
                               desired_hash = :hash where id = :id""")
                .param("deployment", deploymentId)
                .param("revision", revision)
                .param("hash", hash)
                .param("id", id)
                .update();
        AfterCommit.run(() -> commands.tell(id, new Arguments.PlanChanged(revision)));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private Gateway gateway(ResultSet row, int number) throws SQLException {
        String text = row.getString("heartbeat");
        Heartbeat heartbeat = text == null ? null : json.readValue(text, Heartbeat.class);
        Instant last = instant(row, "last_heartbeat_at");
        boolean silent = last == null || last.isBefore(clock.instant().minus(SILENCE));
        return new Gateway(
                row.getString("id"),
                row.getString("id"),
                GatewayStatus.valueOf(row.getString("status")),
                silent || heartbeat == null ? GatewayHealth.OFFLINE : heartbeat.health(),
                row.getString("fingerprint"),
                row.getString("host"),
                row.getString("hardware"),
                row.getString("software_version"),
                row.getObject("enrolled_at", OffsetDateTime.class).toInstant(),
                instant(row, "approved_at"),
                row.getString("approved_by"),
                last,
                heartbeat == null ? null : heartbeat.runningRevision(),
                row.getObject("desired_revision", Integer.class),
                row.getString("desired_deployment_id"),
                heartbeat == null ? null : heartbeat.rejected(),
                heartbeat == null ? List.of() : heartbeat.routes(),
                heartbeat == null || heartbeat.replays() == null ? List.of() : heartbeat.replays(),
                heartbeat == null ? null : heartbeat.stream());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
