package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresIT {

    private final int port = freePort();
    private final Secrets secrets;
    private final Postgres postgres;
    private final Child child;

    PostgresIT(@TempDir Path temporary) {
        DataFolder folder = new DataFolder(temporary);
        secrets = Secrets.keptIn(folder);
        postgres = new Postgres(folder, port, secrets);
        child = new Child(
                new Child.Specification("postgres", postgres.command(), Map.of(), "INT", port, null, postgres::ready),
                new BoundedLog(temporary.resolve("postgres.log"), 1 << 20),
                new Progress(System.out),
                () -> {});
    }

    @BeforeEach
    void start() {
        postgres.prepare();
        child.start();
        await().atMost(30, TimeUnit.SECONDS).until(child::ready);
        postgres.createDatabases();
    }

    @AfterEach
    void stop() {
        child.stop();
    }

    @Test
    void keepsTheTwoDatabasesApart() throws Exception {
        postgres.createDatabases();
        try (Connection plant = connect(Postgres.PLANT, Postgres.PLANT, secrets.plant())) {
            assertThat(plant.isValid(1)).isTrue();
        }
        assertThatThrownBy(() -> connect(Postgres.CONTROL_PLANE, Postgres.PLANT, secrets.plant()))
                .hasMessageContaining("permission denied for database");
        assertThatThrownBy(() -> connect(Postgres.PLANT, Postgres.PLANT, secrets.controlPlane()))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void comesBackWithItsDataAfterAKill() throws Exception {
        try (Connection plant = connect(Postgres.PLANT, Postgres.PLANT, secrets.plant());
                Statement statement = plant.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 24.1 AS value");
        }
        long pid = Objects.requireNonNull(child.part()).process().pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> Objects.requireNonNull(child.part()).process().pid() != pid && child.ready());
        try (Connection plant = connect(Postgres.PLANT, Postgres.PLANT, secrets.plant());
                Statement statement = plant.createStatement();
                ResultSet rows = statement.executeQuery("SELECT value FROM kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getDouble(1)).isEqualTo(24.1);
        }
    }

    private Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(postgres.url(database), user, password);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
