package io.streamforge.opcua;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;

/**
 * The threads that clients work on. Milo's own are the process's and never end, and a client that waits for a slow stream holds one of them; so these
 * are ours: shared by the clients that are open, gone with the last of them.
 */
final class ClientThreads implements Closeable {

    private static final long IDLE_SECONDS = 10;
    private static final long END_MILLIS = 500;

    /** Netty's own 100 ms wake a thread ten times a second for time-outs of seconds, of which nearly none expires. */
    private static final long TIMEOUT_TICK_MILLIS = 250;

    private final NioEventLoopGroup network = new NioEventLoopGroup(1, named("opcua-network"));
    private final ScheduledExecutorService timer = new Timer();
    private final HashedWheelTimer timeouts =
            new HashedWheelTimer(named("opcua-timeouts"), TIMEOUT_TICK_MILLIS, TimeUnit.MILLISECONDS);
    private final ExecutorService workers = new Workers();

    private static ThreadFactory named(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /** Makes a transport use them. */
    void configure(OpcTcpClientTransportConfigBuilder transport, long timeoutMillis) {
        transport
                .setEventLoop(network)
                .setScheduledExecutor(timer)
                .setWheelTimer(timeouts)
                .setExecutor(workers)
                .setConnectTimeout(Unsigned.uint(timeoutMillis))
                .setAcknowledgeTimeout(Unsigned.uint(timeoutMillis));
    }

    /**
     * Milo waits one second, two, four, up to sixteen between attempts to reach a server, and has no setting for it. Each wait is drawn out by up to its
     * half here, so that many clients do not return in step. Its watchdogs, the only other single delays, may bark that much later.
     */
    private static final class Timer extends ScheduledThreadPoolExecutor {

        Timer() {
            super(1, named("opcua-timer"), new DiscardPolicy());
            setRemoveOnCancelPolicy(true);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            long nanos = unit.toNanos(delay);
            long more = nanos <= 0 ? 0 : ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
            return super.schedule(command, nanos + more, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * One thread that does Milo's work in its order, and as many more as wait. Milo hands each notification on through seven tasks; a pool with a thread
     * for each task wakes as many. Where a task waits for an answer of the server, which Milo does by {@link java.util.concurrent.CompletableFuture}, or
     * by {@link Waits}, another thread takes its place. After the end, what fails of the work that was under way is no news.
     */
    private static final class Workers extends ForkJoinPool {

        /** Each client has one subscription, which can wait for the stream; beyond this clients wait for each other. */
        private static final int MOST = 1_000;

        Workers() {
            super(1, Worker::new, null, true, 1, MOST, 1, pool -> true, IDLE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void execute(Runnable work) {
            try {
                super.execute(() -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        if (!isShutdown()) {
                            throw e;
                        }
                    }
                });
            } catch (RejectedExecutionException e) {
                if (!isShutdown()) {
                    throw e;
                }
            }
        }
    }

    private static final class Worker extends ForkJoinWorkerThread {

        Worker(ForkJoinPool pool) {
            super(pool);
        }

        @Override
        protected void onStart() {
            setName("opcua-worker-" + getPoolIndex());
        }
    }

    /** What a client that has gone would still do is dropped; who is doing it already may still need the timers. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            workers.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
        network.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(END_MILLIS);
        timeouts.stop();
    }
}
