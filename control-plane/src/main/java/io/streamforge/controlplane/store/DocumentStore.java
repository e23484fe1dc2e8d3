package io.streamforge.controlplane.store;

import io.streamforge.controlplane.audit.AuditLog;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Opens the {@link Documents} of a kind. */
@Component
public class DocumentStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final AuditLog audit;
    private final Clock clock;

    DocumentStore(JdbcClient jdbc, JsonMapper json, AuditLog audit, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param kind as it is called in messages, such as {@code rule set} */
    public <D> Documents<D> documents(String kind, Class<D> type, Function<D, String> id, Function<D, String> name) {
        return Documents.of(kind, type, id, name, this);
    }

    /** Ids of the documents whose JSON array at {@code field} holds a text, or whose text at {@code field} is it. */
    public List<String> holding(String kind, String field, String text) {
        return jdbc.sql("""
                        select id from document
                        where kind = :kind and jsonb_exists(cast(body as jsonb) -> :field, :text) order by id""")
                .param("kind", kind)
                .param("field", field)
                .param("text", text)
                .query(String.class)
                .list();
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    JsonMapper json() {
        return json;
    }

    AuditLog audit() {
        return audit;
    }

    Clock clock() {
        return clock;
    }
}
