package io.streamforge.mqtt;

import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.Arrivals;
import io.streamforge.adapter.Arrivals.OnRefusal;
import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.SourceThread;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.mqtt.Link.Refusal;
import io.streamforge.mqtt.MqttConfig.Retained;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
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
public final class MqttConsumer extends DefaultConsumer implements SourceHealth, PointWriter {

    private static final Logger LOG = LoggerFactory.getLogger(MqttConsumer.class);

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(500);

    /** How often a topic that the broker refused is asked for again, in case it changed its mind. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 20;
    private static final int MOST_TOGETHER = 5000;
    private static final int MOST_ALLOWED = 65_535;

    /** How the library words that a broker sends more than the receive maximum. */
    private static final String TOO_MANY = "than allowed by receive maximum";

    private final MqttConfig config;
    private final List<Row> rows;
    private final Clock clock;

    /**
     * What the broker is told to have under way at most. Mosquitto before 2.0.15 loses count and sends more, again on each new connection: who was
     * sent too many allows as many as the protocol can have.
     */
    private volatile int allowed;

    private volatile @Nullable Run run;

    MqttConsumer(MqttEndpoint endpoint, Processor processor, MqttConfig config, List<Row> rows, Clock clock) {
        super(endpoint, processor);
        this.config = config;
        this.rows = rows;
        this.clock = clock;
        this.allowed = config.receiveMaximum();
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
        return current == null ? Counters.NONE : current.counters();
    }

    @Override
    public Losses losses() {
        Run current = run;
        return current == null ? new Losses() : current.counts.losses();
    }

    @Override
    public Traffic traffic() {
        Run current = run;
        return current == null ? Traffic.NONE : current.arrivals.traffic();
    }

    @Override
    public List<Sample> read(List<Integer> wanted) {
        Run current = run;
        return (current == null ? new States(rows) : current.states).read(wanted, now());
    }

    @Override
    public Value write(int row, Value value) throws IOException {
        Run current = run;
        Run.Session session = current == null ? null : current.session;
        if (current == null || session == null || !current.connected) {
            throw new IOException("MQTT broker %s is not connected".formatted(config.broker()));
        }
        return current.states.write(session.link, row, value, config.timeout());
    }

    /** True while a connection stands and everything was subscribed that the broker allows. */
    boolean isConnected() {
        Run current = run;
        return current != null && current.connected;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What lives from one start to the next stop. */
    private final class Run {

        private final Counts counts = new Counts();
        private final Waiting waiting = new Waiting(config, counts.losses());
        private final States states = new States(rows);
        private final Mapper mapper = new Mapper(rows, config.epochUnit(), counts, this::send);
        private final Arrivals arrivals =
                new Arrivals(MqttConsumer.this, "mqtt " + config.broker(), MOST_TOGETHER, OnRefusal.RETRY);
        private final SourceThread thread = new SourceThread(
                getEndpoint().getCamelContext(), "mqtt %s connection".formatted(config.broker()), this::keepConnected);

        private final AtomicLong messages = new AtomicLong();

        /** The stream's last answer was passed on: there is nothing left to be acknowledged. */
        private final CountDownLatch settled = new CountDownLatch(1);

        private volatile @Nullable Session session;
        private volatile boolean connected;
        private volatile @Nullable String fault;
        private volatile @Nullable String refused;

        /** Written by the connection's thread only. */
        private long failedAttempts;

        void start() {
            arrivals.start();
            thread.start();
        }

        /** From now on no message is taken; the connection stands until the exchange under way was acknowledged, then the broker is told the end. */
        void end() throws InterruptedException {
            thread.tellEnding();
            try {
                arrivals.end();
            } finally {
                settled.countDown();
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
                    states.forget();
                }
                // The broker sends again on the next connection what was not acknowledged on this one.
                while (!waiting.isEmpty() && !thread.awaitEnding(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS))) {}
                if (thread.awaitEnding(delay.next())) {
                    return;
                }
            }
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
                    counts.losses().of(Loss.QOS0_STREAM_SLOW),
                    arrivals.undelivered(),
                    errors);
        }

        /** One connection. */
        private final class Session implements Link.Listener, AutoCloseable {

            private final Link link;
            private final CountDownLatch ended = new CountDownLatch(1);
            private volatile String reason = "closed";
            private final Topics topics = new Topics(rows);

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
                        settled.await();
                        return;
                    }
                    if (topics.isAnyMissing() && System.nanoTime() - again > 0) {
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

            private void subscribe() throws IOException, InterruptedException {
                List<Refusal> refusals = topics.ask(link);
                refusals.forEach(refusal -> counts.add(refusal.reason()));
                refused = refusals.isEmpty()
                        ? null
                        : "MQTT broker %s refuses %d of %d topics, first '%s': %s"
                                .formatted(
                                        config.broker(),
                                        refusals.size(),
                                        topics.size(),
                                        refusals.get(0).filter(),
                                        refusals.get(0).reason());
            }

            @Override
            public void received(String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge) {
                boolean full = waiting.isFull();
                if (thread.ending() || qos > 0 && ended.getCount() == 0) {
                    // not acknowledged: the broker sends what waits for that to the next connection
                    return;
                }
                messages.incrementAndGet();
                boolean unwanted = retained && config.retained() == Retained.IGNORE;
                boolean large = payload.length > config.maxMessageBytes();
                if (large) {
                    counts.add(Counts.LARGE, Loss.MESSAGE_TOO_LARGE);
                } else if (qos == 0 && !unwanted && (full || waiting.hasManyUnasked())) {
                    counts.add(Counts.DROPPED, Loss.QOS0_STREAM_SLOW);
                    return;
                }
                List<Observation> seen =
                        unwanted || large ? List.of() : mapper.map(new Message(topic, payload, retained, now()));
                states.note(seen);
                if (seen.isEmpty()) {
                    acknowledge.run();
                    return;
                }
                Arrival message = waiting.message(seen, qos, payload.length, () -> acknowledge(acknowledge));
                if (!arrivals.offer(message)) {
                    message.abandoned();
                }
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
