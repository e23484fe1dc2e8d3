package io.streamforge.mqtt;

import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.Arrivals;
import io.streamforge.adapter.Arrivals.OnRefusal;
import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.SourceThread;
import io.streamforge.model.Observation;
import io.streamforge.mqtt.Link.Refusal;
import io.streamforge.mqtt.Link.Subscription;
import io.streamforge.mqtt.MqttConfig.Retained;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages as they come and acknowledges each when the stream has what was made of it. A slow stream makes larger exchanges, then a broker that
 * holds its messages back: after the receive maximum it sends no more. What it may send nevertheless has bounds here, too.
 */
public final class MqttConsumer extends DefaultConsumer implements SourceHealth {

    private static final Logger LOG = LoggerFactory.getLogger(MqttConsumer.class);

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(500);

    /** How often a topic that the broker refused is asked for again, in case it changed its mind. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 20;
    private static final int SUBSCRIPTIONS_AT_ONCE = 100;
    private static final int MOST_TOGETHER = 5000;
    private static final int MOST_ALLOWED = 65_535;

    /** How the library words that a broker sends more than the receive maximum. */
    private static final String TOO_MANY = "than allowed by receive maximum";

    /** So many of the largest messages may wait for the stream, and so many bytes in smaller ones. */
    private static final long LARGEST_WAITING = 64;

    private final MqttConfig config;
    private final List<Row> rows;
    private final Clock clock;

    private volatile @Nullable Run run;

    MqttConsumer(MqttEndpoint endpoint, Processor processor, MqttConfig config, List<Row> rows, Clock clock) {
        super(endpoint, processor);
        this.config = config;
        this.rows = rows;
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run();
        run = next;
        next.start();
    }

    @Override
    protected void doStop() throws Exception {
        Run last = run;
        if (last != null) {
            last.end();
        }
        super.doStop();
    }

    @Override
    public Optional<String> fault() {
        Run current = run;
        return current == null ? Optional.empty() : current.fault();
    }

    /** A poll is a message here; a failed one could not be read, a skipped one was dropped because the stream was too slow. */
    @Override
    public Counters counters() {
        Run current = run;
        return current == null ? new Counters(0, 0, 0, 0, Collections.emptySortedMap()) : current.counters();
    }

    /** True while a connection stands and everything was subscribed that the broker allows. */
    boolean isConnected() {
        Run current = run;
        return current != null && current.connected;
    }

