package io.streamforge.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A running stream with its schema registry, in this process. */
public final class EmbeddedBroker implements AutoCloseable {

    private final FileLock lock;
    private final KafkaNode node;
    private final SchemaTopic topic;
    private final RegistryServer registry;
    private final HangingTransactions hanging;

    private EmbeddedBroker(FileLock lock, KafkaNode node, SchemaTopic topic, RegistryServer registry) {
        this.lock = lock;
        this.node = node;
        this.topic = topic;
        this.registry = registry;
        this.hanging = HangingTransactions.watch(node.bootstrapServers());
    }

    /** As {@link #start(BrokerOptions)}, acknowledging from the page cache. */
    public static EmbeddedBroker start(Path data, int port, int controllerPort, int registryPort) {
        return start(new BrokerOptions(data, port, controllerPort, registryPort, false));
    }

    /**
     * Returns when both the stream and the registry answer.
     *
     * @throws BrokerStartException if a port is taken, the directory cannot be used, or Kafka does not start
     */
    public static EmbeddedBroker start(BrokerOptions options) {
        FileLock lock = lock(options.data());
        KafkaNode node = null;
        SchemaTopic topic = null;
        try {
            BrokerOptions bound = withFreePorts(options);
            node = KafkaNode.start(bound);
            topic = SchemaTopic.open(node.bootstrapServers());
            RegistryServer registry = RegistryServer.start(bound.registryPort(), new SchemaStore(topic), topic);
            return new EmbeddedBroker(lock, node, topic, registry);
        } catch (IOException | RuntimeException e) {
            release(topic, node, lock);
            throw e instanceof BrokerStartException known
                    ? known
                    : new BrokerStartException("The broker did not start: " + e.getMessage(), e);
        }
    }

    /** Where Kafka clients connect, {@code host:port}. */
    public String bootstrapServers() {
        return node.bootstrapServers();
    }

    /** The registry's base URL, without a slash at its end. */
    public String registryUrl() {
        return registry.url();
    }

    /** Ends in good order; acknowledged records would survive an end without it, too. */
    @Override
    public void close() {
        hanging.close();
        registry.close();
        release(topic, node, lock);
    }

    private static void release(@Nullable SchemaTopic topic, @Nullable KafkaNode node, FileLock lock) {
        if (topic != null) {
            topic.close();
        }
        if (node != null) {
            node.close();
        }
        try (FileChannel channel = lock.channel()) {
            lock.release();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static FileLock lock(Path data) {
        try {
            Files.createDirectories(data);
            FileChannel channel =
                    FileChannel.open(data.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new BrokerStartException(
                        "The directory %s (--data) belongs to a broker that still runs. Stop that one or choose another directory."
                                .formatted(data));
            }
            return lock;
        } catch (IOException e) {
            throw new BrokerStartException("The directory %s (--data) cannot be used: %s.".formatted(data, e), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Holds all three ports at once, so that each is free and no two are the same; Kafka's own message would not name the option. */
    private static BrokerOptions withFreePorts(BrokerOptions options) throws IOException {
        try (ServerSocket stream = reserve(options.port(), "--port");
                ServerSocket controller = reserve(options.controllerPort(), "--controller-port");
                ServerSocket registry = reserve(options.registryPort(), "--registry-port")) {
            return new BrokerOptions(
                    options.data(),
                    stream.getLocalPort(),
                    controller.getLocalPort(),
                    registry.getLocalPort(),
                    options.fsync());
        }
    }

    private static ServerSocket reserve(int port, String option) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (BindException e) {
            socket.close();
            throw new BrokerStartException(
                    "Port %d (%s) is already in use. Stop what listens there or choose another with %s."
                            .formatted(port, option, option),
                    e);
        }
    }
}
