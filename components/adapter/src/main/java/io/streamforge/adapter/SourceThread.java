package io.streamforge.adapter;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;

/** The thread on which a source works from one start to the next stop, which it survives by no more than two seconds. */
public final class SourceThread {

    /** What the thread does; it ends soon after it was told to. */
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Waits for the end of a thread, no longer than it is told. */
    interface Join {
        void join(Thread thread, Duration longest) throws InterruptedException;
    }

    /** How long after it was told a thread may go on, with the exchange under way above all, before it is interrupted. */
    public static final Duration STOP_PATIENCE = Duration.ofMillis(1200);

    /** How long a stop waits after that. */
    public static final Duration INTERRUPT_PATIENCE = Duration.ofMillis(400);

    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private final LongSupplier nanoTime;
    private final Join join;
    private volatile long interruptAt;

    public SourceThread(CamelContext context, String name, Work work) {
        this(context, name, work, System::nanoTime, (ended, longest) -> ended.join(longest.toMillis()));
    }

    SourceThread(CamelContext context, String name, Work work, LongSupplier nanoTime, Join join) {
        this.nanoTime = nanoTime;
        this.join = join;
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

    /** Tells the thread to end, before what it waits for is closed. Its two seconds begin with the first call. */
    public synchronized void tellEnding() {
        if (!ending()) {
            interruptAt = nanoTime.getAsLong() + STOP_PATIENCE.toNanos();
            ending.countDown();
        }
    }

    /** Waits for the thread, and interrupts it if it takes too long. */
    public void end() throws InterruptedException {
        tellEnding();
        long left = interruptAt - nanoTime.getAsLong();
        if (left >= Duration.ofMillis(1).toNanos()) {
            join.join(thread, Duration.ofNanos(left));
        }
        if (thread.isAlive()) {
            thread.interrupt();
            join.join(thread, INTERRUPT_PATIENCE);
        }
    }
}
