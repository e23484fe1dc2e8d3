package io.streamforge.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL with a database {@code plant} in a process of its own, so that it can stand in another network: {@code PostgresProcess <directory> <port>}. */
final class PostgresProcess {

    private PostgresProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(Path.of(arguments[0]))
                .setPort(Integer.parseInt(arguments[1]))
                .setPGStartupWait(Duration.ofMinutes(2))
                .start()) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE plant");
            }
            System.out.println("READY");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    postgres.close();
                } catch (java.io.IOException e) {
                    System.err.println(e.getMessage());
                }
            }));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}
