package io.streamforge.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that stand open in a partition although their coordinator knows of nothing open there (KIP-664 calls them hanging). Killed often
 * enough, a broker can forget to decide one; then no reader is told what lies behind it, and no group its position, for good. Kafka leaves such
 * transactions to a person with a tool.
 *
 * <p>Two looks in a row must find the same transaction open and unknown, and one before them must have found it open: what is being decided at that moment
 * is never taken for it.
 */
final class HangingTransactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Positions of groups; ended last, so that who is killed in between ends the rest next time. */
    private static final String POSITIONS = "__consumer_offsets";

    /**
     * A transaction that is open in a partition.
     *
     * @param startOffset of its first record there
     */
    record Open(TopicPartition partition, long producerId, int producerEpoch, int coordinatorEpoch, long startOffset) {}

    private final Admin admin;
    private final ScheduledThreadPoolExecutor looks;
    private Set<Open> open = Set.of();
    private Set<Open> suspects = Set.of();

    private HangingTransactions(Admin admin) {
        this.admin = admin;
        this.looks = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "hanging-transactions");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks for them from now on. */
    static HangingTransactions watch(String bootstrapServers) {
        HangingTransactions watch = of(bootstrapServers);
        watch.looks.scheduleWithFixedDelay(watch::lookOrTellWhyNot, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Does not look by itself. */
    static HangingTransactions of(String bootstrapServers) {
        return new HangingTransactions(
                Admin.create(Map.of("bootstrap.servers", bootstrapServers, "client.id", "hanging-transactions")));
    }

    private void lookOrTellWhyNot() {
        try {
            look();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("Hanging transactions could not be looked for");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what it has ended. */
    List<Open> look() throws ExecutionException, TimeoutException, InterruptedException {
        Set<Open> before = open;
        Set<Open> suspected = suspects;
        open = opened();
        suspects = unknown(common(open, before));
        List<Open> hanging = common(suspects, suspected).stream()
                .sorted(Comparator.comparing(one -> one.partition().topic().equals(POSITIONS)))
                .toList();
        for (Open one : hanging) {
            answer(admin.abortTransaction(new AbortTransactionSpec(
                            one.partition(), one.producerId(), (short) one.producerEpoch(), one.coordinatorEpoch()))
                    .all());
            LOG.atWarn()
                    .addKeyValue("partition", one.partition())
                    .addKeyValue("startOffset", one.startOffset())
                    .addKeyValue("producerId", one.producerId())
                    .log("A transaction that its coordinator had forgotten was aborted");
        }
        return hanging;
    }

    private Set<Open> opened() throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> topics = answer(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        List<TopicPartition> partitions = new ArrayList<>();
        answer(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) -> description.partitions().stream()
                        .filter(partition -> partition.leader() != null)
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        Set<Open> found = new HashSet<>();
        answer(admin.describeProducers(partitions).all())
                .forEach((partition, producers) -> producers.activeProducers().stream()
                        .filter(one -> one.currentTransactionStartOffset().isPresent())
                        .map(one -> new Open(
                                partition,
                                one.producerId(),
                                one.producerEpoch(),
                                one.coordinatorEpoch().orElse(0),
                                one.currentTransactionStartOffset().getAsLong()))
                        .forEach(found::add));
        return found;
    }

    /** Those in whose partitions no coordinator has a transaction of their producer. */
    private Set<Open> unknown(Set<Open> some) throws ExecutionException, TimeoutException, InterruptedException {
        if (some.isEmpty()) {
            return Set.of();
        }
        Set<Long> producers = new HashSet<>();
        some.forEach(one -> producers.add(one.producerId()));
        Collection<TransactionListing> listed =
                answer(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all());
        Set<Open> unknown = new HashSet<>(some);
        for (TransactionListing one : listed) {
            Set<TopicPartition> known = partitions(one.transactionalId());
            unknown.removeIf(open -> open.producerId() == one.producerId() && known.contains(open.partition()));
        }
        return unknown;
    }

    private Set<TopicPartition> partitions(String transactionalId)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            TransactionDescription known =
                    answer(admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
            return known.topicPartitions();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return Set.of();
            }
            throw e;
        }
    }

    private static Set<Open> common(Set<Open> some, Set<Open> others) {
        Set<Open> both = new HashSet<>(some);
        both.retainAll(others);
        return both;
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        looks.shutdownNow();
        admin.close(Duration.ofSeconds(2));
    }
}
