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
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;

/**
 * The threads that clients work on. Milo's own are the process's and never end, and a client that waits for a slow stream holds one of them; so these
 * are ours: shared by the clients that are open, gone with the last of them.
 */
final class ClientThreads implements Closeable {

    private static final long IDLE_SECONDS = 10;
    private static final long END_MILLIS = 500;

    private final NioEventLoopGroup network = new NioEventLoopGroup(1, named("opcua-network"));
    private final ScheduledExecutorService timer = new Timer();
    private final ExecutorService workers = new Workers();
    private final HashedWheelTimer timeouts = new Timeouts(network.next(), workers);

    private static ThreadFactory named(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /** Makes a transport use them, and let go of what a cut connection leaves. */
    void configure(OpcTcpClientTransportConfigBuilder transport, long timeoutMillis) {
        transport
                .setEventLoop(network)
                .setScheduledExecutor(timer)
                .setWheelTimer(timeouts)
                .setExecutor(workers)
                .setChannelPipelineCustomizer(Chunks::watch)
                .setConnectTimeout(Unsigned.uint(timeoutMillis))
                .setAcknowledgeTimeout(Unsigned.uint(timeoutMillis));
    }

    /** What a client's server publishes is taken on the network's thread. */
    Publishing publishing(OpcUaClient client) {
        return new Publishing(client, network.next(), workers);
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
     * One thread that does Milo's work in its order, and as many more as wait: where a task waits for an answer of the server, by
     * {@link java.util.concurrent.CompletableFuture}, another thread takes its place. After the end, what fails of the work that was under way is no news.
     */
    private static final class Workers extends ForkJoinPool {

        /** Each client's subscription can wait for the server; beyond this clients wait for each other. */
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
