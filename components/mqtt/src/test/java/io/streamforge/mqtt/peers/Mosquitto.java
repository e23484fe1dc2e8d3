package io.streamforge.mqtt.peers;

import io.streamforge.adapter.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Eclipse Mosquitto (apt: mosquitto, mosquitto-clients) on one port, which keeps its sessions when it is ended in good order, or killed behind {@link #save}. */
public final class Mosquitto implements AutoCloseable {

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    /**
     * Starts one.
     *
     * @param folder for its files
     * @param options more lines of its configuration
     */
    public Mosquitto(Path folder, String... options) {
        this(folder, 0, options);
    }

    /** @param port or 0 for any that is free */
    public Mosquitto(Path folder, int port, String... options) {
        this.folder = folder;
        try {
            this.port = port == 0 ? FreePort.next() : port;
            List<String> lines = new ArrayList<>(List.of(
                    "listener %d 127.0.0.1".formatted(this.port),
                    "persistence true",
                    "persistence_location %s/".formatted(folder),
                    "max_queued_messages 0",
                    "log_dest file %s".formatted(folder.resolve("mosquitto.log"))));
            lines.addAll(List.of(options));
            if (lines.stream().noneMatch(line -> line.startsWith("allow_anonymous"))) {
                lines.add("allow_anonymous true");
            }
            if (System.getProperty("user.name").equals("root")) {
                lines.add(0, "user root");
            }
            Files.createDirectories(folder);
            Files.write(folder.resolve("mosquitto.conf"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Starts it again, with what it kept. */
    public void start() {
        try {
            process = new ProcessBuilder(
                            "/usr/sbin/mosquitto",
                            "-c",
                            folder.resolve("mosquitto.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("mosquitto.out").toFile())
                    .start();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() - until > 0) {
                    throw new IllegalStateException(
                            "mosquitto did not start: " + Files.readString(folder.resolve("mosquitto.out")));
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("mosquitto cannot be started: apt-get install mosquitto", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return running().pid();
    }

    /** Publishes with mosquitto_pub and returns when the broker has it. */
    public void publish(String topic, String payload, String... options) {
        List<String> command = new ArrayList<>(
                List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", Integer.toString(port), "-t", topic, "-m", payload));
        command.addAll(List.of(options));
        run(command, null);
    }

    /** Publishes many messages over one connection, QoS 1. */
    public void publishAll(String topic, List<String> payloads, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "mosquitto_pub", "-h", "127.0.0.1", "-p", Integer.toString(port), "-t", topic, "-q", "1", "-l"));
        command.addAll(List.of(options));
        run(command, String.join("\n", payloads) + "\n");
    }

    private static void run(List<String> command, @Nullable String input) {
        try {
            Process client =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (input != null) {
                client.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            }
            client.getOutputStream().close();
            String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!client.waitFor(30, TimeUnit.SECONDS) || client.exitValue() != 0) {
                client.destroyForcibly();
                throw new IllegalStateException("%s failed: %s".formatted(command, output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The broker's own log. */
    public String log() {
        try {
            return Files.readString(folder.resolve("mosquitto.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP: it is there, holds its connections and does nothing. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** SIGUSR1: returns when what it keeps is on the disk, so that a kill right after loses none of it. */
    public void save() {
        long before = saves();
        signal("USR1");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (saves() == before) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("mosquitto did not save:\n" + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        // The loop that answers this client is the one that has saved.
        publish("saved", "", "-q", "1");
    }

    private long saves() {
        return log().lines()
                .filter(line -> line.contains("Saving in-memory database"))
                .count();
    }

    private void signal(String signal) {
        run(List.of("kill", "-" + signal, Long.toString(pid())), null);
    }

    /** SIGTERM: an orderly end, which saves what it keeps. */
    public void stop() {
        running().destroy();
        join();
    }

    /** SIGKILL. */
    public void kill() {
        running().destroyForcibly();
        join();
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("mosquitto was not started");
        }
        return current;
    }

    private void join() {
        try {
            running().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
