package io.streamforge.controlplane.store;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The objects of one kind that people edit: adapters, sinks, rule sets, deployments. Each write checks the version the
 * caller has seen, raises it, and enters the audit. The caller's transaction holds all of it together.
 *
 * @param <D> what people write
 */
public final class Documents<D> {

    private final String kind;
    private final Class<D> type;
    private final Function<D, String> id;
    private final Function<D, String> name;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final AuditLog audit;
    private final Clock clock;

    private Documents(
            String kind, Class<D> type, Function<D, String> id, Function<D, String> name, DocumentStore store) {
        this.kind = kind;
        this.type = type;
        this.id = id;
        this.name = name;
        this.jdbc = store.jdbc();
        this.json = store.json();
        this.audit = store.audit();
        this.clock = store.clock();
    }

    static <D> Documents<D> of(
            String kind, Class<D> type, Function<D, String> id, Function<D, String> name, DocumentStore store) {
        return new Documents<>(kind, type, id, name, store);
    }

    /** A document with what the store knows of it. */
    public record Stored<D>(D definition, long version, Instant updatedAt, String updatedBy) {}

    /** By id; {@code q} is looked for in id and name. */
    public <V> Page<V> list(@Nullable String q, int limit, @Nullable String cursor, Function<Stored<D>, V> view) {
        List<String> after = Cursor.read(cursor, 1);
        List<Stored<D>> rows = jdbc.sql("""
                        select body, version, updated_at, updated_by from document
                        where kind = :kind and id > :after
                          and (cast(:q as text) is null
                               or strpos(lower(id), lower(:q)) > 0 or strpos(lower(name), lower(:q)) > 0)
                        order by id limit :limit""")
                .param("kind", kind)
                .param("after", after == null ? "" : after.get(0))
                .param("q", q)
                .param("limit", limit + 1)
                .query(this::row)
                .list();
        Page<Stored<D>> page = Cursor.page(rows, limit, stored -> List.of(id.apply(stored.definition())));
        return new Page<>(page.items().stream().map(view).toList(), page.nextCursor());
    }

    public Optional<Stored<D>> find(String wanted) {
        return jdbc.sql("select body, version, updated_at, updated_by from document where kind = :kind and id = :id")
                .param("kind", kind)
                .param("id", wanted)
                .query(this::row)
                .optional();
    }

    public Stored<D> get(String wanted) {
        return find(wanted).orElseThrow(() -> ProblemException.notFound(kind, wanted));
    }

    public Stored<D> create(D definition, User user) {
        Instant now = clock.instant();
        int rows = jdbc.sql("""
                        insert into document (kind, id, name, body, version, updated_at, updated_by)
                        values (:kind, :id, :name, cast(:body as json), 1, :now, :by) on conflict do nothing""")
                .param("kind", kind)
                .param("id", id.apply(definition))
                .param("name", name.apply(definition))
                .param("body", json.writeValueAsString(definition))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", user.username())
                .update();
        if (rows == 0) {
            String message = "%s '%s' exists already: choose another id.".formatted(capital(), id.apply(definition));
            throw new ProblemException(
                    org.springframework.http.HttpStatus.CONFLICT,
                    "exists",
                    message,
                    List.of(new FieldProblem("/id", message)));
        }
        audit.record(user, action("create"), id.apply(definition), definition);
        return new Stored<>(definition, 1, now, user.username());
    }

    public Stored<D> update(String wanted, D definition, Version seen, User user) {
        if (!id.apply(definition).equals(wanted)) {
            String message = "id must be '%s' as in the address, got '%s'.".formatted(wanted, id.apply(definition));
            throw ProblemException.invalid(message, List.of(new FieldProblem("/id", message)));
        }
        Instant now = clock.instant();
        int rows = jdbc.sql("""
                        update document set name = :name, body = cast(:body as json), version = version + 1,
                               updated_at = :now, updated_by = :by
                        where kind = :kind and id = :id and version = :seen""")
                .param("name", name.apply(definition))
                .param("body", json.writeValueAsString(definition))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", user.username())
                .param("kind", kind)
                .param("id", wanted)
                .param("seen", seen.number())
                .update();
        if (rows == 0) {
            throw stale(wanted, seen);
        }
        audit.record(user, action("update"), wanted, definition);
        return new Stored<>(definition, seen.number() + 1, now, user.username());
    }

    public void delete(String wanted, Version seen, User user) {
        int rows = jdbc.sql("delete from document where kind = :kind and id = :id and version = :seen")
                .param("kind", kind)
                .param("id", wanted)
                .param("seen", seen.number())
                .update();
        if (rows == 0) {
            throw stale(wanted, seen);
        }
        audit.record(user, action("delete"), wanted, null);
    }

    /** Holds the document until the caller's transaction ends, and checks its version. */
    public Stored<D> lock(String wanted, Version seen) {
        Stored<D> stored = jdbc.sql("""
                        select body, version, updated_at, updated_by from document
                        where kind = :kind and id = :id for update""")
                .param("kind", kind)
                .param("id", wanted)
                .query(this::row)
                .optional()
                .orElseThrow(() -> ProblemException.notFound(kind, wanted));
        if (stored.version() != seen.number()) {
            throw ProblemException.stale(capital(), wanted, stored.version(), seen);
        }
        return stored;
    }

    private ProblemException stale(String wanted, Version seen) {
        return ProblemException.stale(capital(), wanted, get(wanted).version(), seen);
    }

    private String action(String verb) {
        return kind.replace(' ', '-') + "." + verb;
    }

    private String capital() {
        return Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
    }

    private Stored<D> row(ResultSet row, int number) throws SQLException {
        return new Stored<>(
                json.readValue(row.getString("body"), type),
                row.getLong("version"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("updated_by"));
    }
}
