package io.streamforge.timescaledb;

import io.streamforge.model.Batch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * One connection with everything prepared on it. After any failure it is closed and another made: nothing is assumed about what the server
 * did with an unanswered commit, the table of delivered offsets says so when asked again.
 */
final class Session implements AutoCloseable {

    /** Longer than the server's own limit, so that the server normally gives up first and says why. */
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(5);

    /** SQLSTATE classes that speak of a row: cardinality, data exception, constraint, check option, and what a trigger raises. */
    private static final Set<String> ROW_CLASSES = Set.of("21", "22", "23", "44", "P0");

    private final SinkConfig config;
    private final Connection connection;
    private final CopyManager copyManager;
    private final Table readings;
    private final Table aggregates;
    private final Table events;
    private final Table delivered;
    private final RowReader reader;
    private boolean eventsReady;

    private Session(SinkConfig config, Connection connection, RowReader reader) throws SQLException {
        this.config = config;
        this.connection = connection;
        this.copyManager = connection.unwrap(PGConnection.class).getCopyAPI();
        this.readings = Table.readings(config.schema(), config.table());
        this.aggregates = Table.aggregates(config.schema(), config.aggregateTable());
        this.events = Table.events(config.schema(), config.eventTable());
        this.delivered = Table.delivered(config.schema());
        this.reader = reader;
    }

