package io.streamforge.backbone;

import io.streamforge.model.Batch;
import io.streamforge.model.Batch.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The life of a stream route from joining its group to leaving it: poll, deliver, and every commit interval commit results and offsets
 * together. Whatever fails is taken back to the last commit and tried again, so that nothing is lost and nothing is committed that was not
 * answered for. Confined to the route's thread, except {@link #stop()}.
 */
final class PollLoop implements ConsumerRebalanceListener, AutoCloseable {

    /** What the loop needs of the route it feeds. */
    interface Stage {
        /** Runs the route with the batch; its results go to the output. Throws what the route failed with. */
        void deliver(Batch batch, Output output) throws Exception;

        /** The dead letter of a record that the route refuses, with its wire frame. */
        byte[] deadLetter(ConsumerRecord<byte[], byte[]> record, Partition.Poison poison);
    }

    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    /** So many refused records without one that passes are the other side's fault, not theirs. */
    private static final int MOST_POISON_IN_A_ROW = 10;

    private static final long NEVER = Long.MAX_VALUE;

    private final ConsumerOptions options;
    private final String group;
    private final Stage stage;
    private final RouteHealth health;
    private final StreamFacts facts;
    private final Consumer<byte[], byte[]> consumer;
    private final Output output;
    private final Positions positions;
    private final @Nullable Replaying replaying;

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Map<String, Set<Integer>> forgotten = new HashMap<>();
    private final List<Runnable> whenCommitted = new ArrayList<>();
    private final Map<TopicPartition, String> lost = new HashMap<>();
    private final Map<String, Long> lastDelivery = new HashMap<>();
    private long commitAt = NEVER;
    private long lagAt;
    private int poisonInARow;
    private boolean tickFailed;
    private boolean replayed;
    private @Nullable RuntimeException rebalanceFailure;
    private volatile boolean stopping;

    PollLoop(
            ConsumerOptions options,
            String group,
            Stage stage,
            RouteHealth health,
            StreamFacts facts,
            Consumer<byte[], byte[]> consumer,
            Output output,
            @Nullable Replaying replaying) {
        this.options = options;
        this.group = group;
        this.stage = stage;
        this.health = health;
        this.facts = facts;
        this.consumer = consumer;
        this.output = output;
        this.replaying = replaying;
        this.positions = new Positions(options, group, consumer, facts, health, replaying);
    }

