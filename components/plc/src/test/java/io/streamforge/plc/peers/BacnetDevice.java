package io.streamforge.plc.peers;

import io.streamforge.adapter.testing.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A BACnet/IP device over npm's @bacnet-js/client; installs it under {@code target/} if need be. It has no objects until they are made. */
public final class BacnetDevice implements AutoCloseable {

    private final PeerProcess process;
    private final int port;

    private BacnetDevice(int port, List<String> more) {
        Path folder = Path.of("target", "peers", "bacnet").toAbsolutePath();
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            PeerProcess.extract("bacnet/" + file, folder.resolve(file));
        }
        try {
            if (!Files.isDirectory(folder.resolve("node_modules/@bacnet-js"))) {
                install(folder);
            }
            this.port = port == 0 ? freePort() : port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of("node", "server.js", String.valueOf(this.port)));
        command.addAll(more);
        process = new PeerProcess(command, folder);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void install(Path folder) throws IOException {
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
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

    /** On this port, or on any free one if it is 0. */
    public static BacnetDevice start(int port) {
        return new BacnetDevice(port, List.of());
    }

    /** One that knows ReadProperty only. */
    public static BacnetDevice simple() {
        return new BacnetDevice(0, List.of("single"));
    }

    public int port() {
        return port;
    }

    /**
     * Makes a property.
     *
     * @param object its type and its instance, as numbers: {@code 0:3}
     * @param type the application tag's number
     * @param value in JSON
     */
    public BacnetDevice set(String object, int property, int type, String value) {
        process.send("{\"object\":\"%s\",\"property\":%d,\"set\":[%d,%s]}".formatted(object, property, type, value));
        return this;
    }

    /** What a property holds: application tag, value and the priority that it was written with, in JSON. */
    public String get(String object, int property) {
        return process.send("{\"object\":\"%s\",\"property\":%d,\"get\":true}".formatted(object, property));
    }

    public BacnetDevice remove(String object) {
        process.send("{\"object\":\"%s\",\"remove\":true}".formatted(object));
        return this;
    }

    /** Freezes it: what it is asked waits. */
    public BacnetDevice freeze(boolean frozen) {
        process.freeze(frozen);
        return this;
    }

    @Override
    public void close() {
        process.close();
    }
}
