package io.streamforge.controlplane.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Holds the start up until the database is there: it may well be the slower of the two after a power cut. */
@Configuration
class MigrationWaits {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationWaits.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Bean
    FlywayMigrationStrategy migrateWhenReachable(DataSource source) {
        return flyway -> {
            // Spring's own hook waits until the start has ended, which without a database it never does
            Runtime.getRuntime().addShutdownHook(new Thread(Thread.currentThread()::interrupt, "stop-waiting"));
            waitFor(source);
            flyway.migrate();
        };
    }

    private static void waitFor(DataSource source) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = source.getConnection()) {
                LOG.atInfo()
                        .addKeyValue("database", connection.getMetaData().getURL())
                        .log("The database is there");
                return;
            } catch (SQLException e) {
                LOG.atWarn()
                        .addKeyValue("attempt", attempt)
                        .addKeyValue("cause", rootMessage(e))
                        .log("The database is not there yet; trying again in {} s", PAUSE.toSeconds());
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for the database", e);
            }
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