    /** Asks the loop to commit and end; from any thread. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /**
     * Runs until it is stopped. What the route or a record is to blame for is taken back and tried again; after a failure of the stream itself
     * it throws, and a new life begins with new connections.
     */
    void run() {
        consumer.subscribe(options.topics(), this);
        while (!stopping) {
            try {
                deliver(poll());
                tick();
                if (System.nanoTime() >= commitAt) {
                    commitOrPostpone();
                }
                measureLag();
                if (replaying != null) {
                    follow(replaying);
                }
                if (!partitions.isEmpty()
                        && !tickFailed
                        && partitions.values().stream().noneMatch(Partition::inDoubt)) {
                    health.recovered();
                }
            } catch (WakeupException e) {
                continue;
            } catch (RouteException e) {
                takeBack(e, e.cause);
            } catch (Output.RefusedException e) {
                takeBack(e, e);
            }
        }
        commit();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        long now = System.nanoTime();
        long wait = Math.min(LONGEST_POLL.toNanos(), commitAt == NEVER ? NEVER : commitAt - now);
        if (!options.tick().isZero()) {
            for (String topic : options.topics()) {
                wait = Math.min(
                        wait,
                        lastDelivery.getOrDefault(topic, now) + options.tick().toNanos() - now);
            }
        }
        if (replaying != null) {
            replaying.arrange(consumer, now);
            long rest = replaying.rest(now);
            wait = rest > 0 ? Math.min(wait, rest) : wait;
        }
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofNanos(Math.max(0, wait)));
            throwRebalanceFailure();
            return records;
        } catch (InvalidOffsetException e) {
            // Follows from a failure to place the partition, which says more.
            throwRebalanceFailure();
            throw e;
        }
    }

    private void deliver(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            for (String topic : options.topics()) {
                deliver(topic, records);
            }
            // Beyond the last record there may be transaction markers, which no later poll should have to skip again.
            records.nextOffsets().forEach((id, next) -> partition(id).reached(Math.min(next.offset(), endOf(id))));
            if (replaying != null) {
                replaying.read(records.count(), System.nanoTime());
            }
        }
        for (Partition partition : partitions.values()) {
            if (partition.warming() && consumer.position(partition.id()) >= partition.warmUntil()) {
                partition.warm();
            }
        }
    }

    private void deliver(String topic, ConsumerRecords<byte[], byte[]> records) {
        List<Partition> together = new ArrayList<>();
        List<Partition> isolated = new ArrayList<>();
        boolean warming = false;
        for (TopicPartition id : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> list = below(endOf(id), records.records(id));
            if (id.topic().equals(topic) && !list.isEmpty()) {
                Partition partition = partition(id);
                warming |= partition.warming();
                (partition.isolated(list.get(0).offset()) ? isolated : together).add(partition);
            }
        }
        if (warming) {
            deliver(topic, together, records, true);
        }
        deliver(topic, together, records, false);
        for (Partition partition : isolated) {
            deliverIsolated(partition, below(endOf(partition.id()), records.records(partition.id())));
        }
    }

    /** Delivers the partitions' records in one batch: either those below the warm-up's end or those above. */
    private void deliver(
            String topic, List<Partition> together, ConsumerRecords<byte[], byte[]> records, boolean warmUp) {
        Batch batch = newBatch(topic, warmUp);
        batch.ensureCapacity(records.count());
        for (Partition partition : together) {
            List<ConsumerRecord<byte[], byte[]>> list = below(endOf(partition.id()), records.records(partition.id()));
            int from = 0;
            int to = list.size();
            if (partition.warming()) {
                int border = firstAtOrAbove(list, partition.warmUntil());
                from = warmUp ? 0 : border;
                to = warmUp ? border : list.size();
            } else if (warmUp) {
                continue;
            }
            add(batch, partition, list, from, to);
        }
        if (batch.size() > 0) {
            deliver(batch);
        }
    }

    /** Delivers a partition that holds a suspected record: by parts, each with a commit of its own. */
    private void deliverIsolated(Partition partition, List<ConsumerRecord<byte[], byte[]>> list) {
        commit();
        int from = 0;
        while (from < list.size()) {
            ConsumerRecord<byte[], byte[]> first = list.get(from);
            boolean warmUp = first.offset() < partition.warmUntil();
            Partition.Poison poison = partition.poison(first.offset());
            if (poison != null) {
                if (!warmUp) {
                    putAside(first, poison);
                }
                partition.passedOver(first.offset());
                from++;
            } else {
                int to = Math.max(from + 1, firstAtOrAbove(list, partition.border(first.offset())));
                Batch batch = newBatch(partition.id().topic(), warmUp);
                add(batch, partition, list, from, to);
                deliver(batch);
                from = to;
            }
            commit();
        }
    }

    private void putAside(ConsumerRecord<byte[], byte[]> record, Partition.Poison poison) {
        String topic = options.poisonTopic();
        if (topic == null) {
            throw new IllegalStateException("A record was put aside without a poison topic.");
        }
        Batch batch = Batch.output();
        batch.add(record.key(), stage.deadLetter(record, poison), record.partition(), record.offset());
        output.mute(false);
        output.send(topic, batch);
    }

    private Partition partition(TopicPartition id) {
        Partition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException("Records of %s came before its position was known.".formatted(id));
        }
        return partition;
    }

    private Batch newBatch(String topic, boolean warmUp) {
        return noted(Batch.input(topic, facts.topicId(topic), warmUp, forgotten(topic)));
    }

    private List<Integer> forgotten(String topic) {
        return List.copyOf(forgotten.getOrDefault(topic, Set.of()));
    }

    /** Of partitions that the stage is to know anew it says what was remembered. */
    private Batch noted(Batch batch) {
        for (int partition : batch.forgotten()) {
            Partition known = partitions.get(new TopicPartition(batch.topic(), partition));
            Note note = known == null ? null : known.note();
            if (note != null) {
                batch.note(partition, note);
            }
        }
        return batch;
    }

    private static void add(
            Batch batch, Partition partition, List<ConsumerRecord<byte[], byte[]>> list, int from, int to) {
        if (from == to) {
            return;
        }
        for (int i = from; i < to; i++) {
            ConsumerRecord<byte[], byte[]> record = list.get(i);
            batch.add(record.key(), record.value(), record.partition(), record.offset());
        }
        partition.offer(list.get(from).offset(), list.get(to - 1).offset() + 1);
    }

    /** The first offset that is not to be read. */
    private long endOf(TopicPartition id) {
        return replaying == null ? NEVER : replaying.end(id);
    }

    private static List<ConsumerRecord<byte[], byte[]>> below(long end, List<ConsumerRecord<byte[], byte[]>> list) {
        return end == NEVER ? list : list.subList(0, firstAtOrAbove(list, end));
    }

    private static int firstAtOrAbove(List<ConsumerRecord<byte[], byte[]>> list, long offset) {
        int index = 0;
        while (index < list.size() && list.get(index).offset() < offset) {
            index++;
        }
        return index;
    }

    private void deliver(Batch batch) {
        if (commitAt == NEVER) {
            commitAt = System.nanoTime() + options.commitInterval().toNanos();
        }
        output.mute(batch.warmUp());
        try {
            stage.deliver(batch, output);
            output.check();
        } catch (Output.SendFailedException e) {
            throw e;
        } catch (Exception e) {
            tickFailed |= batch.size() == 0;
            throw new RouteException(e);
        }
        if (batch.size() > 0) {
            poisonInARow = 0;
        } else {
            tickFailed = false;
        }
        lastDelivery.put(batch.topic(), System.nanoTime());
        forgotten.remove(batch.topic());
        if (!batch.warmUp()) {
            Runnable told = batch.whenCommitted();
            if (told != null) {
                whenCommitted.add(told);
            }
            for (Partition partition : partitions.values()) {
                if (partition.id().topic().equals(batch.topic())) {
                    partition.delivered();
                }
            }
            batch.notes().forEach((number, note) -> {
                Partition partition = partitions.get(new TopicPartition(batch.topic(), number));
                if (partition != null) {
                    partition.noted(note);
                }
            });
        }
    }

    private void tick() {
        if (options.tick().isZero() || partitions.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (String topic : options.topics()) {
            long last = lastDelivery.computeIfAbsent(topic, t -> now);
            if (now - last >= options.tick().toNanos() && !warming(topic)) {
                deliver(newBatch(topic, false));
            }
        }
    }

    private boolean warming(String topic) {
        return partitions.values().stream()
                .anyMatch(partition ->
                        partition.warming() && partition.id().topic().equals(topic));
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Partition partition : partitions.values()) {
            if (partition.changed()) {
                offsets.put(partition.id(), partition.toCommit());
            }
        }
        output.commit(offsets, consumer);
        partitions.values().forEach(Partition::committed);
        List<Runnable> told = List.copyOf(whenCommitted);
        whenCommitted.clear();
        told.forEach(Runnable::run);
        commitAt = NEVER;
    }

    /** Between joining and syncing, a group takes no offsets: the next polls finish that. Not to be used where undelivered records are at hand. */
    private void commitOrPostpone() {
        try {
            commit();
        } catch (RebalanceInProgressException e) {
            commitAt = System.nanoTime() + FIRST_BACK_OFF.toNanos();
        }
    }

    /** Gives up the cycle that was refused, waits, and goes back to where the group stands. */
    private void takeBack(RuntimeException refusal, Throwable cause) {
        health.failed(refusal);
        int attempt = narrow(cause);
        output.abort(cause);
        whenCommitted.clear();
        partitions.values().forEach(Partition::rewound);
        commitAt = NEVER;
        pause(backOff(attempt));
        throwRebalanceFailure();
        place(consumer.assignment());
        lagAt = 0;
        measureLag();
    }

    /** Comes closer to the record that is refused, if the fault can be a record's; returns how patient to be: the attempt in a row. */
    private int narrow(Throwable cause) {
        boolean canBeTheRecords = options.poisonTopic() != null && Failures.canBeTheRecords(cause);
        boolean mayCondemn = poisonInARow < MOST_POISON_IN_A_ROW;
        boolean narrowing = false;
        int attempt = 0;
        for (Partition partition : partitions.values()) {
            if (partition.unsettled()) {
                attempt = Math.max(attempt, partition.refused());
                boolean condemned = canBeTheRecords && partition.narrow(Failures.describe(cause), mayCondemn);
                poisonInARow += condemned ? 1 : 0;
                narrowing |= condemned || (mayCondemn && partition.suspected());
            }
        }
        return narrowing ? 1 : attempt == 0 ? health.failures() : attempt;
    }

    /** Waits as a member of the group: paused, so that a rebalance does not wait for us. */
    private void pause(Duration pause) {
        consumer.pause(consumer.assignment());
        long until = System.nanoTime() + pause.toNanos();
        for (long now = System.nanoTime(); now < until && !stopping; now = System.nanoTime()) {
            consumer.poll(Duration.ofNanos(until - now));
        }
        consumer.resume(consumer.paused());
    }

    /** Doubles with each failure in a row up to 5 s; random within its upper half, so that routes do not retry in step. */
    static Duration backOff(int failures) {
        long longest = Math.min(
                LONGEST_BACK_OFF.toMillis(), FIRST_BACK_OFF.toMillis() << Math.min(16, Math.max(0, failures - 1)));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    /** Takes the group's committed offsets as the truth for these partitions, goes there, and has the stage drop what it knew of them. */
    private void place(Collection<TopicPartition> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Positions.Places places = positions.of(ids);
        places.starts().forEach((id, start) -> {
            partitions.computeIfAbsent(id, Partition::new).place(start);
            consumer.seek(id, start.readFrom());
            forget(id);
        });
        // They are not read and, having no place, never committed.
        places.lost().forEach((id, first) -> {
            partitions.remove(id);
            consumer.seek(id, first);
            forget(id);
        });
        consumer.pause(places.lost().keySet());
        lost.keySet().removeAll(ids);
        if (places.problem() != null) {
            places.lost().keySet().forEach(id -> lost.put(id, places.problem()));
        }
        tellLost();
        facts.remember(group, ids);
        facts.refresh(options.topics());
    }

    private void forget(TopicPartition id) {
        forgotten.computeIfAbsent(id.topic(), topic -> new TreeSet<>()).add(id.partition());
    }

    private void drop(Collection<TopicPartition> ids) {
        ids.forEach(id -> {
            partitions.remove(id);
            lost.remove(id);
            forget(id);
        });
        tellLost();
    }

    private void tellLost() {
        health.lost(lost.isEmpty() ? null : String.join(" ", new TreeSet<>(lost.values())));
    }

    /** Says how far a replay has come, and when it is through has the stage give out what it still holds and commits that. */
    private void follow(Replaying replay) {
        if (!replayed && replay.through(consumer)) {
            if (!options.tick().isZero()) {
                for (String topic : options.topics()) {
                    deliver(noted(Batch.last(topic, facts.topicId(topic), forgotten(topic))));
                }
            }
            commit();
            replayed = true;
        }
        health.replayed(replay.progress(partitions.values(), replayed));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> ids) {
        duringRebalance(() -> {
            place(ids);
            health.assigned(true);
        });
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> ids) {
        if (ids.stream().anyMatch(partitions::containsKey)) {
            duringRebalance(this::commit);
        }
        drop(ids);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> ids) {
        health.assigned(false);
        drop(ids);
        rebalanceFailure = new IllegalStateException(
                "Partitions %s were given to another member before their last cycle was committed.".formatted(ids));
    }

    /** Keeps a failure until the poll has returned: the client must finish the rebalance first. */
    private void duringRebalance(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            rebalanceFailure = e;
        }
    }

    private void throwRebalanceFailure() {
        RuntimeException failure = rebalanceFailure;
        rebalanceFailure = null;
        if (failure != null) {
            throw failure;
        }
    }

    private void measureLag() {
        long now = System.nanoTime();
        if (now >= lagAt) {
            lagAt = now + LONGEST_POLL.toNanos();
            // Before a partition's first fetch, as after each rewind, the client knows no lag.
            health.lag(partitions.values().stream()
                    .mapToLong(partition -> consumer.currentLag(partition.id()).orElse(partition.remaining()))
                    .sum());
        }
    }

    /** Leaves the group, which a static member does only when told to: others take over at once. Only who is killed comes back as itself. */
    @Override
    public void close() {
        health.assigned(false);
        partitions.clear();
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(KafkaClients.CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            output.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The route failed with the cause. */
    private static final class RouteException extends RuntimeException {
        private final Exception cause;

        RouteException(Exception cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
