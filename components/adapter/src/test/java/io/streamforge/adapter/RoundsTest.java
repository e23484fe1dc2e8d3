package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsTest {

    /** A stroke: all that join meanwhile are in the same round. */
    private static final Duration PERIOD = Duration.ofMillis(25);

    private static final Duration ONCE = Duration.ofHours(1);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Rounds rounds;

    @BeforeEach
    void start() throws Exception {
        context.start();
        rounds = Rounds.of(context);
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void aContextHasOne() throws Exception {
        assertThat(Rounds.of(context)).isSameAs(rounds);
    }

    @Test
    void allAskBeforeAnyIsServedAndThoseWithAnAnswerComeFirst() throws Exception {
        rounds.join(new Source("slow", false), PERIOD, true);
        rounds.join(new Source("quick", true), PERIOD, true);
        rounds.join(new Source("last", true), PERIOD, true);
        await().until(() -> String.join(", ", seen)
                .contains("slow asks, quick asks, last asks, quick served, last served, slow served"));
    }

    @Test
    void whoBlocksHoldsUpNobodyElse() {
        CountDownLatch device = new CountDownLatch(1);
        Source stuck = new Source("stuck", true, device);
        Source behind = new Source("behind", true);
        rounds.join(stuck, PERIOD, true);
        rounds.join(behind, PERIOD, true);
        await().until(() -> behind.turns.get() > 5);
        assertThat(stuck.turns).hasValue(0);
        assertThat(stuck.missed.get()).isPositive();
        device.countDown();
        await().until(() -> stuck.turns.get() > 2);
    }

    @Test
    void whoseDeviceHasAnsweredIsNotBehindTheSilent() {
        CountDownLatch devices = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        rounds.join(new Source("first", true, first), PERIOD, true);
        Source silent = new Source("silent", false, devices);
        Source silentToo = new Source("silent, too", false, devices);
        Source quick = new Source("quick", true);
        rounds.join(silent, PERIOD, true);
        rounds.join(silentToo, PERIOD, true);
        rounds.join(quick, PERIOD, true);
        await().until(() -> quick.turns.get() > 2);
        assertThat(silent.turns.get() + silentToo.turns.get()).isZero();
        first.countDown();
        devices.countDown();
    }

    @Test
    void manyMayBlockAtATime() {
        CountDownLatch devices = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
            rounds.join(new Source("stuck", true, devices), PERIOD, i % 2 == 0);
        }
        Source free = new Source("free", true);
        rounds.join(free, PERIOD, false);
        await().until(() -> free.turns.get() > 5);
        devices.countDown();
    }

    @Test
    void whoHasLeftGetsNoTurn() {
        Source leaves = new Source("leaves", true);
        Source stays = new Source("stays", true);
        Runnable leave = rounds.join(leaves, PERIOD, true);
        rounds.join(stays, PERIOD, true);
        await().until(() -> leaves.turns.get() > 0);
        leave.run();
        int last = stays.turns.get();
        await().until(() -> stays.turns.get() > last + 1);
        int then = leaves.turns.get();
        await().until(() -> stays.turns.get() > last + 6);
        // A turn that had begun may have ended only now.
        assertThat(leaves.turns).hasValueLessThanOrEqualTo(then + 1);
    }

    @Test
    void theFirstTurnIsOnTheNextStroke() {
        Source source = new Source("source", true);
        long joined = System.nanoTime();
        rounds.join(source, ONCE, false);
        await().until(() -> source.turns.get() == 1);
        assertThat(source.begun - joined).isPositive();
        assertThat(source.missed).hasValue(0);
    }

    @Test
    void whatIsPlannedIsDone() {
        AtomicBoolean done = new AtomicBoolean();
        rounds.schedule(() -> done.set(true), System.nanoTime());
        await().untilTrue(done);
    }

    private final class Source implements Rounds.Member {
        private final String name;
        private final boolean answered;
        private final CountDownLatch device;
        private final AtomicInteger turns = new AtomicInteger();
        private final AtomicInteger missed = new AtomicInteger();
        private final AtomicInteger state = new AtomicInteger();
        private volatile long begun;

        Source(String name, boolean answered) {
            this(name, answered, new CountDownLatch(0));
        }

        Source(String name, boolean answered, CountDownLatch device) {
            this.name = name;
            this.answered = answered;
            this.device = device;
        }

        @Override
        public boolean begin(long before) {
            if (!state.compareAndSet(0, 1)) {
                missed.incrementAndGet();
                return false;
            }
            begun = System.nanoTime();
            seen.add(name + " asks");
            return true;
        }

        @Override
        public boolean waits() {
            return state.get() == 1;
        }

        @Override
        public boolean answered() {
            return answered;
        }

        @Override
        public void serve() {
            if (state.compareAndSet(1, 2)) {
                try {
                    device.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                seen.add(name + " served");
                turns.incrementAndGet();
                state.set(0);
            }
        }
    }
}
