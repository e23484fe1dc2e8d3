package io.streamforge.http.poll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A polled service, which Python's own HTTP server plays. */
class HttpPollContractIT extends AdapterContractIT {

    private static final Instant BEGIN = Instant.parse("2000-01-01T00:00:00Z");

    private final Path folder;
    private final AtomicLong written = new AtomicLong();
    private volatile String values = "";
    private @Nullable ScheduledExecutorService clock;
    private @Nullable Process server;

    HttpPollContractIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    protected int startDevice(int port) throws IOException {
        values = "\"steady\":1,\"fragile\":2";
        write();
        clock = Executors.newSingleThreadScheduledExecutor();
        clock.scheduleAtFixedRate(this::write, 20, 20, TimeUnit.MILLISECONDS);
        int at = port == 0 ? freePort() : port;
        server = new ProcessBuilder(
                        "python3",
                        "-m",
                        "http.server",
                        "--bind",
                        "127.0.0.1",
                        "--directory",
                        folder.toString(),
                        String.valueOf(at))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), at).close();
            return true;
        });
        return at;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Each document is a second younger than the one before: it is new to a server that answers 304 by the second. */
    private void write() {
        try {
            Path part = Files.writeString(folder.resolve("part"), "{%s}".formatted(values));
            Files.setLastModifiedTime(part, FileTime.from(BEGIN.plusSeconds(written.incrementAndGet())));
            Files.move(part, folder.resolve("device.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void killDevice() throws InterruptedException {
        if (server != null && clock != null) {
            clock.shutdown();
            clock.awaitTermination(10, TimeUnit.SECONDS);
            server.destroyForcibly();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    protected void breakFragile() {
        values = "\"steady\":1";
    }

    @Override
    protected void mendFragile() {
        values = "\"steady\":1,\"fragile\":2";
    }

    @Override
    protected String endpoint(int port) {
        context.getRegistry().bind("contract.points", points());
        return "http-poll:device?points=#bean:contract.points&url=http://127.0.0.1:%d/device.json&pollIntervalMs=100&timeoutMs=300&retryMaxDelayMs=200"
                .formatted(port);
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) throws Exception {
        new HttpPollTester()
                .test(
                        json("{\"timeoutMs\":300,\"url\":\"http://127.0.0.1:%d/device.json\"}".formatted(port)),
                        points());
    }

    private static JsonNode points() {
        return json("[{\"name\":\"steady\",\"path\":\"$.steady\"},{\"name\":\"fragile\",\"path\":\"$.fragile\"}]");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
