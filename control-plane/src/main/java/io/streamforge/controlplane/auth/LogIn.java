package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;

/**
 * Checks passwords. Failures are counted per user name and per address before the password is looked at, so that guesses
 * in parallel count too; past the limit the next try has to wait, twice as long each time.
 */
@Service
class LogIn {

    private static final int FREE_PER_USER = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(30);

    private final JdbcClient jdbc;
    private final Users users;
    private final Sessions sessions;
    private final PasswordEncoder passwords;
    private final AuditLog audit;
    private final Clock clock;
    private final String nobodysHash;

    LogIn(JdbcClient jdbc, Users users, Sessions sessions, PasswordEncoder passwords, AuditLog audit, Clock clock) {
        this.jdbc = jdbc;
        this.users = users;
        this.sessions = sessions;
        this.passwords = passwords;
        this.audit = audit;
        this.clock = clock;
        this.nobodysHash = Objects.requireNonNull(passwords.encode("nobody"));
    }

    Sessions.Opened logIn(Credentials credentials, String address) {
        String user = "user:" + credentials.username().toLowerCase(Locale.ROOT);
        count(user, FREE_PER_USER);
        count("address:" + address, FREE_PER_ADDRESS);
        Optional<Users.Account> account = users.find(credentials.username());
        // an unknown name takes as long as a wrong password
        String hash = account.map(Users.Account::passwordHash).orElse(nobodysHash);
        if (!passwords.matches(credentials.password(), hash) || account.isEmpty()) {
            audit.record("anonymous", "user.log-in-failed", credentials.username(), null);
            throw new ProblemException(
                    HttpStatus.UNAUTHORIZED, "log-in-failed", "The user name or the password is wrong.");
        }
        forget(user);
        forget("address:" + address);
        Users.Account known = account.get();
        audit.record(known.username(), "user.log-in", known.username(), null);
        return sessions.open(known.id(), known.username(), known.role());
    }

    private void count(String subject, int free) {
        Instant now = clock.instant();
        jdbc.sql("select blocked_until from log_in_failure where subject = :subject and blocked_until > :now")
                .param("subject", subject)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(OffsetDateTime.class)
                .optional()
                .ifPresent(until -> {
                    long seconds =
                            Math.max(1, Duration.between(now, until.toInstant()).toSeconds());
                    throw new ProblemException(
                                    HttpStatus.TOO_MANY_REQUESTS,
                                    "log-in-blocked",
                                    "Too many failed log-ins: try again in %d s.".formatted(seconds))
                            .retryAfter(seconds);
                });
        int failures = jdbc.sql("""
                        insert into log_in_failure as f (subject, failures, last_failure) values (:subject, 1, :now)
                        on conflict (subject) do update set last_failure = :now,
                            failures = case when f.last_failure < :forgotten then 1 else f.failures + 1 end
                        returning failures""")
                .param("subject", subject)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("forgotten", now.minus(FORGOTTEN_AFTER).atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
        if (failures >= free) {
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - free, 10));
            Instant until = now.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
            jdbc.sql("update log_in_failure set blocked_until = :until where subject = :subject")
                    .param("until", until.atOffset(ZoneOffset.UTC))
                    .param("subject", subject)
                    .update();
        }
    }

    private void forget(String subject) {
        jdbc.sql("delete from log_in_failure where subject = :subject")
                .param("subject", subject)
                .update();
    }
}
