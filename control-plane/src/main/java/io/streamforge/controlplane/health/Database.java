package io.streamforge.controlplane.health;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** Asks the database whether it is there. */
@Component
class Database {

    private static final int LIMIT_S = 2;

    private final DataSource source;

    Database(DataSource source) {
        this.source = source;
    }

    Health.Check check() {
        try (Connection connection = source.getConnection()) {
            return connection.isValid(LIMIT_S)
                    ? new Health.Check("database", Health.HealthState.UP, null)
                    : new Health.Check("database", Health.HealthState.DOWN, "The database does not answer.");
        } catch (SQLException e) {
            return new Health.Check("database", Health.HealthState.DOWN, "The database cannot be reached.");
        }
    }
}
