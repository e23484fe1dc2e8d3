package io.streamforge.routes.runtime;

import io.streamforge.adapter.WriteTable;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.plan.PlanDiff;
import io.streamforge.routes.plan.PlanException;
import io.streamforge.routes.plan.PlanStore;
import io.streamforge.routes.plan.PlannedRoute;
import io.streamforge.routes.plan.RoutePlan;
import io.streamforge.routes.plan.Trial;
import io.streamforge.routes.writing.WriteTarget;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what runs to what is planned: removes, replaces and adds routes by difference, proves the new ones healthy, goes back to the last good
 * plan where they are not, and restarts routes that fail. Everything but the queries happens on one thread, the caller's.
 */
public final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration PROOF_PAUSE = Duration.ofMillis(20);
    /** A route that only waits for its partitions may take so many times as long as one that says what is wrong. */
    private static final int PATIENCE = 3;

    private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(5);

    private final RouteHost host;
    private final PlanStore store;
    private final LocalStream stream;
    private final Notices notices;
    private final RouteBoard board;
    private final RouteCounters counters;
    private final RestartBudget budget;
    private final Clock clock;
    private final Duration proofLimit;
    private final int process;

    private final Map<String, PlannedRoute> wanted = new LinkedHashMap<>();
    private final Map<String, Instant> restartAt = new LinkedHashMap<>();
    private final Set<String> givenUp = new HashSet<>();
    private final AtomicReference<@Nullable RoutePlan> running = new AtomicReference<>();
    private final AtomicReference<@Nullable Trial> rejected = new AtomicReference<>();
    private volatile long desiredRevision;
    private volatile boolean stopping;

    /**
     * @param clock of what has elapsed
     * @param proofLimit how long new routes may take to be healthy while the stream is up, if they say what is wrong
     * @param process this process among those of the gateway: it runs what the plan gives it
     */
    Reconciler(
            RouteHost host,
            PlanStore store,
            LocalStream stream,
            Notices notices,
            RouteBoard board,
            RouteCounters counters,
            Clock clock,
            Duration proofLimit,
            int process) {
        this.host = host;
        this.store = store;
        this.stream = stream;
        this.notices = notices;
        this.board = board;
        this.counters = counters;
        this.budget = new RestartBudget(clock);
        this.clock = clock;
        this.proofLimit = proofLimit;
        this.process = process;
    }

    /** The plan that runs, or null before the first. */
    public @Nullable RoutePlan running() {
        return running.get();
    }

    /** The plan that was tried last and refused, or null; its reason is not null. */
    public @Nullable Trial rejected() {
        return rejected.get();
    }

    /** A route of the plan that this process runs, or null. */
    @Nullable
    PlannedRoute planned(String routeId) {
        RoutePlan plan = running.get();
        return plan == null
                ? null
                : mine(plan).stream()
                        .filter(route -> route.routeId().equals(routeId))
                        .findFirst()
                        .orElse(null);
    }

    /** An adapter that this process runs and that can write; empty for any other. May be called from any thread. */
    public Optional<WriteTarget> writeTarget(String adapterId) {
        RoutePlan plan = running.get();
        return plan == null
                ? Optional.empty()
                : mine(plan).stream()
                        .filter(route ->
                                route.parameters().path("adapterId").asText("").equals(adapterId))
                        .findFirst()
                        .flatMap(route -> host.writer(route.routeId())
                                .map(writer -> new WriteTarget(
                                        writer,
                                        WriteTable.read(route.parameters().path("points")),
                                        route.parameters().path("asset").asText(""))));
    }

    /** The adapters that this process runs and whose devices keep alarms, by id. May be called from any thread. */
    public SortedMap<String, AlarmTarget> alarmTargets() {
        SortedMap<String, AlarmTarget> targets = new TreeMap<>();
        RoutePlan plan = running.get();
        for (PlannedRoute route : plan == null ? List.<PlannedRoute>of() : mine(plan)) {
            String adapterId = route.parameters().path("adapterId").asText("");
            if (!adapterId.isEmpty()) {
                host.alarmDesk(route.routeId())
                        .ifPresent(desk -> targets.put(
                                adapterId,
                                new AlarmTarget(
                                        desk, route.parameters().path("asset").asText(""))));
            }
        }
        return targets;
    }

    /** The routes of the plan that this process runs. */
    List<String> plannedIds() {
        RoutePlan plan = running.get();
        return plan == null
                ? List.of()
                : mine(plan).stream().map(PlannedRoute::routeId).toList();
    }

    private List<PlannedRoute> mine(RoutePlan plan) {
        return plan.routes().stream().filter(route -> route.runsIn(process)).toList();
    }

    /** The revision that was seen last, running or rejected; 0 before the first. */
    public long desiredRevision() {
        return desiredRevision;
    }

    /** Starts the last good plan again. It was proved once: a route that does not start now is supervised, the others run. */
    public void resume() {
        try {
            Trial trial = store.trial().orElse(null);
            if (trial != null && trial.reason() != null) {
                rejected.set(trial);
                desiredRevision = trial.revision();
            }
            RoutePlan plan = store.lastGood().orElse(null);
            if (plan != null) {
                desiredRevision = Math.max(desiredRevision, plan.revision());
                runProved(plan);
            }
        } catch (IOException | PlanException e) {
            lastGoodIsUnreadable(e);
        }
    }

    private void runProved(RoutePlan plan) {
        for (PlannedRoute route : mine(plan)) {
            wanted.put(route.routeId(), route);
            board.starting(route);
        }
        running.set(plan);
        for (PlannedRoute route : mine(plan)) {
            startSupervised(route);
        }
        LOG.atInfo()
                .addKeyValue(LogKeys.REVISION, plan.revision())
                .addKeyValue(LogKeys.PLAN_HASH, plan.hash())
                .addKeyValue(LogKeys.COUNT, plan.routes().size())
                .log("Runs the last good plan");
    }

    private boolean isLastGood(RoutePlan plan) {
        try {
            return store.lastGood()
                    .filter(good -> good.hash().equals(plan.hash()))
                    .isPresent();
        } catch (IOException | PlanException e) {
            lastGoodIsUnreadable(e);
            return false;
        }
    }

    private void lastGoodIsUnreadable(Exception e) {
        notices.raise(Notices.Subject.PLAN_CACHE, "The last good plan cannot be read: " + e.getMessage());
    }

    /**
     * Applies a plan: all of it, or nothing of it. One that a former life of the gateway has proved is not proved again, whatever is in trouble when the
     * gateway starts.
     */
    public Outcome apply(RoutePlan plan) {
        desiredRevision = plan.revision();
        RoutePlan before = running.get();
        if (before != null && before.hash().equals(plan.hash())) {
            rejected.set(null);
            notices.clear(Notices.Subject.PLAN);
            if (before.revision() != plan.revision()) {
                running.set(plan);
                remember(plan);
            }
            return new Outcome.Unchanged();
        }
        if (before == null && isLastGood(plan)) {
            rejected.set(null);
            notices.clear(Notices.Subject.PLAN);
            runProved(plan);
            remember(plan);
            return new Outcome.Applied();
        }
        Trial trial = rejected.get();
        if (trial != null && trial.hash().equals(plan.hash())) {
            return new Outcome.Rejected(Objects.requireNonNull(trial.reason()));
        }
        int attempts = attempts(plan) + 1;
        if (attempts > MAX_ATTEMPTS) {
            return reject(
                    plan, attempts - 1, "The gateway ended %d times while it tried this plan.".formatted(MAX_ATTEMPTS));
        }
        List<String> problems = host.problems(mine(plan));
        if (!problems.isEmpty()) {
            return reject(plan, attempts, String.join(" ", problems));
        }
        saveTrial(new Trial(plan.hash(), plan.revision(), attempts, null));
        Instant begun = clock.instant();
        problems = replace(before == null ? List.of() : mine(before), plan);
        if (problems.isEmpty()) {
            problems = prove(plan);
        }
        if (stopping) {
            forgetTrial();
            return new Outcome.Interrupted();
        }
        if (!problems.isEmpty()) {
            goBack(plan, before);
            return reject(plan, attempts, String.join(" ", problems));
        }
        running.set(plan);
        rejected.set(null);
        notices.clear(Notices.Subject.PLAN);
        remember(plan);
        LOG.atInfo()
                .addKeyValue(LogKeys.REVISION, plan.revision())
                .addKeyValue(LogKeys.PLAN_HASH, plan.hash())
                .addKeyValue(LogKeys.COUNT, plan.routes().size())
                .addKeyValue(
                        LogKeys.TOOK_MS,
                        Duration.between(begun, clock.instant()).toMillis())
                .log("Runs a new plan");
        return new Outcome.Applied();
    }

    /** A plan that cannot even be read as one; what runs goes on. */
    public void refuse(long revision, String hash, String reason) {
        Trial before = rejected.get();
        if (before == null || !before.hash().equals(hash) || !reason.equals(before.reason())) {
            desiredRevision = revision;
            refused(new Trial(hash, revision, 1, reason));
        }
    }

    /**
     * Stops a route and starts it anew, with a fresh restart budget; if it does not start it is supervised from there.
     *
     * @throws UnknownRouteException if the plan has no such route
     */
    public void restart(String routeId) throws UnknownRouteException {
        PlannedRoute route = wanted.get(routeId);
        if (route == null) {
            throw new UnknownRouteException(routeId, wanted.keySet());
        }
        budget.forget(routeId);
        givenUp.remove(routeId);
        restartAt.remove(routeId);
        host.uninstall(routeId);
        board.starting(route);
        startSupervised(route);
    }

    /** The plan that runs has no such route. */
    public static final class UnknownRouteException extends Exception {
        UnknownRouteException(String routeId, Set<String> known) {
            super("Unknown route '%s'. Known: %s.".formatted(routeId, String.join(", ", known)));
        }
    }

    /** Looks at every planned route and starts again what has stopped; to be called about once a second. */
    public void supervise() {
        for (PlannedRoute route : List.copyOf(wanted.values())) {
            String routeId = route.routeId();
            if (givenUp.contains(routeId)) {
                continue;
            }
            RouteFacts facts = host.facts(routeId);
            Instant at = restartAt.get(routeId);
            if (facts.present()) {
                board.observed(route, facts);
            } else if (at == null) {
                failed(route, facts.fault() == null ? "The route has stopped by itself." : facts.fault());
            } else if (budget.due(at)) {
                restartAt.remove(routeId);
                counters.of(routeId).restarts.increment();
                host.uninstall(routeId);
                startSupervised(route);
            }
        }
    }

    /** The process ends: a plan that is being tried is neither proved nor rejected. Can be called from any thread. */
    void stopping() {
        stopping = true;
    }

    private void startSupervised(PlannedRoute route) {
        RoutePlan plan = running.get();
        try {
            host.install(route, plan == null ? 0 : plan.revision());
        } catch (RouteHost.InstallException e) {
            if (e.isOutage()) {
                later(route, e);
            } else {
                failed(route, Objects.requireNonNull(e.getMessage()));
            }
        }
    }

    /** Tries it again for as long as the outage lasts: that is none of the failures that use up a route's restarts. */
    private void later(PlannedRoute route, RouteHost.InstallException e) {
        restartAt.put(route.routeId(), clock.instant().plus(OUTAGE_PAUSE));
        board.waiting(route, Objects.requireNonNull(e.getMessage()));
        LOG.atInfo()
                .addKeyValue(LogKeys.ROUTE, route.routeId())
                .addKeyValue(LogKeys.REASON, e.getMessage())
                .addKeyValue(LogKeys.RETRY_IN, OUTAGE_PAUSE)
                .log("A route cannot start for an outage and will be tried again");
    }

    private void failed(PlannedRoute route, String reason) {
        RestartBudget.Decision decision = budget.failed(route.routeId());
        if (decision instanceof RestartBudget.Decision.Restart restart) {
            restartAt.put(route.routeId(), restart.at());
            board.waiting(route, reason);
            LOG.atWarn()
                    .addKeyValue(LogKeys.ROUTE, route.routeId())
                    .addKeyValue(LogKeys.REASON, reason)
                    .addKeyValue(LogKeys.RETRY_IN, Duration.between(clock.instant(), restart.at()))
                    .log("A route failed and will be started again");
        } else {
            givenUp.add(route.routeId());
            host.uninstall(route.routeId());
            board.failed(
                    route,
                    "%s It was restarted %d times in %d minutes; restart it by hand when the cause is removed."
                            .formatted(reason, RestartBudget.RESTARTS, RestartBudget.WINDOW.toMinutes()));
            LOG.atError()
                    .addKeyValue(LogKeys.ROUTE, route.routeId())
                    .addKeyValue(LogKeys.REASON, reason)
                    .log("A route failed too often and stays stopped");
        }
    }

    /** Removes, replaces and adds; tries every new route so that all their problems are told at once. */
    private List<String> replace(List<PlannedRoute> from, RoutePlan to) {
        PlanDiff diff = PlanDiff.between(from, mine(to));
        diff.removed().forEach(route -> {
            takeOut(route);
            board.remove(route.routeId());
        });
        diff.replaced().forEach(this::takeOut);
        List<PlannedRoute> fresh = new ArrayList<>(diff.replaced());
        fresh.addAll(diff.added());
        List<String> problems = new ArrayList<>();
        for (PlannedRoute route : fresh) {
            board.starting(route);
            try {
                host.install(route, to.revision());
            } catch (RouteHost.InstallException e) {
                if (e.isOutage()) {
                    later(route, e);
                } else {
                    problems.add(Objects.requireNonNull(e.getMessage()));
                }
            }
        }
        wanted.clear();
        mine(to).forEach(route -> wanted.put(route.routeId(), route));
        return problems;
    }

    private void takeOut(PlannedRoute route) {
        host.uninstall(route.routeId());
        budget.forget(route.routeId());
        givenUp.remove(route.routeId());
        restartAt.remove(route.routeId());
    }

    /** Waits until every route runs with its partitions; time in which the stream is down does not count against the plan. */
    private List<String> prove(RoutePlan plan) {
        Duration spent = Duration.ZERO;
        while (true) {
            Instant begun = clock.instant();
            List<String> open = new ArrayList<>();
            Duration limit = proofLimit.multipliedBy(PATIENCE);
            for (PlannedRoute route : mine(plan)) {
                RouteFacts facts = host.facts(route.routeId());
                if (!facts.present() && !givenUp.contains(route.routeId()) && !restartAt.containsKey(route.routeId())) {
                    return List.of("Route '%s' stopped right after its start%s."
                            .formatted(route.routeId(), facts.fault() == null ? "" : ": " + facts.fault()));
                } else if (facts.present()) {
                    board.observed(route, facts);
                    if (!facts.assigned()) {
                        limit = facts.fault() == null ? limit : proofLimit;
                        open.add("Route '%s' has no partitions after %d s%s."
                                .formatted(
                                        route.routeId(),
                                        spent.toSeconds(),
                                        facts.fault() == null ? "" : ": " + facts.fault()));
                    }
                }
            }
            if (open.isEmpty()) {
                return List.of();
            }
            if (spent.compareTo(limit) > 0) {
                return open;
            }
            try {
                Thread.sleep(PROOF_PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
            if (stream.up()) {
                spent = spent.plus(Duration.between(begun, clock.instant()));
            }
        }
    }

    private void goBack(RoutePlan refused, @Nullable RoutePlan before) {
        List<PlannedRoute> good = before == null ? List.of() : mine(before);
        PlanDiff diff = PlanDiff.between(mine(refused), good);
        diff.removed().forEach(route -> {
            takeOut(route);
            board.remove(route.routeId());
        });
        diff.replaced().forEach(this::takeOut);
        wanted.clear();
        good.forEach(route -> wanted.put(route.routeId(), route));
        List<PlannedRoute> again = new ArrayList<>(diff.replaced());
        again.addAll(diff.added());
        for (PlannedRoute route : again) {
            board.starting(route);
            startSupervised(route);
        }
    }

    private Outcome reject(RoutePlan plan, int attempts, String reason) {
        refused(new Trial(plan.hash(), plan.revision(), attempts, reason));
        return new Outcome.Rejected(reason);
    }

    private void refused(Trial trial) {
        rejected.set(trial);
        saveTrial(trial);
        RoutePlan good = running.get();
        notices.raise(
                Notices.Subject.PLAN,
                "Revision %d was rejected, %s: %s"
                        .formatted(
                                trial.revision(),
                                good == null ? "no plan runs" : "revision %d runs on".formatted(good.revision()),
                                trial.reason()));
    }

    private int attempts(RoutePlan plan) {
        try {
            return store.trial()
                    .filter(trial -> trial.hash().equals(plan.hash()) && trial.reason() == null)
                    .map(Trial::attempts)
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private void forgetTrial() {
        try {
            store.clearTrial();
        } catch (IOException e) {
            cacheFailed(e);
        }
    }

    private void saveTrial(Trial trial) {
        try {
            store.saveTrial(trial);
        } catch (IOException e) {
            cacheFailed(e);
        }
    }

    private void remember(RoutePlan plan) {
        try {
            store.saveLastGood(plan);
            store.clearTrial();
            notices.clear(Notices.Subject.PLAN_CACHE);
        } catch (IOException e) {
            cacheFailed(e);
        }
    }

    private void cacheFailed(IOException e) {
        notices.raise(
                Notices.Subject.PLAN_CACHE,
                "The plan cannot be written to the data folder (%s): the gateway runs on, but a restart would begin with an older plan. Make room on the disk."
                        .formatted(e.getMessage()));
    }
}
