package io.streamforge.backbone;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of every Kafka client of the gateway, in one place, each with its reason. */
final class KafkaClients {

    static final Duration AT_ONCE = Duration.ZERO;
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * @param member the member's name, the same after a restart: static membership, so that a killed process that comes back takes its own
     *     partitions at once instead of waiting until its former self has timed out
     */
    static Consumer<byte[], byte[]> consumer(String bootstrapServers, String group, String member, int maxPollRecords) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, member);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        // Partitions that stay where they are go on during a rebalance.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        // A process that is gone for good is missed after 10 s. Heartbeats have their own thread, so a slow batch does
        // not look dead.
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        // Longer than a transaction may hang: the position of a partition is asked for until its last owner's
        // transaction is decided.
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 45_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** One route's producer: whoever starts with the same id aborts what its former self left open. */
    static Producer<byte[], byte[]> transactionalProducer(String bootstrapServers, String transactionalId) {
        Map<String, Object> config = producerConfig(bootstrapServers, transactionalId);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        // After a kill without a restart readers are held up no longer than this; far above the commit interval of at
        // most 1 s.
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        // Give up long before the broker does: then the records are rewound and sent again in a new transaction. After
        // a kill of the broker
        // this also bounds how long it refuses sequence numbers whose beginning it never saw.
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 12_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 20_000);
        // The first batch after a commit is often told CONCURRENT_TRANSACTIONS, because the broker still writes the
        // markers
        // of the transaction before: with the default of 100 ms such a batch waits for another commit. Doubles up to 1
        // s.
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The producer of everything that is not in a transaction: it tries for ever, what a device gave us is not given up. */
    static Producer<byte[], byte[]> idempotentProducer(String bootstrapServers, String clientId) {
        Map<String, Object> config = producerConfig(bootstrapServers, clientId);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> producerConfig(String bootstrapServers, String clientId) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Each request and each batch costs as much as dozens of records: adapters that poll a few times a second share
        // them.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return config;
    }

    private KafkaClients() {}
}
