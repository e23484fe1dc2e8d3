package io.streamforge.knx;

import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.Arrivals;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Telegrams on their way to a stream that may be slow. So many wait as they came; of more than that only each point's last, so that the last is never
 * lost, and the rest is counted. For one thread.
 */
final class Waiting implements Inbox {

    private final Predicate<Arrival> arrivals;
    private final int most;
    private final AtomicInteger under = new AtomicInteger();
    private final Map<Integer, List<Observation>> last = new LinkedHashMap<>();
    private final Losses losses;

    /**
     * @param arrivals takes them one after the other ({@link Arrivals#offer})
     * @param most telegrams that wait as they came
     * @param losses gets what the stream will never have
     */
    Waiting(Predicate<Arrival> arrivals, int most, Losses losses) {
        this.arrivals = arrivals;
        this.most = most;
        this.losses = losses;
    }

    @Override
    public void put(Point point, List<Observation> seen) {
        if (seen.isEmpty()) {
            return;
        }
        if (!waits() && under.get() < most) {
            offer(seen);
        } else {
            List<Observation> before = last.remove(point.row());
            if (before != null) {
                losses.add(Loss.VALUE_STREAM_SLOW, before.size());
            }
            last.put(point.row(), seen);
        }
    }

    @Override
    public boolean waits() {
        Iterator<List<Observation>> waiting = last.values().iterator();
        while (waiting.hasNext() && under.get() < most) {
            offer(waiting.next());
            waiting.remove();
        }
        return !last.isEmpty();
    }

    private void offer(List<Observation> seen) {
        under.incrementAndGet();
        Seen arrival = new Seen(seen, under, losses);
        if (!arrivals.test(arrival)) {
            arrival.abandoned();
        }
    }

    /** Nothing comes any more, and nobody takes what still waits here. */
    void end() {
        last.values().forEach(seen -> losses.add(Loss.VALUE_STOPPED, seen.size()));
        last.clear();
    }

    private record Seen(List<Observation> observations, AtomicInteger under, Losses losses) implements Arrival {

        @Override
        public void taken() {
            under.decrementAndGet();
        }

        @Override
        public void refused() {
            throw new IllegalStateException("Telegrams are handed over again until the stream takes them.");
        }

        @Override
        public void abandoned() {
            losses.add(Loss.VALUE_STOPPED, observations.size());
            under.decrementAndGet();
        }
    }
}