    /** Each filter once, in the order of the table. */
    static List<Subscription> subscriptions(List<Row> rows, boolean shared) {
        Set<Subscription> filters = new LinkedHashSet<>();
        rows.forEach(row -> filters.add(new Subscription(
                shared ? row.topic().subscription() : row.topic().plain(), row.qos())));
        return List.copyOf(filters);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What lives from one start to the next stop. */
    private final class Run {

        private final Counts counts = new Counts();
        private final Mapper mapper = new Mapper(rows, config.epochUnit(), counts, this::send);
        private final Arrivals arrivals =
                new Arrivals(MqttConsumer.this, "mqtt " + config.broker(), MOST_TOGETHER, OnRefusal.RETRY);
        private final SourceThread thread = new SourceThread(
                getEndpoint().getCamelContext(), "mqtt %s connection".formatted(config.broker()), this::keepConnected);

        private final AtomicLong messages = new AtomicLong();
        private final AtomicLong dropped = new AtomicLong();
        private final AtomicLong waitingUnasked = new AtomicLong();
        private final AtomicLong waitingAsked = new AtomicLong();
        private final AtomicLong waitingBytes = new AtomicLong();

        private volatile @Nullable Session session;
        private volatile boolean connected;
        private volatile @Nullable String fault;
        private volatile @Nullable String refused;

        /** Written by the connection's thread only, as is the next. */
        private long failedAttempts;

        /**
         * What the broker is told to have under way at most. Mosquitto before 2.0.15 loses count and sends more, again on each new connection: who was
         * sent too many allows as many as the protocol can have.
         */
        private volatile int allowed = config.receiveMaximum();

        void start() {
            arrivals.start();
            thread.start();
        }

        void end() throws InterruptedException {
            thread.tellEnding();
            try {
                // while the connection stands, so that what the stream takes now is acknowledged
                arrivals.end();
            } finally {
                thread.end();
            }
        }

        private void keepConnected() throws InterruptedException {
            Backoff delay = new Backoff(RECONNECT_FIRST, config.reconnectMaxDelay());
            while (!thread.ending()) {
                try (Session current = new Session()) {
                    session = current;
                    current.live(delay);
                } catch (IOException e) {
                    down(String.valueOf(e.getMessage()));
                } finally {
                    connected = false;
                    session = null;
                }
                while (!drained() && !thread.awaitEnding(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS))) {}
                if (thread.awaitEnding(delay.next())) {
                    return;
                }
            }
        }

        /** What came on one connection is at its end before there is another: the broker sends again what was not acknowledged on it. */
        private boolean drained() {
            return waitingAsked.get() == 0 && waitingUnasked.get() == 0;
        }

        private void up() {
            connected = true;
            boolean wasDown = fault != null;
            fault = null;
            if (wasDown) {
                LOG.atInfo()
                        .addKeyValue("protocol", "MQTT")
                        .addKeyValue("address", config.broker())
                        .addKeyValue("count", failedAttempts)
                        .log("Broker is connected");
            }
            failedAttempts = 0;
            mapper.connected(now());
        }

        /** An attempt to connect has failed: from the first one on nothing is known of any signal. */
        private void down(String reason) {
            if (thread.ending()) {
                return;
            }
            counts.add(Counts.CONNECTION);
            failedAttempts++;
            fault = "MQTT broker %s: %s".formatted(config.broker(), reason);
            if (failedAttempts == 1) {
                LOG.atWarn()
                        .addKeyValue("protocol", "MQTT")
                        .addKeyValue("address", config.broker())
                        .addKeyValue("reason", reason)
                        .log("Broker cannot be reached");
                List<Observation> lost = mapper.lost("connection: " + reason, now());
                for (int from = 0; from < lost.size(); from += MOST_TOGETHER) {
                    arrivals.offer(new Notice(lost.subList(from, Math.min(lost.size(), from + MOST_TOGETHER))));
                }
            }
        }

        private void send(String topic, byte[] payload) {
            Session current = session;
            if (current != null) {
                current.link.publish(topic, payload);
            }
        }

        private Optional<String> fault() {
            String broken = fault == null ? refused : fault;
            if (broken != null) {
                return Optional.of(broken);
            }
            Optional<String> stream = arrivals.fault();
            return stream.isPresent() ? stream : mapper.fault();
        }

        private Counters counters() {
            var errors = counts.sorted();
            return new Counters(
                    messages.get(),
                    errors.getOrDefault(Counts.PAYLOAD, 0L),
                    dropped.get(),
                    arrivals.undelivered(),
                    errors);
        }

        /** One connection. */
        private final class Session implements Link.Listener, AutoCloseable {

            private final Link link;
            private final CountDownLatch ended = new CountDownLatch(1);
            private volatile String reason = "closed";
            private List<Subscription> asked = subscriptions(rows, true);

            Session() throws IOException {
                link = Link.to(config, allowed, this);
            }

            /** From the connect to the end of the connection. */
            void live(Backoff delay) throws IOException, InterruptedException {
                try {
                    link.connect();
                    subscribe();
                    up();
                    delay.reset();
                    stand();
                } catch (IOException e) {
                    if (!reason.contains(TOO_MANY)) {
                        throw e;
                    }
                }
                if (reason.contains(TOO_MANY)) {
                    allowed = MOST_ALLOWED;
                    counts.add(Counts.TOO_MANY);
                }
            }

            private void stand() throws IOException, InterruptedException {
                long again = System.nanoTime() + ASK_AGAIN.toNanos();
                while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (thread.ending()) {
                        return;
                    }
                    if (!asked.isEmpty() && System.nanoTime() - again > 0) {
                        subscribe();
                        again = System.nanoTime() + ASK_AGAIN.toNanos();
                    }
                }
                counts.add(Counts.CONNECTION);
                LOG.atDebug()
                        .addKeyValue("address", config.broker())
                        .addKeyValue("reason", reason)
                        .log("Broker has been lost");
            }

            /** Asks for what is still to be had; what the broker refuses remains to be asked for. */
            private void subscribe() throws IOException, InterruptedException {
                List<Refusal> refusals = new ArrayList<>();
                List<Subscription> remaining = new ArrayList<>();
                for (int from = 0; from < asked.size(); from += SUBSCRIPTIONS_AT_ONCE) {
                    List<Subscription> part = asked.subList(from, Math.min(asked.size(), from + SUBSCRIPTIONS_AT_ONCE));
                    List<Refusal> bad = link.subscribe(part);
                    refusals.addAll(bad);
                    for (Subscription one : part) {
                        if (bad.stream().anyMatch(refusal -> refusal.filter().equals(one.filter()))) {
                            remaining.add(one);
                        }
                    }
                }
                asked = remaining;
                refusals.forEach(refusal -> counts.add(refusal.reason()));
                refused = refusals.isEmpty()
                        ? null
                        : "MQTT broker %s refuses %d of %d topics, first '%s': %s"
                                .formatted(
                                        config.broker(),
                                        refusals.size(),
                                        subscriptions(rows, true).size(),
                                        refusals.get(0).filter(),
                                        refusals.get(0).reason());
            }

            @Override
            public void received(String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge) {
                boolean full = waitingBytes.get() > LARGEST_WAITING * config.maxMessageBytes();
                if (qos > 0 && ended.getCount() == 0) {
                    // not acknowledged: the broker sends it to the next connection
                    return;
                }
                messages.incrementAndGet();
                boolean unwanted = retained && config.retained() == Retained.IGNORE;
                boolean large = payload.length > config.maxMessageBytes();
                if (large) {
                    counts.add(Counts.LARGE);
                }
                if (qos == 0 && (full || waitingUnasked.get() >= config.receiveMaximum())) {
                    counts.add(Counts.DROPPED);
                    dropped.incrementAndGet();
                    return;
                }
                List<Observation> seen =
                        unwanted || large ? List.of() : mapper.map(new Message(topic, payload, retained, now()));
                if (seen.isEmpty()) {
                    acknowledge.run();
                    return;
                }
                arrivals.offer(new Received(
                        seen, qos == 0 ? waitingUnasked : waitingAsked, payload.length, this, acknowledge));
                if (qos > 0 && full) {
                    disconnected("the stream is slow, and the broker sends nevertheless");
                }
            }

            @Override
            public void disconnected(String reason) {
                this.reason = reason;
                ended.countDown();
            }

            private void acknowledge(Runnable acknowledgement) {
                if (ended.getCount() > 0) {
                    try {
                        acknowledgement.run();
                    } catch (RejectedExecutionException e) {
                        LOG.atDebug().setCause(e).log("The connection ended before a message was acknowledged");
                    }
                }
            }

            @Override
            public void close() {
                link.close();
            }
        }

