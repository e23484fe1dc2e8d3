package io.streamforge.http;

import io.streamforge.adapter.SourceHealth;
import io.streamforge.model.Observation;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands received readings to the route and answers their senders when the stream has them. One exchange is under way at a time; the requests that
 * come meanwhile wait and go together in the next, so a slow stream makes larger exchanges, then refusals, never more threads.
 */
public final class HttpPushConsumer extends DefaultConsumer implements SourceHealth {

    /** How long a stop waits for the exchange under way before it interrupts it. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(1000);

    private static final Duration INTERRUPT_PATIENCE = Duration.ofMillis(400);

    /** An exchange that takes longer is a fault worth showing. */
    private static final Duration SLOW_STREAM = Duration.ofSeconds(10);

    private static final String STOPPING = "The adapter is being stopped.";

    private final HttpPushComponent component;
    private final PushConfig config;
    private final ApiKey key;
    private final Clock clock;
    private final Semaphore room;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final Map<String, Long> errors = new ConcurrentHashMap<>();

    private volatile @Nullable Run run;
    private volatile @Nullable HttpListener listener;

    HttpPushConsumer(
            HttpPushEndpoint endpoint,
            HttpPushComponent component,
            Processor processor,
            PushConfig config,
            ApiKey key,
            Clock clock) {
        super(endpoint, processor);
        this.component = component;
        this.config = config;
        this.key = key;
        this.clock = clock;
        this.room = new Semaphore(config.maxRequests());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run();
        run = next;
        next.thread.start();
        try {
            listener = component.open(config, this);
        } catch (RuntimeException e) {
            next.end();
            throw e;
        }
    }

    @Override
    protected void doStop() throws Exception {
        Run last = run;
        try {
            if (last != null) {
                last.end();
            }
        } finally {
            component.close(config, this);
        }
        super.doStop();
    }

    PushConfig config() {
        return config;
    }

    /** The port it can be reached at. */
    int port() {
        HttpListener listening = listener;
        return listening == null ? config.port() : listening.port();
    }

    boolean isKeyShown(@Nullable String header, @Nullable String authorization) {
        return key.isShownBy(header, authorization);
    }

    Refusal tooLarge() {
        return Refusal.of(
                413,
                "A body must have at most %d bytes: send fewer readings at a time.".formatted(config.maxBodyBytes()));
    }

    /** Room for one request, to be given back by running the result; null if there is none. */
    @Nullable
    Runnable admit() {
        requests.incrementAndGet();
        return room.tryAcquire() ? room::release : null;
    }

    /** A whole body has come in. */
    void received(PushExchange exchange, Format format, byte[] body, EpochUnit precision) {
        Readings readings = new Readings(
                config.mapping(), config.maxReadings(), clock.instant().truncatedTo(ChronoUnit.MICROS));
        try {
            format.read(body, precision, readings);
            Run current = run;
            if (current == null || !current.offer(new Push(exchange, readings.finish()))) {
                exchange.answer(Refusal.of(503, STOPPING));
            }
        } catch (RefusedException e) {
            exchange.answer(e.refusal());
        }
    }

    /** Nobody waits for this request's answer any more. */
    void withdraw(PushExchange exchange) {
        Run current = run;
        if (current != null) {
            current.waiting.removeIf(push -> push.exchange() == exchange);
        }
    }

    void count(Refusal refusal) {
        if (refusal.passing()) {
            turnedAway.incrementAndGet();
        }
        errors.merge("%d %s".formatted(refusal.status(), refusal.title()), 1L, Long::sum);
    }

    @Override
    public Optional<String> fault() {
        Run current = run;
        HttpListener listening = listener;
        Optional<String> deaf = listening == null ? Optional.empty() : listening.fault();
        return deaf.isPresent() || current == null ? deaf : current.fault();
    }

    /** A poll is a request here; a skipped one was turned away for lack of room or because the stream took too long. */
    @Override
    public Counters counters() {
        Run current = run;
        return new Counters(
                requests.get(),
                0,
                turnedAway.get(),
                current == null ? 0 : current.undelivered,
                Collections.unmodifiableSortedMap(new TreeMap<>(errors)));
    }

    /** The readings and events of one request. */
    private record Push(PushExchange exchange, List<Observation> observations) {}

    /** What lives from one start to the next stop. */
    private final class Run implements Runnable {

        private final LinkedBlockingDeque<Push> waiting = new LinkedBlockingDeque<>();
        private final CountDownLatch ending = new CountDownLatch(1);
        private final AtomicBoolean closed = new AtomicBoolean();
        private final Thread thread = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newThread("http-push %s%s".formatted(config.address(), config.path()), this);

        private volatile long undelivered;
        private volatile long deliveringSince;
        private volatile @Nullable String refusal;

        boolean offer(Push push) {
            waiting.add(push);
            if (closed.get()) {
                return !waiting.remove(push);
            }
            return true;
        }

        @Override
        public void run() {
            try {
                while (ending.getCount() > 0) {
                    Push first = waiting.poll(200, TimeUnit.MILLISECONDS);
                    if (first != null) {
                        deliver(together(first));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                closed.set(true);
                for (Push push = waiting.poll(); push != null; push = waiting.poll()) {
                    push.exchange().answer(Refusal.of(503, STOPPING));
                }
            }
        }

        /** The first and as many of those behind it as make a good exchange. */
        private List<Push> together(Push first) {
            List<Push> pushes = new ArrayList<>();
            int readings = 0;
            for (Push push = first; push != null; push = waiting.poll()) {
                if (readings > 0 && readings + push.observations().size() > config.maxReadings()) {
                    waiting.addFirst(push);
                    break;
                }
                if (!push.exchange().isAnswered()) {
                    pushes.add(push);
                    readings += push.observations().size();
                }
            }
            return pushes;
        }

        private void deliver(List<Push> pushes) {
            if (pushes.isEmpty()) {
                return;
            }
            List<Observation> observations = new ArrayList<>();
            pushes.forEach(push -> observations.addAll(push.observations()));
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(observations);
            deliveringSince = System.nanoTime() | 1;
            try {
                getProcessor().process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            deliveringSince = 0;
            Exception failure = exchange.getException();
            if (failure == null) {
                refusal = null;
                pushes.forEach(
                        push -> push.exchange().accept(push.observations().size()));
            } else {
                undelivered++;
                refusal = "stream: " + failure.getMessage();
                pushes.forEach(push -> push.exchange()
                        .answer(Refusal.of(
                                503,
                                "The stream did not take the readings: send them again with the same timestamps.")));
                if (ending.getCount() > 0) {
                    getExceptionHandler().handleException("Samples were not taken", exchange, failure);
                }
            }
            releaseExchange(exchange, false);
        }

        private Optional<String> fault() {
            long since = deliveringSince;
            long waited = since == 0 ? 0 : System.nanoTime() - since;
            if (waited > SLOW_STREAM.toNanos()) {
                return Optional.of("stream: samples have been waiting for %d s to be taken"
                        .formatted(TimeUnit.NANOSECONDS.toSeconds(waited)));
            }
            return Optional.ofNullable(refusal);
        }

        private void end() throws InterruptedException {
            ending.countDown();
            thread.join(STOP_PATIENCE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(INTERRUPT_PATIENCE.toMillis());
            }
        }
    }
}
