package io.streamforge.routes.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.ledger.LedgerComponent;
import io.streamforge.routes.runtime.LocalStream;
import io.streamforge.routes.runtime.RouteBoard;
import io.streamforge.routes.runtime.RouteCounters;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final LocalStream STREAM = new LocalStream() {
        @Override
        public String addresses() {
            return "127.0.0.1:9092";
        }

        @Override
        public boolean up() {
            return true;
        }

        @Override
        public boolean prepared() {
            return true;
        }
    };

    @Test
    void tellsTheStreamAndTheJvmInPrometheusText() {
        RouteCounters counters = new RouteCounters();

        String text = new Metrics(
                        new RouteBoard(counters, Clock.systemUTC()), counters, STREAM, new LedgerComponent().figures())
                .scrape();

        assertThat(text)
                .contains(
                        "# TYPE streamforge_stream_up gauge",
                        "streamforge_stream_up 1.0",
                        "streamforge_sequence_gaps_total 0.0",
                        "jvm_memory_used_bytes{");
    }
}
