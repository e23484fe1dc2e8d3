package io.streamforge.adapter;

import io.streamforge.model.Observation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Polls at a fixed rate on a thread of its own and waits for each exchange to be done before it polls again: a slow device or a slow stream
 * makes it skip polls, never queue them.
 */
public final class PollingConsumer extends DefaultConsumer implements SourceHealth {

    private final String name;
    private final Duration interval;
    private final Supplier<? extends PolledDevice> devices;

    private volatile @Nullable Run run;

    /**
     * @param name of the thread: the protocol and the device
     * @param interval from the start of one poll to the start of the next
     * @param devices makes one for each start; the stop closes it
     */
    public PollingConsumer(
            Endpoint endpoint,
            Processor processor,
            String name,
            Duration interval,
            Supplier<? extends PolledDevice> devices) {
        super(endpoint, processor);
        this.name = name;
        this.interval = interval;
        this.devices = devices;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run(devices.get());
        run = next;
        next.thread.start();
    }

    @Override
    protected void doStop() throws Exception {
        Run last = run;
        if (last != null) {
            last.end();
        }
        super.doStop();
    }

    /** The device of the present run, or of the last one; null before the first start. */
    public @Nullable PolledDevice device() {
        Run current = run;
        return current == null ? null : current.device;
    }

    @Override
    public Optional<String> fault() {
        Run current = run;
        if (current == null) {
            return Optional.empty();
        }
        return current.delivery.fault().or(current.device::fault);
    }

    @Override
    public Counters counters() {
        Run current = run;
        if (current == null) {
            return new Counters(0, 0, 0, 0, Collections.emptySortedMap());
        }
        Counters read = current.device.counters();
        return new Counters(
                read.polls(), read.failedPolls(), current.skipped, current.delivery.undelivered(), read.errors());
    }

    @Override
    public Traffic traffic() {
        Run current = run;
        return current == null ? Traffic.NONE : current.device.traffic();
    }

    /** What lives from one start to the next stop. */
    private final class Run {

        private final PolledDevice device;
        private final Delivery delivery = new Delivery(PollingConsumer.this);
        private final SourceThread thread = new SourceThread(getEndpoint().getCamelContext(), name, this::poll);

        private volatile long skipped;

        private Run(PolledDevice device) {
            this.device = device;
        }

        private void poll() throws InterruptedException {
            long period = interval.toNanos();
            long due = System.nanoTime();
            try {
                while (!awaitUntil(due)) {
                    boolean taken;
                    do {
                        List<Observation> seen = device.poll();
                        if (thread.ending()) {
                            return;
                        }
                        taken = !seen.isEmpty() && delivery.deliver(seen, device.position());
                        if (taken) {
                            device.confirm();
                        }
                    } while (taken && device.hasMore() && !thread.ending());
                    due += period;
                    long missed = Math.max(0, System.nanoTime() - due) / period;
                    skipped += missed;
                    due += missed * period;
                }
            } finally {
                device.close();
            }
        }

        /** Waits, and re-opens the connection meanwhile; true if the consumer is to end. */
        private boolean awaitUntil(long due) throws InterruptedException {
            while (true) {
                long attempt = device.nextAttempt().orElse(due);
                boolean early = attempt - due < 0;
                if (thread.awaitEnding((early ? attempt : due) - System.nanoTime())) {
                    return true;
                }
                if (!early) {
                    return false;
                }
                device.connect();
            }
        }

        private void end() throws InterruptedException {
            delivery.ending();
            thread.tellEnding();
            device.close();
            thread.end();
        }
    }
}
