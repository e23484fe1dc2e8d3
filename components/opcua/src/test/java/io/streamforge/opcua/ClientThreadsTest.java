package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.HashedWheelTimer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClientThreadsTest {

    @Test
    @Timeout(30)
    void aWorkerThatWaitsForAnAnswerIsStoodInFor() throws Exception {
        try (ClientThreads threads = new ClientThreads()) {
            ExecutorService workers = workers(threads);
            CompletableFuture<Void> other = new CompletableFuture<>();
            CompletableFuture<Void> waited = CompletableFuture.runAsync(
                    () -> {
                        workers.execute(() -> other.complete(null));
                        other.join();
                    },
                    workers);
            waited.get();
            assertThat(other).isCompleted();
        }
    }

    @Test
    @Timeout(30)
    void whatATaskHandsOnIsDoneAfterItByTheSameThreadInOrder() throws Exception {
        try (ClientThreads threads = new ClientThreads()) {
            ExecutorService workers = workers(threads);
            List<String> done = new CopyOnWriteArrayList<>();
            Set<Thread> by = ConcurrentHashMap.newKeySet();
            CountDownLatch open = new CountDownLatch(4);
            workers.execute(() -> {
                for (String next : List.of("second", "third", "fourth")) {
                    workers.execute(() -> {
                        by.add(Thread.currentThread());
                        done.add(next);
                        open.countDown();
                    });
                }
                by.add(Thread.currentThread());
                done.add("first");
                open.countDown();
            });
            open.await();
            assertThat(done).containsExactly("first", "second", "third", "fourth");
            assertThat(by).singleElement().satisfies(thread -> {
                assertThat(thread.getName()).startsWith("opcua-worker-");
                assertThat(thread.isDaemon()).isTrue();
            });
        }
    }

    @Test
    void afterTheEndWorkIsDropped() {
        ExecutorService workers;
        try (ClientThreads threads = new ClientThreads()) {
            workers = workers(threads);
        }
        AtomicBoolean ran = new AtomicBoolean();
        workers.execute(() -> ran.set(true));
        assertThat(workers.isTerminated()).isTrue();
        assertThat(ran).isFalse();
    }

    private static ExecutorService workers(ClientThreads threads) {
        OpcTcpClientTransportConfigBuilder transport = OpcTcpClientTransportConfig.newBuilder();
        threads.configure(transport, 1000);
        return transport.build().getExecutor();
    }

    @Test
    @Timeout(30)
    void aTimeoutExpiresOnAWorkerAndACancelledOneDoesNot() throws Exception {
        try (ClientThreads threads = new ClientThreads()) {
            OpcTcpClientTransportConfigBuilder transport = OpcTcpClientTransportConfig.newBuilder();
            threads.configure(transport, 1000);
            HashedWheelTimer timeouts = transport.build().getWheelTimer();
            CountDownLatch scheduled = new CountDownLatch(1);
            transport.build().getEventLoop().submit(() -> {
                scheduled.await();
                return null;
            });
            List<String> expired = new CopyOnWriteArrayList<>();
            io.netty.util.Timeout cancelled =
                    timeouts.newTimeout(timeout -> expired.add("cancelled"), 50, TimeUnit.MILLISECONDS);
            assertThat(cancelled.cancel()).isTrue();
            assertThat(cancelled.isCancelled()).isTrue();
            CompletableFuture<Thread> by = new CompletableFuture<>();
            io.netty.util.Timeout later =
                    timeouts.newTimeout(timeout -> by.complete(Thread.currentThread()), 100, TimeUnit.MILLISECONDS);
            scheduled.countDown();
            assertThat(by.get().getName()).startsWith("opcua-worker-");
            assertThat(later.isExpired()).isTrue();
            assertThat(later.cancel()).isFalse();
            assertThat(expired).isEmpty();
        }
    }

    @Test
    void afterTheEndATimeoutIsNoError() {
        HashedWheelTimer timeouts;
        try (ClientThreads threads = new ClientThreads()) {
            OpcTcpClientTransportConfigBuilder transport = OpcTcpClientTransportConfig.newBuilder();
            threads.configure(transport, 1000);
            timeouts = transport.build().getWheelTimer();
        }
        assertThat(timeouts.newTimeout(timeout -> {}, 1, TimeUnit.SECONDS).isExpired())
                .isFalse();
    }

    @Test
    void clientsThatLostTheirServerTogetherDoNotReturnInStep() {
        try (ClientThreads threads = new ClientThreads()) {
            OpcTcpClientTransportConfigBuilder transport = OpcTcpClientTransportConfig.newBuilder();
            threads.configure(transport, 1000);
            ScheduledExecutorService timer = transport.build().getScheduledExecutor();
            List<Long> delays = IntStream.range(0, 50)
                    .mapToObj(client ->
                            timer.schedule(() -> {}, 1000, TimeUnit.SECONDS).getDelay(TimeUnit.SECONDS))
                    .toList();
            assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(900L, 1500L));
            assertThat(delays.stream().distinct()).hasSizeGreaterThan(10);
        }
    }
}
