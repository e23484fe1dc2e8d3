package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time passes here only while the stop waits, or when it is said to. */
class SourceThreadTest {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final CamelContext context = new DefaultCamelContext();
    private final CountDownLatch device = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicLong clock = new AtomicLong();
    private final List<Duration> waits = new ArrayList<>();

    @AfterEach
    void stop() {
        device.countDown();
        context.stop();
    }

    @Test
    void aStopWaitsNoLongerThanTwoSecondsForAThreadThatDoesNotEnd() throws Exception {
        SourceThread thread = thread(this::deaf);
        thread.end();
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(waits).hasSize(2);
        assertThat(Duration.ofNanos(clock.get())).isLessThanOrEqualTo(LONGEST);
    }

    @Test
    void whatTheStopDidSinceTheThreadWasToldIsWithinTheTwoSeconds() throws Exception {
        SourceThread thread = thread(this::deaf);
        thread.tellEnding();
        clock.addAndGet(Duration.ofMillis(1100).toNanos());
        thread.tellEnding();
        thread.end();
        assertThat(Duration.ofNanos(clock.get())).isLessThanOrEqualTo(LONGEST);

        SourceThread late = thread(this::deaf);
        long told = clock.get();
        late.tellEnding();
        clock.addAndGet(Duration.ofMillis(1600).toNanos());
        late.end();
        assertThat(Duration.ofNanos(clock.get() - told)).isLessThanOrEqualTo(LONGEST);
    }

    @Test
    void aThreadThatHasEndedIsNotWaitedForAgain() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        SourceThread thread = new SourceThread(context, "source", ended::countDown, clock::get, (joined, longest) -> {
            waits.add(longest);
            joined.join();
        });
        thread.start();
        ended.await();
        thread.end();
        assertThat(waits).hasSize(1);
    }

    private SourceThread thread(SourceThread.Work work) {
        SourceThread thread = new SourceThread(context, "source", work, clock::get, (joined, longest) -> {
            waits.add(longest);
            clock.addAndGet(longest.toNanos());
        });
        thread.start();
        return thread;
    }

    /** Waits for a device that does not answer, whatever it is told. */
    private void deaf() {
        while (device.getCount() > 0) {
            try {
                device.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }
}
