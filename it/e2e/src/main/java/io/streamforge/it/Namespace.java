package io.streamforge.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A network of its own with nothing but loopback, as a plant behind a firewall that lets nobody in. Its only way out is a pipe to one port outside:
 * what the gateway calls. Works as root and, where the kernel allows user namespaces, as an ordinary user.
 */
final class Namespace implements AutoCloseable {

    private final Part holder;
    private final Part outside;
    private final Part inside;

    /** @param wayOut the one port of 127.0.0.1 outside that 127.0.0.1 inside reaches, under the same number */
    Namespace(Path directory, int wayOut) {
        List<String> unshare = new ArrayList<>(List.of("unshare", "--net"));
        if (!isRoot()) {
            unshare.addAll(List.of("--user", "--map-root-user"));
        }
        unshare.addAll(List.of("sh", "-c", "ip link set lo up && echo up && exec sleep infinity"));
        holder = new Part("namespace", directory, unshare, Map.of()).start();
        Awaitility.await("the namespace's loopback")
                .atMost(Duration.ofSeconds(10))
                .until(() -> holder.log().contains("up"));
        Path pipe = directory.resolve("way-out.sock");
        outside = new Part(
                        "way-out",
                        directory,
                        List.of("socat", "UNIX-LISTEN:" + pipe + ",fork", "TCP:127.0.0.1:" + wayOut),
                        Map.of())
                .start();
        inside = new Part(
                        "way-out-inside",
                        directory,
                        command(List.of(
                                "socat",
                                "TCP-LISTEN:%d,bind=127.0.0.1,fork,reuseaddr".formatted(wayOut),
                                "UNIX-CONNECT:" + pipe)),
                        Map.of())
                .start();
    }

    /** The command as it must be started to run inside. */
    List<String> command(List<String> command) {
        List<String> entered = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid()), "--net"));
        if (!isRoot()) {
            entered.addAll(List.of("--user", "--preserve-credentials"));
        }
        entered.addAll(command);
        return entered;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
        holder.close();
    }
}
