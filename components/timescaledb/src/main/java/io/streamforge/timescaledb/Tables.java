package io.streamforge.timescaledb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables where there are none and holds those that exist against what the sink writes, so that a table of somebody else's is
 * named at once instead of turning every record into poison.
 */
final class Tables {

    /** Any number will do as long as every sink asks for the same: it keeps two of them from creating the tables at once. */
    private static final long CREATION_LOCK = 0x53_46_54_42_4CL;

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String NO_MATCHING_CONSTRAINT = "42P10";

    /** A column as the database has it. */
    private record Actual(String type, boolean notNull, boolean filled) {}

    private final SinkConfig config;
    private final Connection connection;

    private Tables(SinkConfig config, Connection connection) {
        this.config = config;
        this.connection = connection;
    }

    /**
     * Makes the tables ready; the connection has no open transaction before and after.
     *
     * @throws DatabaseUnavailableException if the sink cannot write to them, with every reason and what to do
     */
    static void prepare(SinkConfig config, Connection connection, List<Table> tables) throws SQLException {
        Tables preparation = new Tables(config, connection);
        for (Table table : tables) {
            if (!preparation.exists(table)) {
                preparation.create(table);
            }
            preparation.complete(table);
        }
        List<String> mistakes = new ArrayList<>();
        for (Table table : tables) {
            preparation.compare(table, mistakes);
        }
        if (!mistakes.isEmpty()) {
            throw new DatabaseUnavailableException(
                    "Sink '%s': %s.".formatted(config.name(), String.join("; ", mistakes)));
        }
        for (Table table : tables) {
            if (!table.staging().isEmpty()) {
                preparation.stage(table);
            }
        }
        connection.commit();
    }

    private boolean exists(Table table) throws SQLException {
        return text("SELECT to_regclass(?)::text", table.qualified()) != null;
    }

    private void create(Table table) throws SQLException {
        try {
            execute("SELECT pg_advisory_xact_lock(%d)".formatted(CREATION_LOCK));
            if (text("SELECT to_regnamespace(?)::text", Table.quoted(table.schema())) == null) {
                execute("CREATE SCHEMA " + Table.quoted(table.schema()));
            }
            if (!exists(table)) {
                execute(table.create());
                if (table.columns().get(0).name().equals("time")) {
                    partitionByTime(table);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw new DatabaseUnavailableException(
                        "Sink '%s': table %s does not exist and user '%s' may not create it. Let an administrator run: %s;"
                                .formatted(config.name(), table.qualified(), config.user(), table.create()));
            }
            throw e;
        }
    }

    /** Adds the columns that have come since the table was made; whose table it is not has a statement to run. */
    private void complete(Table table) throws SQLException {
        Map<String, Actual> actual = actualColumns(table);
        for (Table.Column column : table.columns()) {
            if (column.later() && !actual.containsKey(column.name())) {
                try {
                    execute(table.add(column));
                    connection.commit();
                } catch (SQLException e) {
                    connection.rollback();
                    if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                        throw new DatabaseUnavailableException(
                                "Sink '%s': table %s lacks column %s and user '%s' may not add it. Let an administrator run: %s;"
                                        .formatted(
                                                config.name(),
                                                table.qualified(),
                                                column.name(),
                                                config.user(),
                                                table.add(column)));
                    }
                    throw e;
                }
            }
        }
    }

    /** A hypertable where TimescaleDB is installed; plain PostgreSQL keeps a plain table. */
    private void partitionByTime(Table table) throws SQLException {
        String timescale = text("""
                SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                WHERE e.extname = ?""", "timescaledb");
        if (timescale != null) {
            text("SELECT %s.create_hypertable(?::regclass, 'time')::text".formatted(timescale), table.qualified());
        }
    }

    private void compare(Table table, List<String> mistakes) throws SQLException {
        Map<String, Actual> actual = actualColumns(table);
        for (Table.Column column : table.columns()) {
            Actual there = actual.remove(column.name());
            if (there == null) {
                mistakes.add("table %s lacks column %s %s".formatted(table.qualified(), column.name(), column.type()));
            } else if (!fits(column.type(), there.type)) {
                mistakes.add("column %s of table %s must be %s, is %s"
                        .formatted(column.name(), table.qualified(), column.type(), there.type));
            }
        }
        actual.forEach((name, column) -> {
            if (column.notNull && !column.filled) {
                mistakes.add("column %s of table %s is NOT NULL without a default, and this sink does not fill it"
                        .formatted(name, table.qualified()));
            }
        });
    }

    private static boolean fits(String wanted, String actual) {
        return wanted.equals(actual) || wanted.equals("text") && actual.startsWith("character varying");
    }

    private Map<String, Actual> actualColumns(Table table) throws SQLException {
        Map<String, Actual> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT attname, format_type(atttypid, atttypmod), attnotnull,
                       atthasdef OR attidentity <> '' OR attgenerated <> ''
                FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""")) {
            statement.setString(1, table.qualified());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString(1), new Actual(rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
                }
            }
        }
        return columns;
    }

    /** Planning the insert proves that the identity is unique in the table and that the user may write. */
    private void stage(Table table) throws SQLException {
        execute(table.createStaging());
        try {
            execute("EXPLAIN " + table.insert());
        } catch (SQLException e) {
            connection.rollback();
            if (NO_MATCHING_CONSTRAINT.equals(e.getSQLState())) {
                throw new DatabaseUnavailableException("Sink '%s': table %s needs a unique index on exactly (%s)."
                        .formatted(config.name(), table.qualified(), String.join(", ", table.identity())));
            }
            throw e;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private @Nullable String text(String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
