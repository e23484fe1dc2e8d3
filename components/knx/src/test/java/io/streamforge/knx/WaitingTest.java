package io.streamforge.knx;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.adapter.Arrival;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingTest {

    private final List<Arrival> offered = new ArrayList<>();
    private final Losses losses = new Losses();
    private final Waiting waiting = new Waiting(offered::add, 2, losses);

    @Test
    void keepsOfWhatIsTooMuchTheLastOfEachPoint() {
        put(0, 1);
        put(1, 2);
        put(0, 3);
        put(1, 4);
        put(0, 5);

        assertThat(values()).containsExactly(1L, 2L);
        assertThat(waiting.waits()).isTrue();
        assertThat(losses.all()).isEqualTo(Map.of(Loss.VALUE_STREAM_SLOW, 1L));

        offered.forEach(Arrival::taken);

        assertThat(waiting.waits()).isFalse();
        assertThat(values()).containsExactly(1L, 2L, 4L, 5L);
    }

    @Test
    void letsNothingPassWhatWaits() {
        put(0, 1);
        put(0, 2);
        put(0, 3);
        offered.get(0).taken();
        put(1, 4);

        assertThat(values()).containsExactly(1L, 2L, 3L);
        offered.get(1).taken();
        assertThat(waiting.waits()).isFalse();
        assertThat(values()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void whatWaitsAtTheEndIsLost() {
        put(0, 1);
        put(1, 2);
        put(0, 3);
        offered.get(0).taken();
        offered.get(1).abandoned();
        waiting.end();

        assertThat(losses.all()).isEqualTo(Map.of(Loss.VALUE_STOPPED, 2L));
    }

    private void put(int row, long value) {
        GroupAddress group = new GroupAddress(1 + row);
        Point point = new Point(row, "p" + row, null, group, group, Datapoint.parse("12.001"), "", false, false);
        waiting.put(point, List.of(Book.sample(point, new Value.Whole(value), Quality.GOOD, null, Instant.EPOCH)));
    }

    private List<Long> values() {
        return offered.stream()
                .flatMap(arrival -> Observation.samples(arrival.observations()).stream())
                .map(sample -> sample.value() instanceof Value.Whole whole ? whole.value() : -1L)
                .toList();
    }
}
