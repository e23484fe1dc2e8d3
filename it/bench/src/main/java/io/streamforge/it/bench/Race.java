package io.streamforge.it.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Variants of one job, each in a JVM of its own, taking turns on the same records within one run: a turn is measured from the moment its records
 * become visible, all at once, to the last commit of the variant's group. The order rotates from round to round.
 */
public final class Race {

    /**
     * What runs once per poll needs thousands of polls until the just-in-time compiler is done with it: rounds at full load hold some hundred, a
     * plant some million. So each lifetime begins with this many polls of a few records. What full load then does differently makes it compile
     * much of the client once more, which takes a few rounds.
     */
    private static final int WARM_UP_POLLS = 8_000;

    private static final int RECORDS_PER_WARM_UP_POLL = 24;
    private static final int WARM_UP_ROUNDS = 4;

    private final List<Entrant> entrants;
    private final Load load;
    private final Map<Entrant, Long> written = new LinkedHashMap<>();
    private final Measurements measurements = new Measurements();

    /** @param load what each of them reads */
    public Race(List<Entrant> entrants, Load load) {
        this.entrants = entrants;
        this.load = load;
    }

    /**
     * Runs it.
     *
     * @param forks lifetimes of the processes: what the just-in-time compiler makes of a process differs from one to the next
     * @param rounds counted rounds in each lifetime
     */
    public Measurements run(int forks, int rounds, PrintStream progress) throws Exception {
        for (int fork = 1; fork <= forks; fork++) {
            Map<Entrant, Child> children = new LinkedHashMap<>();
            try {
                for (Entrant entrant : entrants) {
                    Child child = entrant.start().get();
                    children.put(entrant, child);
                    child.await("ready");
                }
                warmUp();
                List<Entrant> order = new ArrayList<>(entrants);
                for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                    Collections.rotate(order, 1);
                    for (Entrant entrant : order) {
                        turn(entrant, Objects.requireNonNull(children.get(entrant)), round >= 0);
                    }
                }
            } finally {
                children.values().forEach(Child::close);
            }
            progress.printf("fork %d of %d%n", fork, forks);
        }
        return measurements;
    }

    /** Many small polls, for all variants at once; over when all have committed what was written. */
    private void warmUp() throws Exception {
        Map<Entrant, Long> goals = new LinkedHashMap<>();
        Map<Entrant, KafkaProducer<byte[], byte[]>> producers = new LinkedHashMap<>();
        try {
            for (Entrant entrant : entrants) {
                goals.put(entrant, committed(entrant) + (long) WARM_UP_POLLS * RECORDS_PER_WARM_UP_POLL);
                producers.put(entrant, producer(entrant, Map.of("linger.ms", 0)));
            }
            for (int poll = 0; poll < WARM_UP_POLLS; poll++) {
                producers.forEach((entrant, producer) -> send(entrant, producer, RECORDS_PER_WARM_UP_POLL));
                producers.values().forEach(KafkaProducer::flush);
            }
        } finally {
            producers.values().forEach(KafkaProducer::close);
        }
        for (Entrant entrant : entrants) {
            await(entrant, Objects.requireNonNull(goals.get(entrant)));
        }
    }

    private void turn(Entrant entrant, Child child, boolean counted) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(
                entrant,
                Map.of(
                        "transactional.id",
                        "load-" + entrant.name(),
                        "transaction.timeout.ms",
                        300_000,
                        "linger.ms",
                        5,
                        "compression.type",
                        "lz4"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(entrant, producer, load.perRound());
            producer.flush();
            long before = committed(entrant);
            long cpu = child.cpuNanos();
            long brokerCpu = entrant.broker().cpuNanos();
            long start = System.nanoTime();
            producer.commitTransaction();
            await(entrant, before + load.perRound());
            long wall = System.nanoTime() - start;
            if (counted) {
                measurements.add(
                        entrant.name(),
                        load.perRound(),
                        child.cpuNanos() - cpu,
                        entrant.broker().cpuNanos() - brokerCpu,
                        wall);
            }
        }
    }

    private void send(Entrant entrant, KafkaProducer<byte[], byte[]> producer, int records) {
        long next = written.getOrDefault(entrant, 0L);
        for (long record = next; record < next + records; record++) {
            producer.send(new ProducerRecord<>(entrant.input(), load.key(record), load.value(record)));
        }
        written.put(entrant, next + records);
    }

    private static KafkaProducer<byte[], byte[]> producer(Entrant entrant, Map<String, Object> options) {
        Map<String, Object> config = new LinkedHashMap<>(options);
        config.put("bootstrap.servers", entrant.broker().bootstrap());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void await(Entrant entrant, long goal) throws Exception {
        while (committed(entrant) < goal) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static long committed(Entrant entrant) throws ExecutionException, InterruptedException {
        Admin admin = entrant.broker().admin();
        long sum = 0;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> position : admin.listConsumerGroupOffsets(entrant.group())
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()) {
            if (position.getKey().topic().equals(entrant.input()) && position.getValue() != null) {
                sum += position.getValue().offset();
            }
        }
        return sum;
    }
}
