package io.streamforge.modbus;

import io.streamforge.adapter.SourceHealth;
import io.streamforge.model.Observation;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Polls at a fixed rate on a thread of its own and waits for each exchange to be done before it polls again: a slow device or a slow stream
 * makes it skip polls, never queue them.
 */
public final class ModbusConsumer extends DefaultConsumer implements SourceHealth {

    /** How long a stop waits for the exchange under way before it interrupts it. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(1500);

    private static final Duration INTERRUPT_PATIENCE = Duration.ofMillis(400);

    /** An exchange that takes longer is a fault worth showing. */
    private static final Duration SLOW_STREAM = Duration.ofSeconds(10);

    private final ModbusConfig config;
    private final List<Point> points;
    private final Clock clock;

    private volatile @Nullable Run run;

    ModbusConsumer(ModbusEndpoint endpoint, Processor processor, ModbusConfig config, List<Point> points, Clock clock) {
        super(endpoint, processor);
        this.config = config;
        this.points = points;
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run();
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

    @Override
    public Optional<String> fault() {
        Run current = run;
        return current == null ? Optional.empty() : current.fault();
    }

    @Override
    public Counters counters() {
        Run current = run;
        return current == null ? new Counters(0, 0, 0, 0, Collections.emptySortedMap()) : current.counters();
    }

    /** What lives from one start to the next stop. */
    private final class Run implements Runnable {

        private final ModbusDevice device = new ModbusDevice(config, points, clock);
        private final CountDownLatch ending = new CountDownLatch(1);
        private final Thread thread = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newThread("modbus " + config.device(), this);

        private volatile long skipped;
        private volatile long undelivered;
        private volatile long deliveringSince;
        private volatile @Nullable String refusal;

        @Override
        public void run() {
            long period = config.pollInterval().toNanos();
            long due = System.nanoTime();
            try {
                while (!awaitUntil(due)) {
                    List<Observation> seen = new ArrayList<>(device.poll());
                    if (ending.getCount() == 0) {
                        return;
                    }
                    if (!seen.isEmpty()) {
                        seen.addAll(device.changes());
                        deliver(seen);
                    }
                    due += period;
                    long missed = Math.max(0, System.nanoTime() - due) / period;
                    skipped += missed;
                    due += missed * period;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                device.close();
            }
        }

        /** Waits, and re-opens the connection meanwhile; true if the consumer is to end. */
        private boolean awaitUntil(long due) throws InterruptedException {
            while (true) {
                long now = System.nanoTime();
                long attempt = device.nextAttempt().orElse(due);
                boolean early = attempt - due < 0;
                if (ending.await(Math.max(0, (early ? attempt : due) - now), TimeUnit.NANOSECONDS)) {
                    return true;
                }
                if (!early) {
                    return false;
                }
                device.connect();
            }
        }

        private void deliver(List<Observation> seen) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(seen);
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
                device.confirm();
            } else {
                undelivered++;
                refusal = "stream: " + failure.getMessage();
                if (ending.getCount() > 0) {
                    getExceptionHandler().handleException("Samples were not taken", exchange, failure);
                }
            }
            releaseExchange(exchange, false);
        }

        private Optional<String> fault() {
            long since = deliveringSince;
            long waiting = since == 0 ? 0 : System.nanoTime() - since;
            if (waiting > SLOW_STREAM.toNanos()) {
                return Optional.of("stream: samples have been waiting for %d s to be taken"
                        .formatted(TimeUnit.NANOSECONDS.toSeconds(waiting)));
            }
            String refused = refusal;
            return refused != null ? Optional.of(refused) : device.fault();
        }

        private Counters counters() {
            Counters read = device.counters();
            return new Counters(read.polls(), read.failedPolls(), skipped, undelivered, read.errors());
        }

        private void end() throws InterruptedException {
            ending.countDown();
            device.close();
            thread.join(STOP_PATIENCE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(INTERRUPT_PATIENCE.toMillis());
            }
        }
    }
}
