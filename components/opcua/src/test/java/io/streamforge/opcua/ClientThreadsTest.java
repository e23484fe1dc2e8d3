package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientThreadsTest {

    /** How a task waits until another has run. */
    private interface Wait {
        void until(CompletableFuture<?> ran) throws Exception;
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                Arguments.of("for an answer", (Wait) CompletableFuture::get),
                Arguments.of("for room in the stream", (Wait) ran -> {
                    Semaphore room = new Semaphore(0);
                    ran.thenRun(room::release);
                    Waits.acquire(room, 1);
                }),
                Arguments.of("for a lock that another thread holds", (Wait) ran -> {
                    ReentrantLock lock = new ReentrantLock();
                    CountDownLatch held = new CountDownLatch(1);
                    Thread holder = new Thread(() -> {
                        lock.lock();
                        held.countDown();
                        ran.join();
                        lock.unlock();
                    });
                    holder.start();
                    held.await();
                    Waits.lock(lock);
                    assertThat(lock.isHeldByCurrentThread()).isTrue();
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waits")
    @Timeout(30)
    void aWorkerThatWaitsIsStoodInFor(String what, Wait wait) throws Exception {
        try (ClientThreads threads = new ClientThreads()) {
            ExecutorService workers = workers(threads);
            CompletableFuture<Void> other = new CompletableFuture<>();
            CompletableFuture<Void> waited = CompletableFuture.runAsync(
                    () -> {
                        try {
                            workers.execute(() -> other.complete(null));
                            wait.until(other);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
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