        /** One message on its way. */
        private final class Received implements Arrival {

            private final List<Observation> observations;
            private final AtomicLong waiting;
            private final int bytes;
            private final Session session;
            private final Runnable acknowledgement;

            Received(
                    List<Observation> observations,
                    AtomicLong waiting,
                    int bytes,
                    Session session,
                    Runnable acknowledgement) {
                this.observations = observations;
                this.waiting = waiting;
                this.bytes = bytes;
                this.session = session;
                this.acknowledgement = acknowledgement;
                waiting.incrementAndGet();
                waitingBytes.addAndGet(bytes);
            }

            @Override
            public List<Observation> observations() {
                return observations;
            }

            @Override
            public void taken() {
                session.acknowledge(acknowledgement);
                gone();
            }

            @Override
            public void refused() {
                throw new IllegalStateException("Messages are handed over until the stream takes them.");
            }

            /** The broker was told nothing, so it sends the message again. */
            @Override
            public void abandoned() {
                gone();
            }

            private void gone() {
                waitingBytes.addAndGet(-bytes);
                waiting.decrementAndGet();
            }
        }
    }

    /** What the source has to say itself; there is nobody to be told of its end. */
    private record Notice(List<Observation> observations) implements Arrival {

        @Override
        public void taken() {}

        @Override
        public void refused() {}

        @Override
        public void abandoned() {}
    }
}
