package io.streamforge.routes.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Losses;
import io.streamforge.routes.runtime.RouteBoard.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SourceMetricsTest {

    @Test
    void tellsAnswersErrorsAndPointsOfEachRouteThatHasASource() {
        List<Long> answers = new ArrayList<>(Collections.nCopies(Traffic.BOUNDS_MILLIS.size() + 1, 0L));
        answers.set(2, 7L);
        answers.set(answers.size() - 1, 1L);
        Source source = new Source(
                new Counters(10, 2, 3, 0, new TreeMap<>(Map.of("timeout", 2L))),
                new Traffic(answers, 11.25, 9, 20, 40, 5),
                new Losses());
        Map<String, Source> sources = new TreeMap<>(Map.of("adapter.press-07", source));

        List<MetricSnapshot> metrics = SourceMetrics.of(sources).stream().toList();

        assertThat(metrics)
                .extracting(metric -> metric.getMetadata().getName())
                .containsExactly(
                        "streamforge_polls_skipped",
                        "streamforge_source_answer_seconds",
                        "streamforge_source_errors",
                        "streamforge_source_points",
                        "streamforge_source_request_ceiling",
                        "streamforge_source_requests");
        HistogramSnapshot.HistogramDataPointSnapshot histogram =
                ((HistogramSnapshot) metrics.get(1)).getDataPoints().get(0);
        assertThat(histogram.getCount()).isEqualTo(8);
        assertThat(histogram.getSum()).isEqualTo(11.25);
        assertThat(histogram.getClassicBuckets().getUpperBound(2)).isEqualTo(0.005);
        assertThat(histogram.getClassicBuckets().getCount(2)).isEqualTo(7);
        CounterSnapshot.CounterDataPointSnapshot error =
                ((CounterSnapshot) metrics.get(2)).getDataPoints().get(0);
        assertThat(error.getLabels().get("route")).isEqualTo("adapter.press-07");
        assertThat(error.getLabels().get("code")).isEqualTo("timeout");
        assertThat(error.getValue()).isEqualTo(2);
        assertThat(((CounterSnapshot) metrics.get(3)).getDataPoints())
                .extracting(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .containsExactlyInAnyOrder(40.0, 5.0);
        assertThat(((GaugeSnapshot) metrics.get(4)).getDataPoints().get(0).getValue())
                .isEqualTo(20);
        assertThat(((CounterSnapshot) metrics.get(5)).getDataPoints().get(0).getValue())
                .isEqualTo(9);
    }
}
