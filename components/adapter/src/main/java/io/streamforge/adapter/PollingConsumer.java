package io.streamforge.adapter;

import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.model.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Polls at a fixed rate, in {@link Rounds}, and not again before the stream has answered for the poll before: a slow device or a slow stream makes it
 * skip polls, never queue them.
 */
public final class PollingConsumer extends DefaultConsumer implements SourceHealth {

    /** A poll that is due as soon as this asks how the one before ended when it begins, which saves being woken for that alone. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private enum State {
        IDLE,
        /** Its turn is due, and was not yet given. */
        WAITING,
        /** A thread is at it. */
        BUSY,
        ENDED
    }

    private final Duration interval;
    private final Supplier<? extends PolledDevice> devices;

    private volatile @Nullable Run run;

    /**
     * @param interval from the start of one poll to the start of the next
     * @param devices makes one for each start; the stop closes it
     */
    public PollingConsumer(
            Endpoint endpoint, Processor processor, Duration interval, Supplier<? extends PolledDevice> devices) {
        super(endpoint, processor);
        this.interval = interval;
        this.devices = devices;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run(devices.get(), Rounds.of(getEndpoint().getCamelContext()));
        run = next;
        next.begin();
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
            return Counters.NONE;
        }
        Counters read = current.device.counters();
        return new Counters(
                read.polls(),
                read.failedPolls(),
                current.losses.of(Loss.POLL_DEVICE_SLOW) + current.losses.of(Loss.POLL_STREAM_SLOW),
                current.delivery.undelivered(),
                read.errors());
    }

    @Override
    public Losses losses() {
        Run current = run;
        return current == null ? new Losses() : current.losses;
    }

    @Override
    public Traffic traffic() {
        Run current = run;
        return current == null ? Traffic.NONE : current.device.traffic();
    }

    /** What lives from one start to the next stop. */
    private final class Run implements Rounds.Member {

        private final PolledDevice device;
        private final Delivery delivery = new Delivery(PollingConsumer.this);
        private final Losses losses;
        private final Rounds rounds;
        private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean ending;
        /** What takes so long is the device. */
        private volatile boolean asking;

        private Runnable leave = () -> {};
        private volatile @Nullable Future<?> attempt;
        /** Who gives it its turn; guarded by this. */
        private @Nullable Thread worker;

        private Run(PolledDevice device, Rounds rounds) {
            this.device = device;
            this.rounds = rounds;
            this.losses = device.state().losses();
        }

        private void begin() {
            planAttempt();
            leave = rounds.join(this, interval, device.asksAhead() && interval.compareTo(SOON) <= 0);
        }

        @Override
        public boolean begin(long missed) {
            if (ending) {
                return false;
            }
            losses.add(Loss.POLL_STREAM_SLOW, missed);
            if (!state.compareAndSet(State.IDLE, State.BUSY)) {
                losses.add(asking ? Loss.POLL_DEVICE_SLOW : Loss.POLL_STREAM_SLOW, 1);
                return false;
            }
            try {
                if (delivery.isTaken()) {
                    device.askAhead();
                }
            } catch (RuntimeException e) {
                getExceptionHandler().handleException("A poll failed", e);
            }
            state.set(State.WAITING);
            return true;
        }

        @Override
        public boolean waits() {
            return state.get() == State.WAITING;
        }

        @Override
        public boolean answered() {
            return waits() && device.hasAnswer();
        }

        @Override
        public void serve() {
            if (state.compareAndSet(State.WAITING, State.BUSY)) {
                work(this::poll);
            }
        }

        private void poll() throws InterruptedException {
            settle();
            boolean taken;
            do {
                asking = true;
                List<Observation> seen = device.poll();
                asking = false;
                if (ending) {
                    return;
                }
                Position position = device.position();
                if (!seen.isEmpty()) {
                    delivery.begin(seen, position);
                }
                taken = (position != null || interval.compareTo(SOON) > 0) && settle();
            } while (taken && device.hasMore() && !ending);
            planAttempt();
        }

        /** Waits for the stream's answer to the exchange before; true if there was one, and the stream has it. */
        private boolean settle() throws InterruptedException {
            boolean taken = delivery.settle();
            if (taken) {
                device.confirm();
            }
            return taken;
        }

        /** Has the connection opened again before the next turn, if the device wants to. */
        private void planAttempt() {
            OptionalLong at = device.nextAttempt();
            Future<?> planned = attempt;
            if (at.isPresent() && (planned == null || planned.isDone())) {
                attempt = rounds.schedule(this::connect, at.getAsLong());
            }
        }

        private void connect() {
            if (state.compareAndSet(State.IDLE, State.BUSY)) {
                work(() -> {
                    OptionalLong at = device.nextAttempt();
                    if (at.isPresent() && System.nanoTime() - at.getAsLong() >= 0) {
                        asking = true;
                        device.connect();
                        asking = false;
                    }
                    attempt = null;
                    planAttempt();
                });
            }
        }

        private void work(SourceThread.Work work) {
            synchronized (this) {
                worker = Thread.currentThread();
            }
            try {
                if (!ending) {
                    work.run();
                }
                if (ending) {
                    settle();
                }
            } catch (InterruptedException e) {
                // only a stop interrupts
            } catch (RuntimeException e) {
                getExceptionHandler().handleException("A poll failed", e);
            } finally {
                rest();
            }
        }

        private void rest() {
            asking = false;
            synchronized (this) {
                worker = null;
                Thread.interrupted(); // was meant for this source: the thread serves others
            }
            state.set(State.IDLE);
            if (ending && state.compareAndSet(State.IDLE, State.ENDED)) {
                delivery.abandon();
                device.close();
                ended.countDown();
            }
        }

        /** Survived by no more than two seconds. */
        private void end() throws InterruptedException {
            delivery.ending();
            ending = true;
            leave.run();
            device.close();
            if (state.compareAndSet(State.IDLE, State.WAITING)) {
                rounds.schedule(this::serve, System.nanoTime());
            }
            if (!ended.await(SourceThread.STOP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                synchronized (this) {
                    if (worker != null) {
                        worker.interrupt();
                    }
                }
                ended.await(SourceThread.INTERRUPT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            }
            Future<?> planned = attempt;
            if (planned != null) {
                planned.cancel(false);
            }
        }
    }
}
