package io.streamforge.timescaledb;

import io.streamforge.adapter.testing.Certificates;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A PostgreSQL that can be stopped, started again on the same data and port, and frozen. */
final class Server implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path data;
    private final int port;
    private EmbeddedPostgres process;

    Server(Path directory) throws IOException {
        this.data = directory.resolve("data");
        this.process = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("shared_buffers", "32MB")
                .setPGStartupWait(START_LIMIT)
                .start();
        this.port = process.getPort();
    }

    int port() {
        return port;
    }

    void stop() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            process = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(START_LIMIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    /** Lets a user in only with a password. */
    void requirePassword(String user) throws IOException {
        Path hba = data.resolve("pg_hba.conf");
        Files.writeString(hba, "host all %s 127.0.0.1/32 scram-sha-256%n".formatted(user) + Files.readString(hba));
        execute("SELECT pg_reload_conf()");
    }

    /** Takes TLS connections beside the others, with the server's certificate of these. */
    void encrypt(Certificates certificates) throws IOException {
        for (String file : List.of("server.crt", "server.key")) {
            Files.copy(certificates.file(file), data.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(data.resolve(file), PosixFilePermissions.fromString("rw-------"));
        }
        tls("on");
    }

    /** As it was before. */
    void decrypt() {
        tls("off");
    }

    private void tls(String state) {
        execute("ALTER SYSTEM SET ssl = " + state);
        execute("SELECT pg_reload_conf()");
        Awaitility.await().until(() -> rows("SHOW ssl").equals(List.of(state)));
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Each row as its columns' texts with a bar between. */
    List<String> rows(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(rows.getString(i)));
                }
                result.add(String.join("|", columns));
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&options=-c%%20TimeZone=UTC".formatted(port));
    }

    private void signal(String signal) {
        try {
            long postmaster = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0));
            ProcessHandle handle = ProcessHandle.of(postmaster).orElseThrow();
            for (ProcessHandle each :
                    Stream.concat(Stream.of(handle), handle.descendants()).toList()) {
                new ProcessBuilder("kill", signal, Long.toString(each.pid()))
                        .start()
                        .waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
