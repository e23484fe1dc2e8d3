package io.streamforge.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Kills and freezes parts at random, each part by its own dice, so that faults overlap; starts again what it killed. */
final class Killer implements AutoCloseable {

    /** How a victim is treated. */
    interface Victim {
        void kill();

        void start();

        void freeze();

        void thaw();
    }

    private static final long SHORTEST_PEACE_MS = 6_000;
    private static final long LONGEST_PEACE_MS = 30_000;
    private static final long LONGEST_DEATH_MS = 4_000;
    private static final long LONGEST_FREEZE_MS = 9_000;

    private enum Fault {
        KILL,
        STOP
    }

    private final Random seeds;
    private final List<Fault> deck = new ArrayList<>();
    private final Consumer<String> log;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /** @param log takes a line per fault */
    Killer(long seed, Consumer<String> log) {
        this.seeds = new Random(seed);
        this.log = log;
    }

    Killer victim(String name, Victim victim) {
        Random dice = new Random(seeds.nextLong());
        threads.add(new Thread(() -> run(name, victim, dice), "killer of the " + name));
        return this;
    }

    Killer start() {
        threads.forEach(Thread::start);
        return this;
    }

    private void run(String name, Victim victim, Random dice) {
        try {
            while (!ending.await(between(dice, SHORTEST_PEACE_MS, LONGEST_PEACE_MS), TimeUnit.MILLISECONDS)) {
                if (isNextKill()) {
                    log.accept("kill -9 of the " + name);
                    victim.kill();
                    kills.incrementAndGet();
                    ending.await(between(dice, 0, LONGEST_DEATH_MS), TimeUnit.MILLISECONDS);
                    victim.start();
                } else {
                    long millis = between(dice, 200, LONGEST_FREEZE_MS);
                    log.accept("SIGSTOP of the %s for %d ms".formatted(name, millis));
                    victim.freeze();
                    stops.incrementAndGet();
                    ending.await(millis, TimeUnit.MILLISECONDS);
                    victim.thaw();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** All parts draw from one shuffled deck of two kills and a stop: the first three faults of a run are of both kinds, whatever the seed. */
    synchronized boolean isNextKill() {
        if (deck.isEmpty()) {
            deck.addAll(List.of(Fault.KILL, Fault.KILL, Fault.STOP));
            Collections.shuffle(deck, seeds);
        }
        return deck.remove(deck.size() - 1) == Fault.KILL;
    }

    private static long between(Random dice, long least, long most) {
        return least + (long) (dice.nextDouble() * (most - least));
    }

    int kills() {
        return kills.get();
    }

    int stops() {
        return stops.get();
    }

    /** Ends the faults; every part runs again when this returns. */
    void finish(Duration patience) {
        ending.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(patience.toMillis());
                if (thread.isAlive()) {
                    throw new IllegalStateException("The %s did not end.".formatted(thread.getName()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() {
        ending.countDown();
        threads.forEach(Thread::interrupt);
    }
}
