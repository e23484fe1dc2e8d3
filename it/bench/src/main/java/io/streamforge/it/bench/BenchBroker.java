package io.streamforge.it.bench;

import io.streamforge.adapter.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** The shipped broker in a JVM and a data directory of its own, gone when closed. */
public final class BenchBroker implements AutoCloseable {

    private final Path data;
    private final int port = FreePort.next();
    private final int registryPort = FreePort.next();
    private final Child child;
    private final Admin admin;

    /** Starts it from the build's distribution and waits until it is ready. */
    public BenchBroker() {
        try {
            data = Files.createTempDirectory("streamforge-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        child = Child.java(
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                home().resolve("broker/target/dist/lib") + "/*",
                "io.streamforge.broker.Broker",
                List.of(
                        "--data", data.toString(),
                        "--port", Integer.toString(port),
                        "--controller-port", Integer.toString(FreePort.next()),
                        "--registry-port", Integer.toString(registryPort)));
        child.await("READY");
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    /** The checkout: {@code ./streamforge} says it by {@code STREAMFORGE_HOME}. */
    public static Path home() {
        return Path.of(System.getenv().getOrDefault("STREAMFORGE_HOME", ".")).toAbsolutePath();
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** A client for its administration, closed with it. */
    public Admin admin() {
        return admin;
    }

    public String registry() {
        return "http://127.0.0.1:" + registryPort;
    }

    /** CPU the broker has used so far, nanoseconds. */
    public long cpuNanos() {
        return child.cpuNanos();
    }

    @Override
    public void close() {
        admin.close();
        child.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
