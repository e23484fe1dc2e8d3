package io.streamforge.opcua;

import io.streamforge.adapter.AlarmDesk;
import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.Arrivals;
import io.streamforge.adapter.MethodCaller;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands a server's notifications to the route. When the stream is slow, so many of them wait and then no more is asked of the server, whose queues take
 * over: what they cannot hold it drops and says so.
 */
public final class OpcUaConsumer extends DefaultConsumer implements SourceHealth, MethodCaller, AlarmDesk {

    /** Observations that may wait for the stream, a few megabytes. */
    private static final int MOST_WAITING = 20_000;

    private static final int MOST_TOGETHER = 5_000;

    /**
     * A server sends what has gathered in a publishing interval in several notifications, a few milliseconds apart (OPC 10000-4 §5.14.1.2,
     * MoreNotifications). They go to the stream together: what comes within this part of the interval after the first.
     */
    private static final int GATHERING_PART = 20;

    private static final Duration LONGEST_GATHERING = Duration.ofMillis(25);

    /** Whoever stops a route has two seconds; the threads that clients share may take half of one. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(1500);

    private final OpcUaComponent component;
    private final OpcUaConfig config;
    private final List<Point> points;
    private final Path pki;
    private final Clock clock;

    private volatile @Nullable Run run;

    OpcUaConsumer(
            OpcUaEndpoint endpoint,
            OpcUaComponent component,
            Processor processor,
            OpcUaConfig config,
            List<Point> points,
            Path pki,
            Clock clock) {
        super(endpoint, processor);
        this.component = component;
        this.config = config;
        this.points = points;
        this.pki = pki;
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run(component.threads());
        run = next;
        next.arrivals.start();
        next.thread.start();
    }

    @Override
    protected void doStop() throws Exception {
        Run last = run;
        try {
            if (last != null) {
                last.end();
            }
        } finally {
            component.release();
        }
        super.doStop();
    }

    @Override
    public Optional<String> fault() {
        Run current = run;
        return current == null ? Optional.empty() : current.arrivals.fault().or(current.device::fault);
    }

    @Override
    public Counters counters() {
        Run current = run;
        return current == null ? Counters.NONE : current.device.counters(current.arrivals.undelivered());
    }

    @Override
    public Losses losses() {
        Run current = run;
        return current == null ? new Losses() : current.device.losses();
    }

    @Override
    public Traffic traffic() {
        Run current = run;
        return current == null ? Traffic.NONE : current.arrivals.traffic();
    }

    @Override
    public List<Sample> read(List<Integer> rows) {
        return writer().read(rows);
    }

    @Override
    public Value write(int row, Value value) throws IOException {
        return writer().write(row, value);
    }

    @Override
    public List<Output> call(int row, List<List<Value>> arguments) throws IOException {
        return writer().call(row, arguments);
    }

    private OpcUaWriter writer() {
        Run current = run;
        return new OpcUaWriter(
                points, current == null ? new Requests(config, () -> null) : current.device.requests(), clock);
    }

    @Override
    public boolean open() {
        return config.alarms() != null;
    }

    @Override
    public List<DeviceAlarm> alarms() throws IOException {
        return device().alarms();
    }

    @Override
    public void answer(Answer answer) throws IOException {
        AlarmMethods.answer(device().requests(), answer);
    }

    private OpcUaDevice device() throws IOException {
        Run current = run;
        if (current == null) {
            throw new IOException("The adapter is not started.");
        }
        return current.device;
    }

    /** What lives from one start to the next stop. */
    private final class Run implements Inbox {

        private final Arrivals arrivals = new Arrivals(
                OpcUaConsumer.this,
                "opcua-stream " + config.url(),
                MOST_TOGETHER,
                Arrivals.OnRefusal.RETRY,
                gathering());
        private final Room room = new Room(MOST_WAITING);
        private final OpcUaDevice device;
        private final Thread thread;
        private volatile boolean ending;

        Run(ClientThreads threads) {
            device = new OpcUaDevice(config, points, pki, threads, this, clock);
            thread = getEndpoint()
                    .getCamelContext()
                    .getExecutorServiceManager()
                    .newThread("opcua " + config.url(), device::run);
        }

        private Duration gathering() {
            Duration part = config.publishingInterval().dividedBy(GATHERING_PART);
            return part.compareTo(LONGEST_GATHERING) < 0 ? part : LONGEST_GATHERING;
        }

        @Override
        public boolean hasRoom() {
            return room.isThere();
        }

        @Override
        public void add(List<Observation> observations) {
            int size = observations.size();
            room.enter(size);
            Notification notification = new Notification(observations, this, device.losses());
            if (ending || !arrivals.offer(notification)) {
                notification.abandoned();
            }
        }

        @Override
        public void put(List<Observation> observations) throws InterruptedException {
            room.await();
            add(observations);
        }

        private void leave(int size) {
            if (room.leave(size)) {
                device.resume();
            }
        }

        private void end() throws InterruptedException {
            long end = System.nanoTime() + STOP_PATIENCE.toNanos();
            ending = true;
            device.tellEnding();
            thread.interrupt();
            room.open();
            Thread farewell = new Thread(device::close, "opcua-farewell " + config.url());
            farewell.start();
            arrivals.end();
            farewell.join();
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
    }

    /** What the server sent in one piece. */
    private record Notification(List<Observation> observations, Run of, Losses losses) implements Arrival {

        @Override
        public void taken() {
            of.leave(observations.size());
        }

        @Override
        public void refused() {
            throw new IllegalStateException("Notifications are handed over again until the stream takes them.");
        }

        @Override
        public void abandoned() {
            losses.add(Loss.VALUE_STOPPED, observations.size());
            of.leave(observations.size());
        }
    }
}
