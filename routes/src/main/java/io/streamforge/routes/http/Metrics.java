package io.streamforge.routes.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamforge.ledger.Figures;
import io.streamforge.routes.runtime.LocalStream;
import io.streamforge.routes.runtime.RouteBoard;
import io.streamforge.routes.runtime.RouteCounters;
import io.streamforge.routes.runtime.RouteState;
import io.streamforge.routes.runtime.RouteStatus;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gateway's metrics in Prometheus' text. Made at the first scrape: a gateway that nobody scrapes pays nothing for it. */
public final class Metrics {

    private final RouteBoard board;
    private final RouteCounters counters;
    private final LocalStream stream;
    private final Figures ledger;
    private final Set<Figures.Account> accounts = new HashSet<>();
    private final Set<Figures.Lost> losses = new HashSet<>();
    private final Set<Figures.Delivered> deliveries = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private @Nullable PrometheusMeterRegistry registry;

    public Metrics(RouteBoard board, RouteCounters counters, LocalStream stream, Figures ledger) {
        this.board = board;
        this.counters = counters;
        this.stream = stream;
        this.ledger = ledger;
    }

    /** All metrics now. */
    public synchronized String scrape() {
        PrometheusMeterRegistry made = registry;
        if (made == null) {
            made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new JvmMemoryMetrics().bindTo(made);
            new JvmThreadMetrics().bindTo(made);
            new ClassLoaderMetrics().bindTo(made);
            new ProcessorMetrics().bindTo(made);
            new UptimeMetrics().bindTo(made);
            Gauge.builder("streamforge_stream_up", stream, now -> now.up() ? 1 : 0)
                    .description("Whether the local stream answers")
                    .register(made);
            FunctionCounter.builder("streamforge_sequence_gaps", ledger, Figures::gaps)
                    .description(
                            "Gaps in the sequences of adapters, found by the loss ledger since the gateway's start")
                    .register(made);
            made.getPrometheusRegistry().register(new SourceMetrics(board));
            registry = made;
        }
        for (RouteStatus route : board.routes()) {
            if (known.add(route.routeId())) {
                register(made, route.routeId());
            }
        }
        for (Figures.Account account : ledger.sums().keySet()) {
            if (accounts.add(account)) {
                FunctionCounter.builder("streamforge_ledger_records", ledger, now -> now.sum(account))
                        .description(
                                "Records by what became of them, read from the loss ledger since the gateway's start")
                        .tags(Tags.of(
                                "adapter",
                                account.adapterId(),
                                "kind",
                                account.kind().name().toLowerCase(Locale.ROOT)))
                        .register(made);
            }
        }
        for (Figures.Lost what : ledger.lost().keySet()) {
            if (losses.add(what)) {
                FunctionCounter.builder("streamforge_source_losses", ledger, now -> now.sum(what))
                        .description("What sources did not bring into the stream, by reason, read from the loss ledger"
                                + " since the gateway's start")
                        .tags(Tags.of(
                                "adapter",
                                what.adapterId(),
                                "reason",
                                what.reason().toLowerCase(Locale.ROOT)))
                        .register(made);
            }
        }
        for (Figures.Delivered what : ledger.delivered().keySet()) {
            if (deliveries.add(what)) {
                FunctionCounter.builder("streamforge_delivered_records", ledger, now -> now.sum(what))
                        .description("Records that a sink's system accepted, read from the loss ledger since the"
                                + " gateway's start")
                        .tags(Tags.of("sink", what.sink(), "topic", what.topic()))
                        .register(made);
            }
        }
        return made.scrape();
    }

    private void register(PrometheusMeterRegistry made, String routeId) {
        Tags tags = Tags.of("route", routeId);
        RouteCounters.Counts counts = counters.of(routeId);
        FunctionCounter.builder("streamforge_records_in", counts, RouteCounters.Counts::in)
                .description("Records a route read")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_records_out", counts, RouteCounters.Counts::out)
                .description("Records a route wrote")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_dead_letters", counts, RouteCounters.Counts::dead)
                .description("Records a route wrote to the dead letters")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_out_of_time_records", counts, RouteCounters.Counts::outOfTime)
                .description("Readings that came too late, or too early, for any window of a route")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_polls", board, now -> now.source(routeId)
                        .counters()
                        .polls())
                .description("Polls of a route's device since its start, also while it was down")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_polls_failed", board, now -> now.source(routeId)
                        .counters()
                        .failedPolls())
                .description("Polls that the device did not answer")
                .tags(tags)
                .register(made);
        FunctionCounter.builder("streamforge_route_restarts", counts, RouteCounters.Counts::restarts)
                .description("Supervised restarts of a route")
                .tags(tags)
                .register(made);
        Gauge.builder("streamforge_lag_records", () -> status(routeId, RouteStatus::lag))
                .description("Records between a route and the end of its topics")
                .tags(tags)
                .register(made);
        Gauge.builder("streamforge_route_up", () -> status(routeId, Metrics::up))
                .description("1 while a route runs, 0 while it does not or is degraded")
                .tags(tags)
                .register(made);
    }

    private static Long up(RouteStatus route) {
        return route.state() == RouteState.RUNNING ? 1L : 0L;
    }

    private Number status(String routeId, java.util.function.Function<RouteStatus, @Nullable Long> figure) {
        for (RouteStatus route : board.routes()) {
            if (route.routeId().equals(routeId)) {
                Long value = figure.apply(route);
                return value == null ? Double.NaN : value;
            }
        }
        return Double.NaN;
    }
}
