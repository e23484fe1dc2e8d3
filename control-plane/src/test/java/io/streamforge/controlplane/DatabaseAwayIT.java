package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.controlplane.Api.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database comes late, goes away and comes back. */
class DatabaseAwayIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private EmbeddedPostgres database(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    /** Below those that the kernel gives to outgoing connections: it is bound later and again. */
    private static int freePort() {
        int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            return freePort();
        }
    }

    @Test
    void waitsForItsDatabaseAndComesBackWithIt() throws IOException {
        int port = freePort();
        CompletableFuture<Server> starting = CompletableFuture.supplyAsync(() -> Server.on(port));
        EmbeddedPostgres database = database(port);
        try (Server server = starting.join()) {
            Api admin = Api.admin(server);
            assertThat(admin.get("/health/ready").status()).isEqualTo(200);

            database.close();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(admin.get("/health/ready").status()).isEqualTo(503));
            assertThat(admin.get("/health/live").status()).isEqualTo(200);
            Answer away = admin.get("/api/v1/adapters");
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.problem()).isEqualTo("database-unavailable");
            assertThat(away.header("Retry-After")).isEqualTo("2");

            database = database(port);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(admin.get("/health/ready").status()).isEqualTo(200));
            assertThat(admin.get("/api/v1/adapters").status())
                    .as("the session has outlived it")
                    .isEqualTo(200);
        } finally {
            database.close();
        }
    }
}
