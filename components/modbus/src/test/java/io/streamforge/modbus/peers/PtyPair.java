package io.streamforge.modbus.peers;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A serial line of two pseudo terminals, or of one whose other end is a TCP connection (apt: socat). It knows no baud rates. */
public final class PtyPair implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final Process process;
    /** Socat ends when nobody has our end open any more: a port that is closed and opened again would be gone. */
    private final FileInputStream held;

    private PtyPair(Path folder, String otherEnd) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            process = new ProcessBuilder(List.of(
                            "socat", "pty,raw,echo=0,link=" + ours(), otherEnd.replace("LINK", theirs().toString())))
                    .redirectErrorStream(true)
                    .start();
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!Files.exists(ours()) || otherEnd.contains("LINK") && !Files.exists(theirs())) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException("socat made no terminals");
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            held = new FileInputStream(ours().toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two ends in this machine. */
    public static PtyPair open() {
        return new PtyPair(newFolder(), "pty,raw,echo=0,link=LINK");
    }

    /** Two ends under the names of these, which were closed. */
    public PtyPair again() {
        return new PtyPair(folder, "pty,raw,echo=0,link=LINK");
    }

    /** One end under the name of this one, which was closed, in front of a server that speaks RTU over TCP. */
    public PtyPair again(int port) {
        return new PtyPair(folder, "tcp:127.0.0.1:" + port);
    }

    /** An end in front of a server that speaks RTU over TCP. */
    public static PtyPair before(int port) {
        return new PtyPair(newFolder(), "tcp:127.0.0.1:" + port);
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("line");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path ours() {
        return folder.resolve("a");
    }

    public Path theirs() {
        return folder.resolve("b");
    }

    /** As if the cable were pulled out of the machine: the terminals are gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            held.close();
            Files.deleteIfExists(ours());
            Files.deleteIfExists(theirs());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
