package io.streamforge.it;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A plant outside of the gateway: posts readings with the device's time, repeats what was not acknowledged with the same times, and keeps its own
 * log of what was. That log is the truth of a run.
 */
final class Sender implements AutoCloseable {

    /** What makes a reading the same however often it is sent; the time in microseconds. */
    record Identity(String asset, String parameter, long time) {}

    private static final int THREADS = 6;
    private static final int READINGS_PER_REQUEST = 20;
    private static final List<String> PARAMETERS = List.of("temperature", "pressure");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration REPEAT_AFTER = Duration.ofMillis(200);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final URI uri;
    private final long pauseNanos;
    private final Set<Identity> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong repeats = new AtomicLong();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;
    private volatile boolean aborted;

    /** @param rate readings per second, if the gateway takes them so fast */
    Sender(int port, int rate) {
        uri = URI.create("http://127.0.0.1:%d/readings".formatted(port));
        pauseNanos = 1_000_000_000L * THREADS * READINGS_PER_REQUEST / rate;
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads.add(new Thread(() -> run(number), "sender-" + number));
        }
    }

    /** One reading of an asset of its own, so that the sink makes its tables before the load begins. */
    Sender first() {
        post(List.of(new Identity("first", PARAMETERS.get(0), now())), 0);
        return this;
    }

    Sender start() {
        threads.forEach(Thread::start);
        return this;
    }

    private void run(int number) {
        long last = 0;
        long value = 0;
        for (long round = 0; running; round++) {
            String asset = "machine-%d-%d".formatted(number, round % 4);
            List<Identity> identities = new ArrayList<>();
            while (identities.size() < READINGS_PER_REQUEST) {
                last = Math.max(last + 1, now());
                for (String parameter : PARAMETERS) {
                    identities.add(new Identity(asset, parameter, last));
                }
            }
            post(identities, value);
            value += identities.size();
            LockSupport.parkNanos(pauseNanos);
        }
    }

    /** Posts until it is acknowledged, or refused: that is kept, and the load goes on. */
    private void post(List<Identity> identities, long value) {
        ArrayNode body = Plan.JSON.createArrayNode();
        for (int i = 0; i < identities.size(); i++) {
            Identity identity = identities.get(i);
            body.addObject()
                    .put("asset", identity.asset())
                    .put("parameter", identity.parameter())
                    .put("timestamp", identity.time())
                    .put("value", value + i)
                    .put("unit", "1");
        }
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("X-Api-Key", Stack.PUSH_KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        requests.incrementAndGet();
        while (!aborted) {
            int status = status(request);
            if (status == 202) {
                acknowledged.addAll(identities);
                return;
            }
            if (status >= 400 && status < 500 && status != 408 && status != 429) {
                refused.add("The gateway answered %d to a good request of %s."
                        .formatted(status, identities.get(0).asset()));
                return;
            }
            repeats.incrementAndGet();
            LockSupport.parkNanos(REPEAT_AFTER.toNanos());
        }
    }

    /** 0 if there was no answer. */
    private int status(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    long requests() {
        return requests.get();
    }

    long repeats() {
        return repeats.get();
    }

    /** Good requests that were refused for good. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** How many readings are acknowledged by now. */
    int count() {
        return acknowledged.size();
    }

    /**
     * Ends the load as soon as the last request of each thread is acknowledged.
     *
     * @return every acknowledged identity
     */
    Set<Identity> finish(Duration patience) {
        running = false;
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                if (thread.isAlive()) {
                    throw new IllegalStateException(
                            "The gateway has acknowledged nothing for %d s after the last fault."
                                    .formatted(patience.toSeconds()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Set.copyOf(acknowledged);
    }

    @Override
    public void close() {
        running = false;
        aborted = true;
        threads.forEach(Thread::interrupt);
    }
}
