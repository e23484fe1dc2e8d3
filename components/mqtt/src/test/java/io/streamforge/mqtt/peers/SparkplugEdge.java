package io.streamforge.mqtt.peers;

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

/** A Sparkplug B edge node over npm's sparkplug-client; installs it under {@code target/} if need be. */
public final class SparkplugEdge implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    /** Connects to a broker on the loopback; sends nothing by itself but births when it is asked for them. */
    public SparkplugEdge(int port, String group, String edgeNode) {
        Path folder = Path.of("target", "peers", "sparkplug").toAbsolutePath();
        try {
            for (String file : List.of("package.json", "package-lock.json", "edge.js")) {
                extract(file, folder.resolve(file));
            }
            if (!Files.isDirectory(folder.resolve("node_modules/sparkplug-client"))) {
                install(folder);
            }
            process = new ProcessBuilder("node", "edge.js", "mqtt://127.0.0.1:" + port, group, edgeNode)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = process.outputWriter(StandardCharsets.UTF_8);
            expect("READY");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void extract(String name, Path target) throws IOException {
        try (InputStream source = SparkplugEdge.class.getResourceAsStream("/peers/sparkplug/" + name)) {
            if (source == null) {
                throw new IllegalStateException("There is no resource /peers/sparkplug/" + name);
            }
            Files.createDirectories(target.getParent());
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
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

    /** Does what one line of JSON says, see edge.js. */
    public void command(String json) {
        try {
            in.write(json.replace("\n", " ") + "\n");
            in.flush();
            expect("OK");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void expect(String wanted) throws IOException {
        String line = out.readLine();
        if (!wanted.equals(line)) {
            throw new IllegalStateException("The edge node said '%s', not %s.".formatted(line, wanted));
        }
    }

    /** As a power cut would: the broker publishes its will. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
