package io.streamforge.controlplane;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A control plane in this JVM on a port of its own, over a database of its own. */
final class Server implements AutoCloseable {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable Server shared;

    final String databaseUrl;
    final URI url;
    private final ConfigurableApplicationContext context;

    private Server(String databaseUrl, String... options) {
        this.databaseUrl = databaseUrl;
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0", "--spring.datasource.url=" + databaseUrl, "--spring.datasource.username=postgres"));
        arguments.addAll(Arrays.asList(options));
        this.context = SpringApplication.run(ControlPlane.class, arguments.toArray(String[]::new));
        this.url = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /** The one that tests share which do not mind each other. */
    static synchronized Server shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** A fresh one, on the PostgreSQL that all share. */
    static Server start(String... options) {
        EmbeddedPostgres server = postgres();
        String name = "cp_" + DATABASES.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Server(server.getJdbcUrl("postgres", name), options);
    }

    /** One over a database that the test owns, there or not. */
    static Server on(int port) {
        return new Server("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port));
    }

    /** One over this one's database, once this one is closed. */
    Server again(String... options) {
        return new Server(databaseUrl, options);
    }

    private static synchronized EmbeddedPostgres postgres() {
        if (postgres == null) {
            try {
                postgres = EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return postgres;
    }

    Connection connect() throws SQLException {
        return java.sql.DriverManager.getConnection(databaseUrl, "postgres", "");
    }

    @Override
    public void close() {
        context.close();
    }
}
