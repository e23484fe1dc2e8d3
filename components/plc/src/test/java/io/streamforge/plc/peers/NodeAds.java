package io.streamforge.plc.peers;

import io.streamforge.adapter.testing.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An ADS client over npm's node-ads; installs it under {@code target/} if need be. It answers each line with the value that it read. */
public final class NodeAds {

    private NodeAds() {}

    /** Connected with the runtime on AMS port 851 of the router at this TCP port. */
    public static PeerProcess connect(int port, String targetNetId, String sourceNetId) {
        Path folder = Path.of("target", "peers", "node-ads").toAbsolutePath();
        for (String file : List.of("package.json", "package-lock.json", "client.js")) {
            PeerProcess.extract("node-ads/" + file, folder.resolve(file));
        }
        if (!Files.isDirectory(folder.resolve("node_modules/node-ads"))) {
            install(folder);
        }
        return new PeerProcess(List.of("node", "client.js", String.valueOf(port), targetNetId, sourceNetId), folder);
    }

    private static void install(Path folder) {
        try {
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (npm.waitFor() != 0) {
                throw new IOException("npm ci failed in %s: %s".formatted(folder, output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
