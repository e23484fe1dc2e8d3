package io.streamforge.backbone;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all routes of a process share: one idempotent producer (so that small batches of many adapters travel together), one admin client
 * and the thread on which acknowledged exchanges go on. Each is made at its first use.
 */
final class SharedClients implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedClients.class);

    private final Supplier<String> bootstrapServers;
    private final Supplier<String> gatewayId;
    private final Supplier<String> process;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Admin admin;
    private @Nullable ExecutorService completions;

    SharedClients(Supplier<String> bootstrapServers, Supplier<String> gatewayId, Supplier<String> process) {
        this.bootstrapServers = bootstrapServers;
        this.gatewayId = gatewayId;
        this.process = process;
    }

    synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = KafkaClients.idempotentProducer(bootstrapServers.get(), memberName("shared"));
        }
        return producer;
    }

    /** After an error that the producer does not survive, the next sender gets a new one. */
    synchronized void failed(Producer<byte[], byte[]> broken, Throwable cause) {
        if (producer == broken && Failures.endsProducer(cause)) {
            LOG.atWarn().setCause(cause).log("The shared producer failed and is made anew");
            producer = null;
            // Not on the caller's thread: it may be the producer's own.
            completions().execute(() -> broken.close(KafkaClients.AT_ONCE));
        }
    }

    synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers.get(),
                    AdminClientConfig.CLIENT_ID_CONFIG,
                    memberName("admin")));
        }
        return admin;
    }

    /** Continues exchanges away from the producer's network thread, which a route must never block. */
    synchronized ExecutorService completions() {
        if (completions == null) {
            completions = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "backbone-acknowledged");
                thread.setDaemon(true);
                return thread;
            });
        }
        return completions;
    }

    String bootstrapServers() {
        return bootstrapServers.get();
    }

    String gatewayId() {
        return gatewayId.get();
    }

    /** The stable name of one part of this process, for transactions and group members. */
    String memberName(String part) {
        return gatewayId.get() + "-" + part + "-" + process.get();
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> lastProducer;
        Admin lastAdmin;
        ExecutorService lastCompletions;
        synchronized (this) {
            lastProducer = producer;
            lastAdmin = admin;
            lastCompletions = completions;
            producer = null;
            admin = null;
            completions = null;
        }
        // Without the lock: the producer's own thread may be reporting a failure to us.
        if (lastProducer != null) {
            lastProducer.close(KafkaClients.CLOSE_TIMEOUT);
        }
        if (lastAdmin != null) {
            lastAdmin.close(KafkaClients.CLOSE_TIMEOUT);
        }
        if (lastCompletions != null) {
            lastCompletions.shutdown();
        }
    }
}