    /**
     * Connects and makes the tables ready.
     *
     * @throws DatabaseUnavailableException if the database is away or its tables cannot be used
     */
    static Session open(SinkConfig config, @Nullable String password, RowReader reader) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(config.database());
        source.setUser(config.user());
        source.setPassword(password);
        source.setSslMode(config.sslMode());
        if (!config.caFile().isEmpty()) {
            source.setSslRootCert(config.caFile());
        } else if (config.verifies()) {
            // the driver's own choice is a file in the home of the gateway's user
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        source.setConnectTimeout(seconds(config.connectTimeout()));
        source.setLoginTimeout(seconds(config.connectTimeout()));
        source.setSocketTimeout(seconds(config.writeTimeout().plus(SOCKET_GRACE)));
        source.setTcpKeepAlive(true);
        source.setApplicationName("streamforge " + config.name());
        Connection connection = null;
        try {
            connection = source.getConnection();
            connection.setAutoCommit(false);
            Session session = new Session(config, connection, reader);
            session.limitWaiting();
            Tables.prepare(config, connection, List.of(session.readings, session.aggregates, session.delivered));
            return session;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw unavailable(config, e);
        } catch (RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /**
     * Writes a batch in one transaction, without the records that were delivered before, and says on the batch what the database has of it.
     *
     * @param routeId the route that delivers, whose progress is kept
     * @throws DatabaseUnavailableException if the database is away or not set up
     * @throws RefusedRecordException if it refused a record
     */
    void write(String routeId, Batch batch) {
        try {
            Map<Integer, Long> next = lockProgress(routeId, batch);
            Map<Integer, Long> reached = new HashMap<>();
            reader.clear();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.offset(i) >= next.getOrDefault(batch.partition(i), 0L)) {
                    reader.add(batch.value(i));
                    reached.put(batch.partition(i), batch.offset(i) + 1);
                }
            }
            if (!eventsReady && reader.events().rows() > 0) {
                // only a sink that delivers events has their table: its name may be in use in a database that has none
                connection.rollback();
                Tables.prepare(config, connection, List.of(events));
                eventsReady = true;
                write(routeId, batch);
                return;
            }
            int inserted = insert(readings, reader.readings());
            if (inserted < reader.readings().rows()) {
                execute(readings.fillGaps());
            }
            insert(aggregates, reader.aggregates());
            insert(events, reader.events());
            moveProgress(routeId, batch.topicId(), reached);
            connection.commit();
            accept(batch);
        } catch (SQLException e) {
            if (!ROW_CLASSES.contains(sqlClass(e))) {
                throw unavailable(config, e);
            }
            rollback();
            throw refused(e);
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
    }

    /** The database has all of it, by this transaction or an earlier one. */
    private static void accept(Batch batch) {
        int from = 0;
        for (int i = 1; i <= batch.size(); i++) {
            if (i == batch.size() || batch.partition(i) != batch.partition(from)) {
                batch.accepted(batch.partition(from), i - from);
                from = i;
            }
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw unavailable(config, e);
        }
    }

    /** Asks the database for a sign of life. */
    void ping() {
        try {
            execute("SELECT 1");
            connection.commit();
        } catch (SQLException e) {
            throw unavailable(config, e);
        }
    }

    @Override
    public void close() {
        closeQuietly(connection);
    }

    /** A commit must be on the server's disk before offsets move, and no transaction of ours may outlive us with its locks. */
    private void limitWaiting() throws SQLException {
        long limit = config.writeTimeout().toMillis();
        execute("SET statement_timeout = %d".formatted(limit));
        execute("SET idle_in_transaction_session_timeout = %d".formatted(limit + SOCKET_GRACE.toMillis()));
        execute(
                "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
        connection.commit();
    }

    /**
     * The next offset of each partition in the batch, locked until the transaction ends: another process with the same route, or our own
     * earlier transaction that the server has not noticed is dead, is waited for.
     */
    private Map<Integer, Long> lockProgress(String routeId, Batch batch) throws SQLException {
        Set<Integer> partitions = new TreeSet<>();
        for (int i = 0; i < batch.size(); i++) {
            partitions.add(batch.partition(i));
        }
        Map<Integer, Long> next = selectProgress(routeId, batch.topicId(), partitions);
        if (next.size() < partitions.size()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO %s (route_id, topic_id, partition, next_offset) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING"
                            .formatted(delivered.qualified()))) {
                for (int partition : partitions) {
                    insert.setString(1, routeId);
                    insert.setString(2, batch.topicId());
                    insert.setInt(3, partition);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            next = selectProgress(routeId, batch.topicId(), partitions);
        }
        return next;
    }

    private Map<Integer, Long> selectProgress(String routeId, String topicId, Set<Integer> partitions)
            throws SQLException {
        Map<Integer, Long> next = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT partition, next_offset FROM %s WHERE route_id = ? AND topic_id = ? AND partition = ANY (?)
                ORDER BY partition FOR UPDATE""".formatted(delivered.qualified()))) {
            select.setString(1, routeId);
            select.setString(2, topicId);
            select.setArray(3, connection.createArrayOf("integer", partitions.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    next.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return next;
    }

    private void moveProgress(String routeId, String topicId, Map<Integer, Long> reached) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE %s SET next_offset = ? WHERE route_id = ? AND topic_id = ? AND partition = ?"
                        .formatted(delivered.qualified()))) {
            for (var entry : reached.entrySet()) {
                update.setLong(1, entry.getValue());
                update.setString(2, routeId);
                update.setString(3, topicId);
                update.setInt(4, entry.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** How many rows were not there yet, or replaced another. */
    private int insert(Table table, CopyBuffer rows) throws SQLException {
        if (rows.rows() == 0) {
            return 0;
        }
        byte[] stream = rows.toBytes();
        CopyIn copy = copyManager.copyIn(table.copy());
        copy.writeToCopy(stream, 0, stream.length);
        copy.endCopy();
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(table.insert());
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private RefusedRecordException refused(SQLException e) {
        return new RefusedRecordException("Sink '%s': the database refuses a record: %s (SQLSTATE %s)."
                .formatted(config.name(), oneLine(e), e.getSQLState()));
    }

    private static DatabaseUnavailableException unavailable(SinkConfig config, SQLException e) {
        return new DatabaseUnavailableException(
                "Sink '%s': database '%s' at %s:%d cannot be written to: %s (SQLSTATE %s)."
                        .formatted(
                                config.name(),
                                config.database(),
                                config.host(),
                                config.port(),
                                oneLine(e),
                                e.getSQLState()));
    }

    /** What went wrong, without the row itself: this is logged. */
    private static String oneLine(SQLException e) {
        SQLException telling = e.getNextException() != null ? e.getNextException() : e;
        ServerErrorMessage said = telling instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String message = said == null ? telling.getMessage() : said.getMessage();
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", ", ").replaceAll("\\.$", "");
    }

    private static String sqlClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static int seconds(Duration duration) {
        return Math.max(1, (int) ((duration.toMillis() + 999) / 1_000));
    }

    private static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // The connection is of no more use either way, and the failure that matters is being reported.
            }
        }
    }
}
