package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.adapter.MethodArgument;
import io.streamforge.controlplane.adapter.WriteRule;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The revisions, written once and never again (the database refuses it too), and the record of their activations. */
@Repository
class Revisions {

    private static final String SELECT = """
            select r.number, r.gateway_id, r.hash, r.created_at, r.created_by, a.at, a.by,
                   coalesce(g.desired_deployment_id = r.deployment_id and g.desired_revision = r.number, false) as active
            from revision r
            left join gateway g on g.id = r.gateway_id
            left join lateral (select at, by from activation
                               where deployment_id = r.deployment_id and revision = r.number
                               order by id desc limit 1) a on true
            """;

    private final JdbcClient jdbc;
    private final JdbcTemplate batch;
    private final JsonMapper json;
    private final Clock clock;

    Revisions(JdbcClient jdbc, JdbcTemplate batch, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.batch = batch;
        this.json = json;
        this.clock = clock;
    }

    /** A signal that a revision maps. */
    record TagRow(
            String assetId,
            String parameter,
            @Nullable String unit,
            String adapterId,
            @Nullable WriteRule writeRule) {}

    /** A method that a revision maps. */
    record MethodRow(
            String assetId,
            String name,
            String adapterId,
            List<MethodArgument> arguments,
            @Nullable WriteRule rule) {}

    Optional<Integer> latest(String deploymentId) {
        return jdbc.sql("select number from revision where deployment_id = :id order by number desc limit 1")
                .param("id", deploymentId)
                .query(Integer.class)
                .optional();
    }

    Page<Revision> list(String deploymentId, int limit, @Nullable String cursor) {
        List<String> before = Cursor.read(cursor, 1);
        List<Revision> rows = jdbc.sql(SELECT
                        + " where r.deployment_id = :id and r.number < :before order by r.number desc limit :limit")
                .param("id", deploymentId)
                .param("before", before == null ? Integer.MAX_VALUE : Integer.parseInt(before.get(0)))
                .param("limit", limit + 1)
                .query(Revisions::revision)
                .list();
        return Cursor.page(rows, limit, revision -> List.of(Integer.toString(revision.number())));
    }

    Revision get(String deploymentId, int number) {
        return jdbc.sql(SELECT + " where r.deployment_id = :id and r.number = :number")
                .param("id", deploymentId)
                .param("number", number)
                .query(Revisions::revision)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("revision", deploymentId + "/" + number));
    }

    Snapshot snapshot(String deploymentId, int number) {
        return column("snapshot", deploymentId, number, Snapshot.class);
    }

    RoutePlan plan(String deploymentId, int number) {
        return column("plan", deploymentId, number, RoutePlan.class);
    }

    private <T> T column(String name, String deploymentId, int number, Class<T> type) {
        return jdbc.sql("select " + name + " from revision where deployment_id = :id and number = :number")
                .param("id", deploymentId)
                .param("number", number)
                .query(String.class)
                .optional()
                .map(text -> json.readValue(text, type))
                .orElseThrow(() -> ProblemException.notFound("revision", deploymentId + "/" + number));
    }

    /** The plan a gateway is to run. */
    Optional<RoutePlan> desired(String gatewayId) {
        return jdbc.sql("""
                        select r.plan from gateway g
                        join revision r on r.deployment_id = g.desired_deployment_id and r.number = g.desired_revision
                        where g.id = :gateway""")
                .param("gateway", gatewayId)
                .query(String.class)
                .optional()
                .map(text -> json.readValue(text, RoutePlan.class));
    }

    void freeze(String deploymentId, Snapshot snapshot, RoutePlan plan, User user) {
        jdbc.sql("""
                        insert into revision (deployment_id, number, gateway_id, hash, snapshot, plan, created_at, created_by)
                        values (:id, :number, :gateway, :hash, cast(:snapshot as json), cast(:plan as json), :now, :by)""")
                .param("id", deploymentId)
                .param("number", plan.revision())
                .param("gateway", plan.gateway())
                .param("hash", plan.hash())
                .param("snapshot", json.writeValueAsString(snapshot))
                .param("plan", json.writeValueAsString(plan))
                .param("now", now())
                .param("by", user.username())
                .update();
    }

    /** Records an activation, and makes its tags and methods those of the gateway. */
    void activate(String deploymentId, RoutePlan plan, List<TagRow> tags, List<MethodRow> methods, User user) {
        jdbc.sql("""
                        insert into activation (gateway_id, deployment_id, revision, at, by)
                        values (:gateway, :deployment, :revision, :now, :by)""")
                .param("gateway", plan.gateway())
                .param("deployment", deploymentId)
                .param("revision", plan.revision())
                .param("now", now())
                .param("by", user.username())
                .update();
        jdbc.sql("delete from tag where gateway_id = :gateway")
                .param("gateway", plan.gateway())
                .update();
        batch.batchUpdate(
                "insert into tag (gateway_id, asset_id, parameter, unit, adapter_id, write_rule) values (?, ?, ?, ?, ?, cast(? as json))",
                tags,
                500,
                (statement, tag) -> {
                    statement.setString(1, plan.gateway());
                    statement.setString(2, tag.assetId());
                    statement.setString(3, tag.parameter());
                    statement.setString(4, tag.unit());
                    statement.setString(5, tag.adapterId());
                    statement.setString(6, tag.writeRule() == null ? null : json.writeValueAsString(tag.writeRule()));
                });
        jdbc.sql("delete from method where gateway_id = :gateway")
                .param("gateway", plan.gateway())
                .update();
        batch.batchUpdate(
                "insert into method (gateway_id, asset_id, name, adapter_id, arguments, rule) values (?, ?, ?, ?, cast(? as json), cast(? as json))",
                methods,
                500,
                (statement, method) -> {
                    statement.setString(1, plan.gateway());
                    statement.setString(2, method.assetId());
                    statement.setString(3, method.name());
                    statement.setString(4, method.adapterId());
                    statement.setString(5, json.writeValueAsString(method.arguments()));
                    statement.setString(6, method.rule() == null ? null : json.writeValueAsString(method.rule()));
                });
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Revision revision(ResultSet row, int number) throws SQLException {
        OffsetDateTime activated = row.getObject("at", OffsetDateTime.class);
        return new Revision(
                row.getInt("number"),
                row.getString("gateway_id"),
                row.getString("hash"),
                row.getBoolean("active"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                activated == null ? null : activated.toInstant(),
                row.getString("by"));
    }
}
