package io.streamforge.it.bench.modbus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Somebody else's client: a thread per connection that reads and counts, at a fixed rate, and does nothing with what it read. */
final class PacedPoller implements Poller {

    private final Duration interval;
    private final List<Callable<Integer>> connections;
    private final LongAdder polls = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean going;

    /** @param connections each polls once and says how many registers it got */
    PacedPoller(Duration interval, List<Callable<Integer>> connections) {
        this.interval = interval;
        this.connections = List.copyOf(connections);
    }

    @Override
    public void go() {
        going = true;
        for (Callable<Integer> connection : connections) {
            Thread thread = new Thread(() -> poll(connection), "poll");
            threads.add(thread);
            thread.start();
        }
    }

    private void poll(Callable<Integer> connection) {
        long due = System.nanoTime();
        while (going) {
            try {
                int registers = connection.call();
                if (registers != ModbusBench.REGISTERS) {
                    throw new IllegalStateException("%d registers came".formatted(registers));
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            polls.increment();
            due += interval.toNanos();
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    @Override
    public void halt() throws InterruptedException {
        going = false;
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }

    @Override
    public long polls() {
        return polls.sum();
    }

    @Override
    public void close() throws InterruptedException {
        halt();
    }
}
