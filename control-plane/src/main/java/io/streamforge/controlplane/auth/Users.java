package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.access.Role;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Who may log in. */
@Service
public class Users {

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords;
    private final Sessions sessions;
    private final AuditLog audit;
    private final Clock clock;

    Users(JdbcClient jdbc, PasswordEncoder passwords, Sessions sessions, AuditLog audit, Clock clock) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
    }

    /** A user with what log-in compares. */
    record Account(long id, String username, Role role, String passwordHash) {

        @Override
        public String toString() {
            return "Account[" + username + "]";
        }
    }

    /** Whether the first administrator was created. */
    public boolean exist() {
        return jdbc.sql("select first_admin_created from plant")
                .query(Boolean.class)
                .single();
    }

    /** Succeeds once in the life of a database, whoever is first: the plant's row decides. */
    @Transactional
    public void createFirstAdmin(String username, String password) {
        int won = jdbc.sql("update plant set first_admin_created = true where not first_admin_created")
                .update();
        if (won == 0) {
            throw ProblemException.conflict(
                    "first-admin-exists",
                    "The first administrator exists already: log in, or ask them for an account.");
        }
        create(username, password, Role.ADMIN);
        audit.record(username, "user.create-first-admin", username, Map.of("role", Role.ADMIN));
    }

    private void create(String username, String password, Role role) {
        jdbc.sql("""
                        insert into app_user (username, password_hash, role, created_at)
                        values (:username, :hash, :role, :now)""")
                .param("username", username)
                .param("hash", passwords.encode(password))
                .param("role", role.name())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Account> find(String username) {
        return jdbc.sql("select id, username, role, password_hash from app_user where lower(username) = lower(:name)")
                .param("name", username)
                .query((row, number) -> new Account(
                        row.getLong("id"),
                        row.getString("username"),
                        Role.valueOf(row.getString("role")),
                        row.getString("password_hash")))
                .optional();
    }

    @Transactional
    void changePassword(User user, String current, String wanted) {
        Account account = find(user.username()).orElseThrow();
        if (!passwords.matches(current, account.passwordHash())) {
            String message = "currentPassword is not the current password.";
            throw ProblemException.invalid(message, List.of(new FieldProblem("/currentPassword", message)));
        }
        jdbc.sql("update app_user set password_hash = :hash where id = :id")
                .param("hash", passwords.encode(wanted))
                .param("id", user.id())
                .update();
        sessions.endOthers(user);
        audit.record(user, "user.change-password", user.username(), null);
    }
}
