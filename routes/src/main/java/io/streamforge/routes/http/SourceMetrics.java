package io.streamforge.routes.http;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.streamforge.adapter.Traffic;
import io.streamforge.routes.runtime.RouteBoard;
import io.streamforge.routes.runtime.RouteBoard.Source;
import io.streamforge.routes.runtime.RouteStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the sources of the routes counted, made of the board at each scrape: its counters are their own, and so are the bounds of the histogram. */
final class SourceMetrics implements MultiCollector {

    private static final List<Double> BOUNDS_SECONDS = Stream.concat(
                    Traffic.BOUNDS_MILLIS.stream().map(millis -> millis / 1000.0), Stream.of(Double.POSITIVE_INFINITY))
            .toList();

    private final RouteBoard board;

    SourceMetrics(RouteBoard board) {
        this.board = board;
    }

    @Override
    public MetricSnapshots collect() {
        SortedMap<String, Source> sources = new TreeMap<>();
        for (RouteStatus route : board.routes()) {
            Source source = board.source(route.routeId());
            if (source.counters().polls() > 0) {
                sources.put(route.routeId(), source);
            }
        }
        return of(sources);
    }

    /** @param sources by their routes' ids */
    static MetricSnapshots of(Map<String, Source> sources) {
        List<HistogramDataPointSnapshot> answers = new ArrayList<>();
        List<CounterDataPointSnapshot> errors = new ArrayList<>();
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        List<CounterDataPointSnapshot> skipped = new ArrayList<>();
        List<CounterDataPointSnapshot> requests = new ArrayList<>();
        GaugeSnapshot.Builder ceilings = GaugeSnapshot.builder()
                .name("streamforge_source_request_ceiling")
                .help("Most requests per second that a route may send to its device");
        sources.forEach((id, source) -> {
            Traffic traffic = source.traffic();
            answers.add(HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("route", id))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS_SECONDS, traffic.answers()))
                    .sum(traffic.answerSeconds())
                    .build());
            source.counters()
                    .errors()
                    .forEach((code, count) -> errors.add(count(Labels.of("route", id, "code", code), count)));
            points.add(count(Labels.of("route", id, "quality", "good"), traffic.goodPoints()));
            points.add(count(Labels.of("route", id, "quality", "bad"), traffic.badPoints()));
            skipped.add(count(Labels.of("route", id), source.counters().skippedPolls()));
            requests.add(count(Labels.of("route", id), traffic.requests()));
            if (traffic.ceiling() > 0) {
                ceilings.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("route", id))
                        .value(traffic.ceiling())
                        .build());
            }
        });
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("streamforge_source_answer_seconds")
                .help("How long a route's device took to answer a request");
        answers.forEach(histogram::dataPoint);
        return new MetricSnapshots(
                histogram.build(),
                counter("streamforge_source_errors", "Errors of a route's device by code", errors),
                counter("streamforge_source_points", "Points that a route's source read, or could not read", points),
                counter(
                        "streamforge_polls_skipped",
                        "Polls that were not attempted because an earlier one still ran or waited for the stream",
                        skipped),
                ceilings.build(),
                counter(
                        "streamforge_source_requests",
                        "Requests to a route's device, answered or not; the rate is the load on it",
                        requests));
    }

    private static CounterDataPointSnapshot count(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static CounterSnapshot counter(String name, String help, List<CounterDataPointSnapshot> values) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        values.forEach(counter::dataPoint);
        return counter.build();
    }
}
