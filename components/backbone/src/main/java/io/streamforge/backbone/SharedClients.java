package io.streamforge.backbone;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all routes of a process share: one idempotent producer (so that small batches of many adapters travel together) and one admin
 * client. Each is made at its first use.
 */
final class SharedClients implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedClients.class);

    private final Supplier<String> bootstrapServers;
    private final Supplier<String> gatewayId;
    private final Supplier<String> process;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Admin admin;

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
    void failed(Producer<byte[], byte[]> broken, Throwable cause) {
        if (Failures.endsProducer(cause) && retired(broken)) {
            LOG.atWarn().setCause(cause).log("The shared producer failed and is made anew");
            broken.close(KafkaClients.AT_ONCE);
        }
    }

    /** True for the first who finds it broken. */
    private synchronized boolean retired(Producer<byte[], byte[]> broken) {
        if (producer != broken) {
            return false;
        }
        producer = null;
        return true;
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

    /** After a question without an answer in time, which may be the stream's fault or the client's: the next who asks gets a new one. */
    void unanswered(Admin asked) {
        synchronized (this) {
            if (admin != asked) {
                return;
            }
            admin = null;
        }
        asked.close(KafkaClients.CLOSE_TIMEOUT);
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
        synchronized (this) {
            lastProducer = producer;
            lastAdmin = admin;
            producer = null;
            admin = null;
        }
        // Without the lock: the producer's own thread may be reporting a failure to us.
        if (lastProducer != null) {
            lastProducer.close(KafkaClients.CLOSE_TIMEOUT);
        }
        if (lastAdmin != null) {
            lastAdmin.close(KafkaClients.CLOSE_TIMEOUT);
        }
    }
}
