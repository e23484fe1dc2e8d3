package io.streamforge.routes.runtime;

import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.routes.plan.PlannedRoute;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The state of every planned route, written by the reconciler and read by health, metrics and heartbeat. */
public final class RouteBoard {

    private static final Duration RATE_WINDOW = Duration.ofSeconds(5);

    private static final String ADAPTERS = "adapter.";

    private record Rates(Instant at, long in, long out, long dead, double inPerS, double outPerS, double deadPerS) {}

    /**
     * What a route's source counted since it was started.
     *
     * @param losses counts on by itself
     */
    public record Source(Counters counters, Traffic traffic, Losses losses) {
        static final Source NONE = new Source(Counters.NONE, Traffic.NONE, new Losses());
    }

    /** What the sources of one adapter lost, one after the other. */
    private static final class Lost {
        private final Map<Loss, Long> before = new EnumMap<>(Loss.class);
        private Losses now;

        Lost(Losses first) {
            now = first;
        }

        synchronized void follow(Losses current) {
            if (current != now) {
                before.putAll(all());
                now = current;
            }
        }

        synchronized Map<Loss, Long> all() {
            Map<Loss, Long> all = now.all();
            before.forEach((loss, count) -> all.merge(loss, count, Long::sum));
            return all;
        }
    }

    private final Map<String, Source> sourceByRoute = new ConcurrentHashMap<>();
    /** By adapter; kept when its route ends, so that nothing it lost at last goes unsaid. */
    private final Map<String, Lost> lost = new ConcurrentHashMap<>();

    private final Map<String, RouteStatus> byRoute = new ConcurrentHashMap<>();
    private final Map<String, RecentTraffic> traffic = new ConcurrentHashMap<>();
    private final Map<String, SourceStatus> sourceStatus = new ConcurrentHashMap<>();
    private final Map<String, Rates> rates = new ConcurrentHashMap<>();
    private final RouteCounters counters;
    private final Clock clock;

    public RouteBoard(RouteCounters counters, Clock clock) {
        this.counters = counters;
        this.clock = clock;
    }

    /** Every planned route, by id. */
    public List<RouteStatus> routes() {
        return byRoute.values().stream()
                .sorted(Comparator.comparing(RouteStatus::routeId))
                .toList();
    }

    /** What a route's source counted; nothing where it has none of its own. */
    public Source source(String routeId) {
        return sourceByRoute.getOrDefault(routeId, Source.NONE);
    }

    /** What the sources of each adapter had lost before this process started, and nobody has said yet; by adapter. */
    void lostBefore(Map<String, Map<Loss, Long>> before) {
        before.forEach((adapter, losses) -> {
            Losses earlier = new Losses();
            losses.forEach(earlier::add);
            lost.put(adapter, new Lost(earlier));
        });
    }

    /** What the sources of each adapter lost since this process started, and what was not said of the time before. */
    public Map<String, Map<Loss, Long>> losses() {
        Map<String, Map<Loss, Long>> all = new HashMap<>();
        lost.forEach((adapter, losses) -> all.put(adapter, losses.all()));
        return all;
    }

    void starting(PlannedRoute route) {
        put(route, RouteState.STARTING, null, null);
    }

    void waiting(PlannedRoute route, String reason) {
        put(route, RouteState.STARTING, reason, null);
    }

    void failed(PlannedRoute route, String reason) {
        put(route, RouteState.FAILED, reason, null);
    }

    void remove(String routeId) {
        byRoute.remove(routeId);
        rates.remove(routeId);
        sourceByRoute.remove(routeId);
        traffic.remove(routeId);
        sourceStatus.remove(routeId);
    }

    void observed(PlannedRoute route, RouteFacts facts) {
        RouteStatus before = byRoute.get(route.routeId());
        sourceByRoute.put(route.routeId(), facts.source());
        look(route.routeId(), facts.source());
        boolean ran = before != null && before.state() != RouteState.STARTING;
        if (!facts.assigned()) {
            String detail = facts.fault() == null ? "It waits for its partitions." : facts.fault();
            put(route, ran ? RouteState.DEGRADED : RouteState.STARTING, detail, facts.lag());
        } else if (facts.fault() != null) {
            put(route, RouteState.DEGRADED, facts.fault(), facts.lag());
        } else {
            put(route, RouteState.RUNNING, null, facts.lag());
        }
    }

    private void look(String routeId, Source source) {
        if (source != Source.NONE) {
            if (routeId.startsWith(ADAPTERS)) {
                lost.computeIfAbsent(routeId.substring(ADAPTERS.length()), id -> new Lost(source.losses()))
                        .follow(source.losses());
            }
            SourceStatus.Requests requests =
                    traffic.computeIfAbsent(routeId, id -> new RecentTraffic()).with(source.traffic(), clock.instant());
            sourceStatus.put(routeId, SourceStatus.of(source.counters(), source.traffic(), requests));
        }
    }

    private void put(PlannedRoute route, RouteState state, @Nullable String detail, @Nullable Long lag) {
        Instant now = clock.instant();
        RouteCounters.Counts counts = counters.of(route.routeId());
        Rates rate = rates.merge(route.routeId(), start(counts, now), (last, fresh) -> next(last, counts, now));
        RouteStatus before = byRoute.get(route.routeId());
        byRoute.put(
                route.routeId(),
                new RouteStatus(
                        route.routeId(),
                        route.template(),
                        state,
                        detail,
                        before != null && before.state() == state ? before.since() : now,
                        counts.restarts(),
                        rate.inPerS(),
                        rate.outPerS(),
                        rate.deadPerS(),
                        lag,
                        sourceStatus.get(route.routeId())));
    }

    private static Rates start(RouteCounters.Counts counts, Instant now) {
        return new Rates(now, counts.in(), counts.out(), counts.dead(), 0, 0, 0);
    }

    private static Rates next(Rates last, RouteCounters.Counts counts, Instant now) {
        Duration passed = Duration.between(last.at(), now);
        if (passed.compareTo(RATE_WINDOW) < 0) {
            return last;
        }
        double seconds = passed.toMillis() / 1000.0;
        return new Rates(
                now,
                counts.in(),
                counts.out(),
                counts.dead(),
                (counts.in() - last.in()) / seconds,
                (counts.out() - last.out()) / seconds,
                (counts.dead() - last.dead()) / seconds);
    }
}
