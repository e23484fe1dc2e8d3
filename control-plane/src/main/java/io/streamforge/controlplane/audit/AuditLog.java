package io.streamforge.controlplane.audit;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.RequestId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Enters every write, in the transaction of the write itself. */
@Component
public class AuditLog {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /**
     * @param action verb such as {@code adapter.update}
     * @param detail becomes JSON; null for none; never a secret
     */
    public void record(User user, String action, String object, @Nullable Object detail) {
        record(user.username(), action, object, detail);
    }

    /** @param actor who, where no user of ours did it: {@code gateway:<id>} or {@code anonymous} */
    public void record(String actor, String action, String object, @Nullable Object detail) {
        jdbc.sql("""
                        insert into audit (at, actor, action, object, detail, request_id)
                        values (:at, :actor, :action, :object, cast(:detail as json), :requestId)""")
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .param("actor", actor)
                .param("action", action)
                .param("object", object)
                .param("detail", detail == null ? null : json.writeValueAsString(detail))
                .param("requestId", RequestId.current())
                .update();
    }

    Page<AuditEntry> list(@Nullable String actor, @Nullable String action, int limit, @Nullable String cursor) {
        List<String> before = Cursor.read(cursor, 1);
        List<AuditEntry> rows = jdbc.sql("""
                        select * from audit
                        where id < :before and (cast(:actor as text) is null or actor = :actor)
                          and (cast(:action as text) is null or action = :action)
                        order by id desc limit :limit""")
                .param("before", before == null ? Long.MAX_VALUE : Long.parseLong(before.get(0)))
                .param("actor", actor)
                .param("action", action)
                .param("limit", limit + 1)
                .query((row, number) -> new AuditEntry(
                        row.getLong("id"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("object"),
                        row.getString("detail") == null
                                ? null
                                : json.readValue(row.getString("detail"), ObjectNode.class),
                        row.getString("request_id")))
                .list();
        return Cursor.page(rows, limit, entry -> List.of(Long.toString(entry.id())));
    }
}
