package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    /** So many that the flushes of the cluster's metadata, some in a second, do not count beside them. */
    private static final int RECORDS = 1000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void fsyncFlushesEveryBatchBeforeItIsAcknowledged() throws Exception {
        assertThat(flushesWhileProducing(true)).isGreaterThanOrEqualTo(RECORDS);
    }

    @Test
    void withoutFsyncThePageCacheIsEnough() throws Exception {
        assertThat(flushesWhileProducing(false)).isLessThan(RECORDS / 2);
    }

    @Test
    void isSetUpForOneNodeWithoutSurprises() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin = admin(broker)) {
            ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config config = Objects.requireNonNull(
                    admin.describeConfigs(List.of(node)).all().get().get(node));
            assertThat(value(config, "auto.create.topics.enable")).isEqualTo("false");
            assertThat(value(config, "offsets.topic.replication.factor")).isEqualTo("1");
            assertThat(value(config, "transaction.state.log.replication.factor"))
                    .isEqualTo("1");
            assertThat(Long.parseLong(value(config, "offsets.retention.minutes")))
                    .isGreaterThan(365 * 24 * 60);
            try (KafkaProducer<byte[], byte[]> producer = producer(broker, "2000")) {
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("never.made", new byte[1]))
                                .get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
            }
            assertThat(admin.listTopics().names().get()).containsExactly("_schemas");
        }
    }

    @Test
    void transactionsWork() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin = admin(broker)) {
            TestTopic.create(admin, "t");
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", new byte[1]));
                producer.commitTransaction();
            }
        }
    }

    @Test
    void takenPortIsNamedWithItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> EmbeddedBroker.start(data, port, 0, 0))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessage(
                            "Port %d (--port) is already in use. Stop what listens there or choose another with --port.",
                            port);
            assertThatThrownBy(() -> EmbeddedBroker.start(data, 0, 0, port))
                    .hasMessageStartingWith("Port %d (--registry-port) is already in use.", port);
        }
    }

    @Test
    void directoryBelongsToOneBroker() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0)) {
            assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
            assertThatThrownBy(() -> EmbeddedBroker.start(data, 0, 0, 0))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessage(
                            "The directory %s (--data) belongs to a broker that still runs. Stop that one or choose another directory.",
                            data);
        }
    }

    private long flushesWhileProducing(boolean fsync) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(new BrokerOptions(data, 0, 0, 0, fsync));
                Admin admin = admin(broker)) {
            TestTopic.create(admin, "t");
            try (KafkaProducer<byte[], byte[]> producer = producer(broker, "60000")) {
                producer.send(new ProducerRecord<>("t", new byte[100])).get();
                long before = flushes();
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(new ProducerRecord<>("t", new byte[100])).get();
                }
                return flushes() - before;
            }
        }
    }

    /** The broker's own count of flushes to the disk. */
    private static long flushes() throws Exception {
        return (long) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("kafka.log:type=LogFlushStats,name=LogFlushRateAndTimeMs"), "Count");
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker, String maxBlockMs) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        "all",
                        "linger.ms",
                        "0",
                        "max.block.ms",
                        maxBlockMs),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static String value(Config config, String name) {
        return Objects.requireNonNull(config.get(name)).value();
    }
}
