package io.streamforge.plc.peers;

import io.streamforge.adapter.testing.FreePort;
import io.streamforge.adapter.testing.PeerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An S7 PLC over snap7 (npm: node-snap7, compiled under {@code target/} if need be). It has flags, inputs, outputs, timers and counters, and no data block until one is made. */
public final class Snap7Server implements AutoCloseable {

    private final PeerProcess process;
    private final int port;

    private Snap7Server(int port) {
        Path folder = Path.of("target", "peers", "snap7").toAbsolutePath();
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            PeerProcess.extract("snap7/" + file, folder.resolve(file));
        }
        try {
            if (!Files.isDirectory(folder.resolve("node_modules/node-snap7/build/Release"))) {
                install(folder);
            }
            this.port = port == 0 ? FreePort.next() : port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = new PeerProcess(List.of("node", "server.js", String.valueOf(this.port)), folder);
    }

    /** From source, against the headers beside this machine's node where there are any: nothing but the registry is asked. */
    private static void install(Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("npm_config_build_from_source", "true");
        Path headers = prefix();
        if (headers != null) {
            builder.environment().put("npm_config_nodedir", headers.toString());
        }
        Process npm = builder.start();
        String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (npm.waitFor() != 0) {
                throw new IOException("npm ci failed in %s: %s".formatted(folder, output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Where this machine's node is installed, if its headers are there, too. */
    private static @Nullable Path prefix() throws IOException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            Path node = Path.of(folder, "node");
            if (Files.isExecutable(node)) {
                Path prefix = node.toRealPath().resolve("../..").normalize();
                return Files.exists(prefix.resolve("include/node/node.h")) ? prefix : null;
            }
        }
        return null;
    }

    /** On any free port. */
    public static Snap7Server start() {
        return new Snap7Server(0);
    }

    /** On this port, for instance that of a server that was closed. */
    public static Snap7Server start(int port) {
        return new Snap7Server(port);
    }

    public int port() {
        return port;
    }

    /** Makes a data block of so many bytes, all 0. */
    public Snap7Server block(int number, int size) {
        process.send("{\"db\":%d,\"size\":%d}".formatted(number, size));
        return this;
    }

    /** Takes a data block away. */
    public Snap7Server remove(int number) {
        process.send("{\"remove\":%d}".formatted(number));
        return this;
    }

    /** Writes the memory of a data block. */
    public Snap7Server set(int number, int offset, String hex) {
        return set("DB", number, offset, hex);
    }

    /**
     * Writes memory.
     *
     * @param area DB, MK (flags), PE (inputs), PA (outputs), TM (timers) or CT (counters), the last two in words
     */
    public Snap7Server set(String area, int number, int offset, String hex) {
        process.send(
                "{\"area\":\"%s\",\"number\":%d,\"offset\":%d,\"set\":\"%s\"}".formatted(area, number, offset, hex));
        return this;
    }

    /** What the memory of a data block holds, in hex. */
    public String get(int number, int offset, int size) {
        return process.send("{\"area\":\"DB\",\"number\":%d,\"offset\":%d,\"get\":%d}".formatted(number, offset, size));
    }

    /** Freezes the PLC: it keeps its connections, even takes new ones, and answers nothing. */
    public Snap7Server freeze() {
        process.freeze(true);
        return this;
    }

    public Snap7Server unfreeze() {
        process.freeze(false);
        return this;
    }

    /** Kills it at once, as if it were unplugged: its connections break. */
    @Override
    public void close() {
        process.close();
    }
}
