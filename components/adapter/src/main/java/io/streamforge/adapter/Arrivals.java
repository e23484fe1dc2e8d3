package io.streamforge.adapter;

import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import org.apache.camel.support.DefaultConsumer;

/**
 * What has arrived and waits for the stream, from a source's start to its stop. One exchange is under way at a time; what comes meanwhile goes
 * together in the next, so a slow stream makes larger exchanges, never more threads. How much may wait is for the source to limit: it must count what
 * it has offered and was not told the end of.
 */
public final class Arrivals {

    /** What happens to arrivals that the stream refuses. */
    public enum OnRefusal {
        /** Their senders are told, and send again. */
        TELL,
        /** They are handed over again until the stream takes them, and nothing behind them before. */
        RETRY
    }

    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_LAST = Duration.ofSeconds(5);

    private final LinkedBlockingDeque<Arrival> waiting = new LinkedBlockingDeque<>();
    private final OnRefusal onRefusal;
    private final int most;
    private final Duration gathering;
    private final Delivery delivery;
    private final SourceThread thread;
    private volatile boolean closed;
    private volatile Traffic traffic = Traffic.NONE;

    /**
     * @param name of the thread: the protocol and the address
     * @param most observations go together in one exchange, unless a single arrival has more
     */
    public Arrivals(DefaultConsumer consumer, String name, int most, OnRefusal onRefusal) {
        this(consumer, name, most, onRefusal, Duration.ZERO);
    }

    /**
     * @param gathering so long the first that comes waits for others, unless others wait already: for sources whose arrivals come in bursts, because each
     *     exchange and each request to the stream costs as much as dozens of records
     */
    public Arrivals(DefaultConsumer consumer, String name, int most, OnRefusal onRefusal, Duration gathering) {
        this.gathering = gathering;
        this.onRefusal = onRefusal;
        this.most = most;
        this.delivery = new Delivery(consumer);
        this.thread = new SourceThread(consumer.getEndpoint().getCamelContext(), name, this::run);
    }

    public void start() {
        thread.start();
    }

    /** False if the source is being stopped; then nothing else will be told of this arrival. */
    public boolean offer(Arrival arrival) {
        waiting.add(arrival);
        return !closed || !waiting.remove(arrival);
    }

    /** Takes back an arrival that was not yet handed over. */
    public void withdraw(Arrival arrival) {
        waiting.remove(arrival);
    }

    public Optional<String> fault() {
        return delivery.fault();
    }

    public long undelivered() {
        return delivery.undelivered();
    }

    /** The points that the stream has. */
    public Traffic traffic() {
        return traffic;
    }

    /** Lets the exchange under way come to its end if that takes no longer than two seconds; what still waits is abandoned. */
    public void end() throws InterruptedException {
        delivery.ending();
        thread.tellEnding();
        waiting.add(new Nothing());
        thread.end();
    }

    private void run() throws InterruptedException {
        try {
            while (!thread.ending()) {
                Arrival first = waiting.take();
                if (waiting.isEmpty() && !gathering.isZero()) {
                    awaitEnding(gathering.toNanos());
                }
                deliver(together(first));
            }
        } finally {
            closed = true;
            for (Arrival arrival = waiting.poll(); arrival != null; arrival = waiting.poll()) {
                arrival.abandoned();
            }
        }
    }

    /** The first and as many of those behind it as make a good exchange. */
    private List<Arrival> together(Arrival first) {
        List<Arrival> arrivals = new ArrayList<>();
        int size = 0;
        for (Arrival arrival = first; arrival != null; arrival = waiting.poll()) {
            if (size > 0 && size + arrival.observations().size() > most) {
                waiting.addFirst(arrival);
                break;
            }
            if (!arrival.withdrawn()) {
                arrivals.add(arrival);
                size += arrival.observations().size();
            }
        }
        return arrivals;
    }

    private void deliver(List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return;
        }
        List<Observation> observations = new ArrayList<>();
        arrivals.forEach(arrival -> observations.addAll(arrival.observations()));
        long bad = bad(observations);
        boolean taken = observations.isEmpty() || delivery.deliver(observations);
        Backoff delay = new Backoff(RETRY_FIRST, RETRY_LAST);
        boolean abandoned = false;
        while (!taken && onRefusal == OnRefusal.RETRY && !abandoned) {
            abandoned = awaitEnding(delay.next());
            taken = !abandoned && delivery.deliver(observations);
        }
        if (taken) {
            traffic = Traffic.told(traffic.goodPoints() + observations.size() - bad, traffic.badPoints() + bad);
            arrivals.forEach(Arrival::taken);
        } else {
            arrivals.forEach(abandoned ? Arrival::abandoned : Arrival::refused);
        }
    }

    /** As the thread does; who is interrupted is to end, too, and still tells how it ended. */
    private boolean awaitEnding(long nanos) {
        try {
            return thread.awaitEnding(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static long bad(List<Observation> observations) {
        long bad = 0;
        for (Observation one : observations) {
            if (one instanceof Sample sample && sample.quality() == Quality.BAD) {
                bad++;
            }
        }
        return bad;
    }

    /** Wakes the thread, so that it sees that it is to end. */
    private record Nothing() implements Arrival {

        @Override
        public List<Observation> observations() {
            return List.of();
        }

        @Override
        public void taken() {}

        @Override
        public void refused() {}

        @Override
        public void abandoned() {}
    }
}
