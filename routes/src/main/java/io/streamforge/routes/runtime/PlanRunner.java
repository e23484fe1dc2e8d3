package io.streamforge.routes.runtime;

import io.streamforge.routes.LogKeys;
import io.streamforge.routes.plan.PlanException;
import io.streamforge.routes.plan.PlanParser;
import io.streamforge.routes.plan.RoutePlan;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which routes come and go. It waits for the local stream, starts the last good plan, applies what it is offered (the latest
 * wins) and supervises, so that none of these ever meets another.
 */
public final class PlanRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRunner.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** What was offered last: a plan, or why its bytes are none. */
    private sealed interface Offer {
        record Plan(RoutePlan plan) implements Offer {}

        record Unreadable(long revision, String hash, String reason) implements Offer {}
    }

    private final Reconciler reconciler;
    private final Replays replays;
    private final LocalStream stream;
    private final Optional<StandingRoutes> standing;
    private final boolean resumes;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "plan"));
    private final AtomicReference<@Nullable Offer> offered = new AtomicReference<>();
    private boolean begun;
    private volatile boolean started;
    private volatile boolean settled;

    /**
     * @param standing started when the stream is prepared and the last good plan was started
     * @param resumes whether the last good plan is started before the first offer
     */
    public PlanRunner(
            Reconciler reconciler,
            Replays replays,
            LocalStream stream,
            Optional<StandingRoutes> standing,
            boolean resumes) {
        this.reconciler = reconciler;
        this.replays = replays;
        this.stream = stream;
        this.standing = standing;
        this.resumes = resumes;
    }

    /** Begins to work. */
    public void start() {
        started = true;
        thread.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the stream is prepared and what was offered so far has been dealt with. */
    public boolean settled() {
        return settled;
    }

    /** A plan from a control plane, whose hash must fit. */
    public void offerCompiled(byte[] json) {
        try {
            offer(new Offer.Plan(PlanParser.compiled(json)));
        } catch (PlanException e) {
            offer(unreadable(json, e));
        }
    }

    /** A plan that a person or a test wrote. */
    public void offerHandWritten(byte[] json) {
        try {
            offer(new Offer.Plan(PlanParser.handWritten(json)));
        } catch (PlanException e) {
            offer(unreadable(json, e));
        }
    }

    /** The stream may be prepared now. Nothing happens before the start: until then not all that routes are made of is there. */
    public void wake() {
        if (!started) {
            return;
        }
        try {
            thread.execute(this::tick);
        } catch (RejectedExecutionException e) {
            LOG.debug("The gateway is stopping");
        }
    }

    /**
     * Restarts one route and waits for it.
     *
     * @throws Reconciler.UnknownRouteException if the plan that runs has no such route
     */
    public void restart(String routeId, Duration limit)
            throws Reconciler.UnknownRouteException, TimeoutException, InterruptedException {
        Callable<Void> restart = () -> {
            reconciler.restart(routeId);
            return null;
        };
        try {
            onThread(restart, limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Reconciler.UnknownRouteException unknown) {
                throw unknown;
            }
            throw failed(e);
        }
    }

    /**
     * Begins a replay, unless one of its id runs or ran, and says how it stands.
     *
     * @throws Replays.RefusedException if this gateway cannot carry it out
     */
    public ReplayStatus replay(ReplayOrder order, Duration limit)
            throws Replays.RefusedException, TimeoutException, InterruptedException {
        if (!replays.known(order.id())) {
            Replays.Kept prepared = replays.prepare(order);
            try {
                onThread(
                        () -> {
                            replays.begin(prepared);
                            return null;
                        },
                        limit);
            } catch (ExecutionException e) {
                throw failed(e);
            }
        }
        return status(order.id());
    }

    /**
     * Ends a replay before it is through, and says how it stands.
     *
     * @throws Replays.RefusedException if there is none of that id
     */
    public ReplayStatus cancelReplay(String id, Duration limit)
            throws Replays.RefusedException, TimeoutException, InterruptedException {
        try {
            onThread(
                    () -> {
                        replays.cancel(id);
                        return null;
                    },
                    limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Replays.RefusedException refused) {
                throw refused;
            }
            throw failed(e);
        }
        return status(id);
    }

    private ReplayStatus status(String id) {
        return replays.all().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void onThread(Callable<Void> task, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        thread.submit(task).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static IllegalStateException failed(ExecutionException e) {
        return new IllegalStateException(Causes.sentence(e.getCause() == null ? e : e.getCause()), e);
    }

    /** Lets no more routes come or go; those that run do so until Camel stops. */
    @Override
    public void close() {
        reconciler.stopping();
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("The change of routes under way did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void offer(Offer offer) {
        settled = false;
        offered.set(offer);
        wake();
    }

    private static Offer unreadable(byte[] json, PlanException e) {
        return new Offer.Unreadable(
                PlanParser.statedRevision(json), PlanParser.statedHash(json), String.valueOf(e.getMessage()));
    }

    private void tick() {
        try {
            if (!stream.prepared()) {
                return;
            }
            if (!begun) {
                begun = true;
                if (resumes) {
                    reconciler.resume();
                }
                replays.resume();
            }
            Offer offer = offered.getAndSet(null);
            if (offer instanceof Offer.Plan plan) {
                reconciler.apply(plan.plan());
            } else if (offer instanceof Offer.Unreadable unreadable) {
                reconciler.refuse(unreadable.revision(), unreadable.hash(), unreadable.reason());
            }
            reconciler.supervise();
            replays.supervise();
            standing.ifPresent(StandingRoutes::supervise);
            settled = offered.get() == null;
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.REASON, Causes.sentence(e))
                    .setCause(e)
                    .log("Routes could not be brought to the plan; it is tried again");
        }
    }
}
