package io.streamforge.adapter.testing;

import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Stands where an adapter's route goes on to the stream: keeps what is handed over, and can take its time. */
public final class WatchedStream implements Processor {

    /**
     * One exchange.
     *
     * @param at when it was handed over
     */
    public record Taken(List<Observation> observations, Instant at) {

        /** Without the state changes. */
        public List<Sample> samples() {
            return Observation.samples(observations);
        }
    }

    private final List<Taken> taken = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile int mostInside;
    private volatile CountDownLatch open = new CountDownLatch(0);

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        mostInside = Math.max(mostInside, inside.incrementAndGet());
        try {
            List<Observation> observations = new ArrayList<>();
            for (Object observation : exchange.getMessage().getBody(List.class)) {
                observations.add((Observation) observation);
            }
            synchronized (taken) {
                taken.add(new Taken(observations, Instant.now()));
            }
            open.await();
        } finally {
            inside.decrementAndGet();
        }
    }

    /** From now on each exchange waits in here. */
    public void hold() {
        open = new CountDownLatch(1);
    }

    /** What waits goes on. */
    public void release() {
        open.countDown();
    }

    public boolean holds() {
        return open.getCount() > 0 && inside.get() > 0;
    }

    /** The most exchanges that were in here at one time. */
    public int mostInside() {
        return mostInside;
    }

    public List<Taken> taken() {
        synchronized (taken) {
            return List.copyOf(taken);
        }
    }

    public void forget() {
        synchronized (taken) {
            taken.clear();
        }
    }

    /** How many samples of a point with a value came so far. */
    public long good(String point) {
        return qualities(point).stream()
                .filter(quality -> quality != Quality.BAD)
                .count();
    }

    /** How many BAD samples of a point came so far. */
    public long bad(String point) {
        return qualities(point).stream()
                .filter(quality -> quality == Quality.BAD)
                .count();
    }

    /** Whether the last sample of a point is BAD. */
    public boolean endsBad(String point) {
        List<Quality> qualities = qualities(point);
        return !qualities.isEmpty() && qualities.get(qualities.size() - 1) == Quality.BAD;
    }

    /** Those of all samples of a point that came so far. */
    public List<Quality> qualities(String point) {
        return taken().stream()
                .flatMap(exchange -> exchange.samples().stream())
                .filter(sample -> sample.parameter().equals(point))
                .map(Sample::quality)
                .toList();
    }
}
