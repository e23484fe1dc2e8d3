package io.streamforge.http;

import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.Arrivals;
import io.streamforge.adapter.Arrivals.OnRefusal;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.Traffic;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands received readings to the route and answers their senders when the stream has them. One exchange is under way at a time; the requests that
 * come meanwhile wait and go together in the next, so a slow stream makes larger exchanges, then refusals, never more threads.
 */
public final class HttpPushConsumer extends DefaultConsumer implements SourceHealth {

    private static final String STOPPING = "The adapter is being stopped.";

    private final HttpPushComponent component;
    private final PushConfig config;
    private final ApiKey key;
    private final Clock clock;
    private final Semaphore room;
    private final AtomicLong requests = new AtomicLong();
    private final Losses losses = new Losses();
    private final Map<String, Long> errors = new ConcurrentHashMap<>();

    private volatile @Nullable Arrivals arrivals;
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
        Arrivals next = new Arrivals(
                this,
                "http-push %s%s".formatted(config.address(), config.path()),
                config.maxReadings(),
                OnRefusal.TELL);
        arrivals = next;
        next.start();
        try {
            listener = component.open(config, this);
        } catch (RuntimeException e) {
            next.end();
            throw e;
        }
    }

    @Override
    protected void doStop() throws Exception {
        Arrivals last = arrivals;
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
            Arrivals current = arrivals;
            Push push = new Push(exchange, readings.finish());
            exchange.handOver(push);
            if (current == null || !current.offer(push)) {
                exchange.answer(Refusal.of(503, STOPPING));
            }
        } catch (RefusedException e) {
            exchange.answer(e.refusal());
        }
    }

    /** Nobody waits for this request's answer any more. */
    void withdraw(Arrival push) {
        Arrivals current = arrivals;
        if (current != null) {
            current.withdraw(push);
        }
    }

    void count(Refusal refusal) {
        if (refusal.passing()) {
            losses.add(Loss.REQUEST_TURNED_AWAY);
        } else if (refusal.unusable()) {
            losses.add(Loss.REQUEST_REFUSED);
        }
        errors.merge("%d %s".formatted(refusal.status(), refusal.title()), 1L, Long::sum);
    }

    @Override
    public Optional<String> fault() {
        Arrivals current = arrivals;
        HttpListener listening = listener;
        Optional<String> deaf = listening == null ? Optional.empty() : listening.fault();
        return deaf.isPresent() || current == null ? deaf : current.fault();
    }

    /** A poll is a request here; a skipped one was turned away for lack of room or because the stream took too long. */
    @Override
    public Counters counters() {
        Arrivals current = arrivals;
        return new Counters(
                requests.get(),
                0,
                losses.of(Loss.REQUEST_TURNED_AWAY),
                current == null ? 0 : current.undelivered(),
                Collections.unmodifiableSortedMap(new TreeMap<>(errors)));
    }

    @Override
    public Losses losses() {
        return losses;
    }

    @Override
    public Traffic traffic() {
        Arrivals current = arrivals;
        return current == null ? Traffic.NONE : current.traffic();
    }

    /** The readings and events of one request. */
    private record Push(PushExchange exchange, List<Observation> observations) implements Arrival {

        @Override
        public boolean withdrawn() {
            return exchange.isAnswered();
        }

        @Override
        public void taken() {
            exchange.accept(observations.size());
        }

        @Override
        public void refused() {
            exchange.answer(
                    Refusal.of(503, "The stream did not take the readings: send them again with the same timestamps."));
        }

        @Override
        public void abandoned() {
            exchange.answer(Refusal.of(503, STOPPING));
        }
    }
}
