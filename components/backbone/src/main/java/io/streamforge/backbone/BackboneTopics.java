package io.streamforge.backbone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of the stream with their retention: never by auto-creation, whose settings would be somebody else's. */
public final class BackboneTopics {

    /** Partitions of each topic unless configured otherwise: the number of processes that can share a stage. */
    public static final int DEFAULT_PARTITIONS = 12;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private static final Duration COMPACTED = Duration.ZERO;
    private static final Duration RETRY_RETENTION = Duration.ofDays(30);
    private static final Duration SIDE_RETENTION = Duration.ofDays(7);
    private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration WINDOWS_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern WINDOWS = Pattern.compile("telemetry\\.[1-9][0-9]{0,8}(ms|s|min|hour|day)");

    /** Topic and how long it keeps its records. */
    private static final Map<String, Duration> RETENTION = Map.ofEntries(
            Map.entry("telemetry.raw", Duration.ofDays(7)),
            Map.entry("telemetry.reprocess", Duration.ofDays(30)),
            Map.entry("telemetry.clean", Duration.ofDays(7)),
            Map.entry("telemetry.1s", Duration.ofDays(7)),
            Map.entry("telemetry.1min", Duration.ofDays(90)),
            Map.entry("telemetry.1hour", Duration.ofDays(365)),
            Map.entry("events.raw", Duration.ofDays(30)),
            Map.entry("events.reprocess", Duration.ofDays(30)),
            Map.entry("events.clean", Duration.ofDays(30)),
            Map.entry("alarms.raw", Duration.ofDays(365)),
            Map.entry("alarms.clean", Duration.ofDays(365)),
            Map.entry("alarms.state", COMPACTED),
            Map.entry("dlq.telemetry", Duration.ofDays(30)),
            Map.entry("dlq.events", Duration.ofDays(30)),
            Map.entry("dlq.sink", Duration.ofDays(30)),
            Map.entry("dlq.decisions", Duration.ofDays(90)),
            Map.entry("dlq.outcomes", Duration.ofDays(90)),
            Map.entry("audit.ledger", Duration.ofDays(90)));

    /** The topics that {@link #ensure} makes. */
    public static Set<String> names() {
        return RETENTION.keySet();
    }

    /**
     * Makes the topics that do not exist yet, leaves the others as they are, and returns when every partition answers: a record sent
     * before that can hold up its partition for minutes.
     *
     * @param bootstrapServers where the stream answers
     * @param partitions of each new topic, at least 1
     * @param timeout how long the stream may take
     * @throws IllegalStateException if it does not answer in time or refuses
     */
    public static void ensure(String bootstrapServers, int partitions, Duration timeout) {
        ensure(bootstrapServers, RETENTION, partitions, timeout);
    }

    /** Makes the topic of what a route is to try again, as {@link #ensure} does. */
    static void ensureRetry(String bootstrapServers, String topic) {
        ensure(bootstrapServers, Map.of(topic, RETRY_RETENTION), DEFAULT_PARTITIONS, RETRY_TIMEOUT);
    }

    /** Whether a topic's name says that it holds windows, {@code telemetry.<number><unit>}: a plan may have them of any length. */
    static boolean holdsWindows(String topic) {
        return WINDOWS.matcher(topic).matches();
    }

    /** Whether the stages and sinks of a plan may read or write a topic of that name. */
    public static boolean isLive(String topic) {
        return RETENTION.containsKey(topic) || holdsWindows(topic);
    }

    /** Makes a topic that {@link #holdsWindows} where there is none, as {@link #ensure} does. */
    static void ensureWindows(String bootstrapServers, String topic) {
        Duration retention = topic.endsWith("hour") || topic.endsWith("day")
                ? Duration.ofDays(365)
                : Duration.ofDays(topic.endsWith("min") ? 90 : 7);
        ensure(
                bootstrapServers,
                Map.of(topic, RETENTION.getOrDefault(topic, retention)),
                DEFAULT_PARTITIONS,
                WINDOWS_TIMEOUT);
    }

    /**
     * Makes side topics that take a replay's results and keep them for a week, as {@link #ensure} does.
     *
     * @param partitions as many as the replay's source has
     * @throws IllegalStateException if the stream does not answer in time or refuses
     */
    public static void ensureSide(String bootstrapServers, Set<String> names, int partitions, Duration timeout) {
        Map<String, Duration> retention = new HashMap<>();
        names.forEach(name -> retention.put(name, SIDE_RETENTION));
        ensure(bootstrapServers, retention, partitions, timeout);
    }

    private static void ensure(
            String bootstrapServers, Map<String, Duration> retention, int partitions, Duration timeout) {
        if (partitions < 1) {
            throw new IllegalArgumentException("Topics need at least 1 partition, got %d.".formatted(partitions));
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) Math.min(10_000, timeout.toMillis())))) {
            int brokers = await(admin.describeCluster().nodes(), deadline).size();
            create(admin, retention, missing(admin, retention, deadline), partitions, brokers, deadline);
            awaitLeaders(admin, retention.keySet(), deadline);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "The stream at %s did not make its topics within %d s: %s"
                            .formatted(bootstrapServers, timeout.toSeconds(), Failures.describe(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Interrupted while the stream at %s made its topics.".formatted(bootstrapServers), e);
        }
    }

    private static List<String> missing(Admin admin, Map<String, Duration> retention, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> existing = await(admin.listTopics().names(), deadline);
        return retention.keySet().stream()
                .filter(topic -> !existing.contains(topic))
                .toList();
    }

    private static void create(
            Admin admin,
            Map<String, Duration> retentions,
            List<String> names,
            int partitions,
            int brokers,
            long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        short replicas = (short) Math.min(3, brokers);
        List<NewTopic> topics = new ArrayList<>();
        for (String name : names) {
            Map<String, String> config = new HashMap<>();
            // A late device time must not make a record old.
            config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas == 3 ? "2" : "1");
            Duration retention = retentions.getOrDefault(name, COMPACTED);
            if (retention.equals(COMPACTED)) {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            } else {
                config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
            }
            topics.add(new NewTopic(name, partitions, replicas).configs(config));
        }
        for (KafkaFuture<Void> made : admin.createTopics(topics).values().values()) {
            try {
                await(made, deadline);
            } catch (ExecutionException e) {
                // Another process of the gateway was faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** A topic that was just made may be unknown to a broker for a moment yet: that answer comes at once and is no verdict. */
    private static void awaitLeaders(Admin admin, Set<String> names, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        while (true) {
            try {
                askEveryPartition(admin, names, deadline);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    private static void askEveryPartition(Admin admin, Set<String> names, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        Collection<TopicDescription> topics =
                await(admin.describeTopics(names).allTopicNames(), deadline).values();
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(BackboneTopics::partitions)
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        await(admin.listOffsets(ends).all(), deadline);
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition.partition()));
    }

    private static <T> T await(KafkaFuture<T> answer, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private BackboneTopics() {}
}
