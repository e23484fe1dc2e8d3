package io.streamforge.opcua.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server over npm's node-opcua with the nodes of a press in the namespace {@code urn:streamforge:peer}; installs it under {@code target/} if need be. Its
 * endpoints have no security and all policies that are still held to be safe; the user {@code operator} has the password {@code secret-of-operator}.
 */
public final class NodeOpcuaServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A monitored item.
     *
     * @param samplingInterval milliseconds, 0 for every change
     * @param queueSize values
     */
    public record Item(double samplingInterval, int queueSize) {}

    /**
     * What a server's clients have made of it.
     *
     * @param sessions that it keeps, with and without a connection
     * @param subscriptions ids of those that it keeps, also of those whose session has gone
     * @param publishingIntervals of the subscriptions, in milliseconds
     * @param items that they monitor
     * @param queued the most values that wait for any one node
     * @param publishing publish requests that wait with it, of sessions with a connection
     * @param ticks how often the nodes that tick have changed
     * @param requests since its start, by their type
     */
    public record Usage(
            int sessions,
            List<Long> subscriptions,
            List<Double> publishingIntervals,
            List<Item> items,
            int queued,
            int publishing,
            long ticks,
            Map<String, Integer> requests) {

        /** @param request such as TransferSubscriptions */
        public int requests(String request) {
            return requests.getOrDefault(request + "Request", 0);
        }
    }

    /** A client that asks for nothing so many times, one after the other, will ask for nothing. */
    private static final int LOOKS = 500;

    /** What it publishes reaches its client before the answer to the first, and what that asks for then reaches it before the second. */
    private static final int REQUESTS = 2;

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final int port;

    private NodeOpcuaServer(int port, String options) {
        Path folder = Path.of("target", "peers", "node-opcua").toAbsolutePath();
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            extract("node-opcua/" + file, folder.resolve(file));
        }
        try {
            if (!Files.isDirectory(folder.resolve("node_modules/node-opcua"))) {
                install(folder);
            }
            this.port = port == 0 ? FreePort.next() : port;
            process = new ProcessBuilder("node", "server.js", String.valueOf(this.port), options)
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("server.log").toFile())
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = process.outputWriter(StandardCharsets.UTF_8);
            String ready = out.readLine();
            if (!"READY".equals(ready)) {
                throw new IllegalStateException("node-opcua did not start: see " + folder.resolve("server.log"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On any free port, without many nodes. */
    public static NodeOpcuaServer start() {
        return new NodeOpcuaServer(0, "{}");
    }

    /** On this port, for instance that of a server that was closed; 0 for any free one. */
    public static NodeOpcuaServer start(int port, String options) {
        return new NodeOpcuaServer(port, options);
    }

    private static void extract(String resource, Path target) {
        try (InputStream source = NodeOpcuaServer.class.getResourceAsStream("/peers/" + resource)) {
            if (source == null) {
                throw new IllegalStateException("There is no resource /peers/" + resource);
            }
            Files.createDirectories(target.getParent());
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Path folder) throws IOException {
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
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

    public int port() {
        return port;
    }

    public String url() {
        return url(port);
    }

    /** The server's address by way of another port, such as a proxy's. */
    public static String url(int port) {
        return "opc.tcp://127.0.0.1:" + port;
    }

    /** Gives a node a value, as JSON, with the present time. */
    public NodeOpcuaServer set(String node, String value) {
        return command("{\"set\":{\"node\":\"%s\",\"value\":%s}}".formatted(node, value));
    }

    /** Gives a node a status and leaves its value. */
    public NodeOpcuaServer status(String node, String status) {
        return command("{\"set\":{\"node\":\"%s\",\"status\":\"%s\"}}".formatted(node, status));
    }

    /** Begins to count in a node, both numbers included. */
    public NodeOpcuaServer count(String node, int from, int to, int everyMs) {
        return command("{\"count\":{\"node\":\"%s\",\"from\":%d,\"to\":%d,\"everyMs\":%d}}"
                .formatted(node, from, to, everyMs));
    }

    /** Counts in a node at once, both numbers included. */
    public NodeOpcuaServer burst(String node, int from, int to) {
        return command("{\"burst\":{\"node\":\"%s\",\"from\":%d,\"to\":%d}}".formatted(node, from, to));
    }

    /** All sessions have timed out; their subscriptions have not yet. */
    public NodeOpcuaServer expireSessions() {
        return command("{\"expire\":true}");
    }

    /** Messages of all subscriptions are missing, and it does not have them. */
    public NodeOpcuaServer lose(int messages) {
        return command("{\"lose\":%d}".formatted(messages));
    }

    /** The subscriptions that there are publish nothing any more, and their sessions go on. */
    public NodeOpcuaServer mute() {
        return command("{\"mute\":true}");
    }

    /**
     * Counts in a node, in bursts, until its client asks for nothing more to be published; some values may wait then.
     *
     * @param burst how many values at once
     * @return the last value
     */
    public int burstUntilHeld(String node, int from, int burst) {
        return burstUntilHeld(node, from, burst, LOOKS, () -> {});
    }

    /**
     * The same, however slow the client is.
     *
     * @param request of that client's, until its answer: what was published before has reached the client then
     */
    public int burstUntilHeld(String node, int from, int burst, Runnable request) {
        return burstUntilHeld(node, from, burst, REQUESTS, request);
    }

    private int burstUntilHeld(String node, int from, int burst, int looks, Runnable between) {
        int last = from - 1;
        int asked = -1;
        int held = 0;
        while (held < looks) {
            between.run();
            Usage usage = usage();
            if (usage.queued() == 0) {
                burst(node, last + 1, last + burst);
                last += burst;
            }
            held = usage.publishing() == 0 && usage.requests("Publish") == asked ? held + 1 : 0;
            asked = usage.requests("Publish");
        }
        return last;
    }

    /** A node that had a new value every 50 ms keeps the one it has. */
    public NodeOpcuaServer still(String node) {
        return command("{\"still\":\"%s\"}".formatted(node));
    }

    /** A node gets a new value every 50 ms. */
    public NodeOpcuaServer tick(String node) {
        return command("{\"tick\":\"%s\"}".formatted(node));
    }

    /** What its clients have made of it. */
    public Usage usage() {
        try {
            return JSON.readValue(ask("{\"state\":true}"), Usage.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private NodeOpcuaServer command(String line) {
        String answer = ask(line);
        if (!"OK".equals(answer)) {
            throw new IllegalStateException("The peer answered '%s' to %s".formatted(answer, line));
        }
        return this;
    }

    private String ask(String line) {
        try {
            in.write(line + "\n");
            in.flush();
            return String.valueOf(out.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a power cut would: kill -9. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
