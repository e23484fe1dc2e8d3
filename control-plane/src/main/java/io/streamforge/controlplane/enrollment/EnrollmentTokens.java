package io.streamforge.controlplane.enrollment;

import io.streamforge.controlplane.access.Secrets;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Tokens that let a gateway ask to become known: N uses, an end, only the hash kept. */
@Service
class EnrollmentTokens {

    private final JdbcClient jdbc;
    private final AuditLog audit;
    private final Clock clock;

    EnrollmentTokens(JdbcClient jdbc, AuditLog audit, Clock clock) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.clock = clock;
    }

    @Transactional
    public EnrollmentTokenCreated create(EnrollmentTokenRequest request, User user) {
        String id = UUID.randomUUID().toString();
        String token = Secrets.token();
        Instant now = clock.instant();
        Instant expiresAt = now.plus(Duration.ofMinutes(request.expiresInMinutes()));
        jdbc.sql("""
                        insert into enrollment_token
                            (id, name, token_hash, uses, uses_left, expires_at, created_at, created_by)
                        values (:id, :name, :hash, :uses, :uses, :expires, :now, :by)""")
                .param("id", id)
                .param("name", request.name())
                .param("hash", Secrets.hash(token))
                .param("uses", request.uses())
                .param("expires", expiresAt.atOffset(ZoneOffset.UTC))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", user.username())
                .update();
        audit.record(
                user,
                "enrollment-token.create",
                id,
                Map.of("name", request.name(), "uses", request.uses(), "expiresAt", expiresAt.toString()));
        return new EnrollmentTokenCreated(id, request.name(), token, request.uses(), expiresAt);
    }

    Page<EnrollmentToken> list(int limit, @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 1);
        List<EnrollmentToken> rows = jdbc.sql(
                        "select * from enrollment_token where id > :after order by id limit :limit")
                .param("after", after == null ? "" : after.get(0))
                .param("limit", limit + 1)
                .query((row, number) -> new EnrollmentToken(
                        row.getString("id"),
                        row.getString("name"),
                        row.getInt("uses"),
                        row.getInt("uses_left"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("created_by")))
                .list();
        return Cursor.page(rows, limit, token -> List.of(token.id()));
    }

    @Transactional
    public void delete(String id, User user) {
        int rows = jdbc.sql("delete from enrollment_token where id = :id")
                .param("id", id)
                .update();
        if (rows == 0) {
            throw ProblemException.notFound("enrollment token", id);
        }
        audit.record(user, "enrollment-token.delete", id, null);
    }

    /** Takes one use; the caller's transaction gives it back if what follows fails. */
    void use(String token) {
        int rows = jdbc.sql("""
                        update enrollment_token set uses_left = uses_left - 1
                        where token_hash = :hash and uses_left > 0 and expires_at > :now""")
                .param("hash", Secrets.hash(token))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        if (rows == 0) {
            throw new ProblemException(
                    HttpStatus.UNAUTHORIZED,
                    "enrollment-token-invalid",
                    "The enrolment token is unknown, used up or expired: have an administrator make a new one.");
        }
    }
}
