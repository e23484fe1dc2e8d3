package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.BackboneTopics;
import io.streamforge.backbone.Replay;
import io.streamforge.backbone.ReplayRange;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.plan.PlannedRoute;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage or sink once more over a part of the past: a second route of the same template and parameters with a group of its own, which
 * is taken out when it is through. What is replayed is pinned when it begins, so that another plan changes nothing of it, and kept in the data
 * folder, so that a restart goes on with it; how far it has come is the stream's to know. Confined to the reconciler's thread, except
 * {@link #prepare} and {@link #all}.
 */
public final class Replays {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PREFIX = "replay.";
    private static final Duration TOPIC_LIMIT = Duration.ofSeconds(20);
    private static final int REMEMBERED = 50;

    /**
     * A replay as it is kept.
     *
     * @param revision the deployment revision whose route is replayed
     * @param parameters the route's, as the plan gave them
     */
    record Kept(
            String id,
            String routeId,
            String template,
            String version,
            long revision,
            ObjectNode parameters,
            @Nullable String into,
            int ratePerS,
            List<Replay.Span> spans,
            ReplayStatus.State state,
            @Nullable String detail,
            String startedAt,
            @Nullable String endedAt) {

        PlannedRoute route() {
            return new PlannedRoute(PREFIX + id, template, version, parameters);
        }

        Replay replay() {
            return new Replay(routeId, spans, ratePerS, into);
        }

        Kept ended(ReplayStatus.State how, @Nullable String why, Instant when) {
            return new Kept(
                    id,
                    routeId,
                    template,
                    version,
                    revision,
                    parameters,
                    into,
                    ratePerS,
                    spans,
                    how,
                    why,
                    startedAt,
                    when.toString());
        }

        ReplayStatus status() {
            long total = replay().total();
            return new ReplayStatus(
                    id,
                    routeId,
                    into,
                    state,
                    ratePerS,
                    state == ReplayStatus.State.DONE ? total : 0,
                    total,
                    detail,
                    Instant.parse(startedAt),
                    endedAt == null ? null : Instant.parse(endedAt));
        }
    }

    private final RouteHost host;
    private final Reconciler reconciler;
    private final LocalStream stream;
    private final RouteBoard board;
    private final RestartBudget budget;
    private final DurableFile file;
    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final Map<String, Instant> restartAt = new HashMap<>();
    private final Map<String, ReplayStatus> statuses = new LinkedHashMap<>();
    private volatile List<ReplayStatus> told = List.of();

    Replays(
            RouteHost host,
            Reconciler reconciler,
            LocalStream stream,
            RouteBoard board,
            DurableFile file,
            RestartBudget budget,
            Clock clock) {
        this.host = host;
        this.reconciler = reconciler;
        this.stream = stream;
        this.board = board;
        this.budget = budget;
        this.file = file;
        this.clock = clock;
    }

    /** A replay cannot be run; the message is a full sentence. */
    public static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    /** Those that run and the last that ended, the oldest first. Can be called from any thread. */
    public List<ReplayStatus> all() {
        return told;
    }

    /**
     * Fixes what is to be read and makes the side topic; the stream is asked, so this may take seconds. Can be called from any thread.
     *
     * @throws RefusedException if the order cannot be carried out on this gateway
     */
    Kept prepare(ReplayOrder order) throws RefusedException {
        PlannedRoute route = reconciler.planned(order.routeId());
        if (route == null) {
            throw new RefusedException("Unknown route '%s'. Known: %s."
                    .formatted(order.routeId(), String.join(", ", reconciler.plannedIds())));
        }
        List<String> topics = host.topics(order.routeId());
        if (topics.isEmpty()) {
            throw new RefusedException(
                    "Route '%s' reads no topic, or does not run now: only a stage or sink that runs can be replayed."
                            .formatted(order.routeId()));
        }
        boolean delivers = route.parameters().path("connector").isTextual();
        String into = order.into();
        if (delivers && into != null) {
            throw new RefusedException("Route '%s' delivers to a system of its own: leave out the side topic '%s'."
                    .formatted(order.routeId(), into));
        } else if (!delivers && into == null) {
            throw new RefusedException(
                    "Route '%s' writes to the stream: name a side topic for its results, for instance %s.replay."
                            .formatted(order.routeId(), topics.get(0)));
        } else if (into != null && BackboneTopics.isLive(into)) {
            throw new RefusedException(
                    "Topic '%s' belongs to the live path, where results would come twice: name a side topic, for instance %s.replay."
                            .formatted(into, into));
        }
        List<Replay.Span> spans = ReplayRange.resolve(stream.addresses(), topics, order.from(), order.to());
        if (into != null) {
            BackboneTopics.ensureSide(
                    stream.addresses(), Set.of(into, Replay.deadLetters(into)), partitions(spans, topics), TOPIC_LIMIT);
        }
        return new Kept(
                order.id(),
                order.routeId(),
                route.template(),
                route.version(),
                reconciler.desiredRevision(),
                route.parameters(),
                into,
                order.ratePerS(),
                spans,
                ReplayStatus.State.RUNNING,
                null,
                clock.instant().toString(),
                null);
    }

    private static int partitions(List<Replay.Span> spans, List<String> topics) {
        return (int) spans.stream()
                .filter(span -> span.topic().equals(topics.get(0)))
                .count();
    }

    /** Whether a replay of that id runs or ran. */
    boolean known(String id) {
        return told.stream().anyMatch(status -> status.id().equals(id));
    }

    /** Begins a replay, unless one of its id is known already. */
    void begin(Kept prepared) throws IOException {
        if (kept.containsKey(prepared.id())) {
            return;
        }
        kept.put(prepared.id(), prepared);
        try {
            save();
        } catch (IOException e) {
            kept.remove(prepared.id());
            throw new IOException(
                    "Replay '%s' cannot be kept in the data folder (%s). Make room on the disk."
                            .formatted(prepared.id(), e.getMessage()),
                    e);
        }
        LOG.atInfo()
                .addKeyValue(LogKeys.ROUTE, prepared.route().routeId())
                .addKeyValue(LogKeys.COUNT, prepared.replay().total())
                .log("A replay begins");
        start(prepared);
    }

    /** Ends a replay before it is through; one that has ended stays as it is. */
    void cancel(String id) throws RefusedException {
        Kept running = kept.get(id);
        if (running == null) {
            throw new RefusedException(
                    "Unknown replay '%s'. Known: %s.".formatted(id, String.join(", ", kept.keySet())));
        }
        if (running.state() == ReplayStatus.State.RUNNING) {
            end(running, ReplayStatus.State.CANCELLED, null);
        }
    }

    /** Goes on with what was under way when the gateway ended. */
    void resume() {
        try {
            byte[] json = file.read().orElse(null);
            if (json != null) {
                for (Kept one : JSON.readValue(json, Kept[].class)) {
                    kept.put(one.id(), one);
                    statuses.put(one.id(), one.status());
                }
            }
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.FILE, file)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("The replays cannot be read and do not go on");
        }
        running().forEach(this::start);
        tell();
    }

    /** Follows what runs, starts again what stopped and takes out what is through; to be called about once a second. */
    void supervise() {
        for (Kept one : running()) {
            PlannedRoute route = one.route();
            RouteFacts facts = host.facts(route.routeId());
            Instant at = restartAt.get(one.id());
            Replay.Progress progress = facts.replayed();
            if (facts.present()) {
                board.observed(route, facts);
                long done = progress == null ? status(one).done() : progress.done();
                statuses.put(one.id(), status(one).at(done, facts.fault()));
                if (progress != null && progress.finished()) {
                    end(one, ReplayStatus.State.DONE, null);
                }
            } else if (at == null) {
                failed(one, facts.fault() == null ? "The route has stopped by itself." : facts.fault());
            } else if (budget.due(at)) {
                host.uninstall(route.routeId());
                start(one);
            }
        }
        tell();
    }

    private void start(Kept one) {
        restartAt.remove(one.id());
        statuses.putIfAbsent(one.id(), one.status());
        board.starting(one.route());
        try {
            host.install(one.route(), one.revision(), one.replay());
        } catch (RouteHost.InstallException e) {
            failed(one, Objects.requireNonNull(e.getMessage()));
        }
        tell();
    }

    private void failed(Kept one, String reason) {
        RestartBudget.Decision decision = budget.failed(one.id());
        if (decision instanceof RestartBudget.Decision.Restart restart) {
            restartAt.put(one.id(), restart.at());
            board.waiting(one.route(), reason);
            statuses.put(one.id(), status(one).at(status(one).done(), reason));
        } else {
            end(one, ReplayStatus.State.FAILED, reason);
        }
    }

    private void end(Kept one, ReplayStatus.State how, @Nullable String why) {
        Instant now = clock.instant();
        kept.put(one.id(), one.ended(how, why, now));
        statuses.put(one.id(), status(one).ended(how, why, now));
        budget.forget(one.id());
        restartAt.remove(one.id());
        forgetOldest();
        try {
            save();
        } catch (IOException e) {
            // After a restart it would find its end committed and be through at once.
            LOG.atWarn()
                    .addKeyValue(LogKeys.FILE, file)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("The end of a replay cannot be written");
        }
        String routeId = one.route().routeId();
        host.uninstall(routeId);
        board.remove(routeId);
        LOG.atInfo().addKeyValue(LogKeys.ROUTE, routeId).log("A replay has ended: {}", how);
        try {
            ReplayRange.forget(stream.addresses(), routeId);
        } catch (RuntimeException e) {
            LOG.atDebug()
                    .addKeyValue(LogKeys.ROUTE, routeId)
                    .setCause(e)
                    .log("The replay's position stays until the stream forgets it");
        }
        tell();
    }

    private List<Kept> running() {
        return kept.values().stream()
                .filter(one -> one.state() == ReplayStatus.State.RUNNING)
                .toList();
    }

    private ReplayStatus status(Kept one) {
        return statuses.getOrDefault(one.id(), one.status());
    }

    private void forgetOldest() {
        List<Kept> ended = new ArrayList<>(kept.values());
        ended.removeIf(one -> one.state() == ReplayStatus.State.RUNNING);
        for (Kept one : ended.subList(0, Math.max(0, ended.size() - REMEMBERED))) {
            kept.remove(one.id());
            statuses.remove(one.id());
        }
    }

    private void save() throws IOException {
        file.write(JSON.writeValueAsBytes(kept.values()));
    }

    private void tell() {
        told = List.copyOf(statuses.values());
    }
}
