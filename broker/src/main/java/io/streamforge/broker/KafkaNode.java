package io.streamforge.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** One Kafka broker that is its own controller, tuned for a single node with a small heap. */
final class KafkaNode implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final int TWO_YEARS_IN_MINUTES = 2 * 365 * 24 * 60;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private KafkaNode(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    static KafkaNode start(BrokerOptions options) {
        Path log = options.data().resolve("log");
        if (!Files.exists(log.resolve("meta.properties"))) {
            format(log);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings(options, log)), Time.SYSTEM);
        KafkaNode node = new KafkaNode(server, "127.0.0.1:" + options.port());
        try {
            server.startup();
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
        return node;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path log) {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(log.toString())
                    .addDirectory(log.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (Exception e) {
            throw new BrokerStartException(
                    "The directory %s could not be prepared for Kafka: %s".formatted(log, e.getMessage()), e);
        }
    }

    private static Map<String, String> settings(BrokerOptions options, Path log) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + options.controllerPort());
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(options.port(), options.controllerPort()));
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("log.dirs", log.toString());

        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");

        // Longer than the longest retention of a topic: a position must not be forgotten before its records are.
        settings.put("offsets.retention.minutes", String.valueOf(TWO_YEARS_IN_MINUTES));
        if (options.fsync()) {
            settings.put("log.flush.interval.messages", "1");
        }

        // After kill -9 a start waits for the dead broker's session to end (9 s by default), and reads the newest
        // segments again in full.
        settings.put("broker.session.timeout.ms", "5000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("log.segment.bytes", String.valueOf(128 << 20));

        // One node with few clients: fewer partitions, threads and buffers than a cluster's defaults; the cleaner's
        // alone would be 128 MiB.
        settings.put("offsets.topic.num.partitions", "8");
        settings.put("transaction.state.log.num.partitions", "8");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        settings.put("group.initial.rebalance.delay.ms", "0");
        return settings;
    }
}
