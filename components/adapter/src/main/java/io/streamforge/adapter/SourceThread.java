package io.streamforge.adapter;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/** The thread on which a source works from one start to the next stop, which it survives by no more than two seconds. */
public final class SourceThread {

    /** What the thread does; it ends soon after it was told to. */
    public interface Work {
        void run() throws InterruptedException;
    }

    /** How long a stop waits for the exchange under way before it interrupts it. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(1200);

    private static final Duration INTERRUPT_PATIENCE = Duration.ofMillis(400);

    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;

    public SourceThread(CamelContext context, String name, Work work) {
        thread = context.getExecutorServiceManager().newThread(name, () -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public void start() {
        thread.start();
    }

    public boolean ending() {
        return ending.getCount() == 0;
    }

    /** Waits so many nanoseconds, not at all if negative; true if the thread is to end. */
    public boolean awaitEnding(long nanos) throws InterruptedException {
        return ending.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Tells the thread to end, before what it waits for is closed. */
    public void tellEnding() {
        ending.countDown();
    }

    /** Waits for the thread, and interrupts it if it takes too long. */
    public void end() throws InterruptedException {
        tellEnding();
        thread.join(STOP_PATIENCE.toMillis());
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(INTERRUPT_PATIENCE.toMillis());
        }
    }
}
