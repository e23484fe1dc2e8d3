package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.access.Role;
import io.streamforge.controlplane.access.Secrets;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.access.UserLookup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Log-ins that hold: an opaque token each, of which only the hash is kept. */
@Service
class Sessions implements UserLookup {

    static final String COOKIE = "sf_session";

    private static final Duration LIFE = Duration.ofHours(12);

    private final JdbcClient jdbc;
    private final Clock clock;

    Sessions(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A new session with its token. */
    record Opened(String token, String username, Role role, Instant expiresAt) {

        @Override
        public String toString() {
            return "Opened[username=" + username + "]";
        }
    }

    Duration lifetime() {
        return LIFE;
    }

    Opened open(long userId, String username, Role role) {
        String token = Secrets.token();
        Instant now = clock.instant();
        Instant expiresAt = now.plus(LIFE);
        jdbc.sql("""
                        insert into user_session (token_hash, user_id, created_at, expires_at)
                        values (:hash, :user, :now, :expires)""")
                .param("hash", Secrets.hash(token))
                .param("user", userId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("expires", expiresAt.atOffset(ZoneOffset.UTC))
                .update();
        return new Opened(token, username, role, expiresAt);
    }

    @Override
    public Optional<User> bySessionToken(String token) {
        return jdbc.sql("""
                        select u.id, u.username, u.role, s.id as session_id
                        from user_session s join app_user u on u.id = s.user_id
                        where s.token_hash = :hash and s.expires_at > :now""")
                .param("hash", Secrets.hash(token))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, number) -> new User(
                        row.getLong("id"),
                        row.getString("username"),
                        Role.valueOf(row.getString("role")),
                        row.getLong("session_id")))
                .optional();
    }

    @Transactional
    public Opened renew(User user) {
        end(user.sessionId());
        return open(user.id(), user.username(), user.role());
    }

    void end(long sessionId) {
        jdbc.sql("delete from user_session where id = :id")
                .param("id", sessionId)
                .update();
    }

    void endOthers(User user) {
        jdbc.sql("delete from user_session where user_id = :user and id <> :kept")
                .param("user", user.id())
                .param("kept", user.sessionId())
                .update();
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void removeExpired() {
        jdbc.sql("delete from user_session where expires_at <= :now")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }
}
