package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.model.Loss;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceStateTest {

    private final DeviceState state = new DeviceState("Test", "here");
    private final PointBook book = new PointBook(List.of("a", "b", "c"), name -> new Signal(name, null, "", false));

    @Test
    void answersAreCountedByHowLongTheyTook() {
        for (Duration took : List.of(
                Duration.ofNanos(1),
                Duration.ofMillis(1),
                Duration.ofNanos(1_000_001),
                Duration.ofMillis(10_000),
                Duration.ofMillis(10_001))) {
            state.answer(took.toNanos());
        }
        state.answered(book);
        Traffic traffic = state.traffic();
        assertThat(traffic.answers()).hasSize(Traffic.BOUNDS_MILLIS.size() + 1);
        assertThat(traffic.answers()).containsExactly(2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
        assertThat(traffic.answerSeconds()).isEqualTo(20.003000002);
    }

    @Test
    void pointsAreCountedAsReadOrNotAlsoWhileTheDeviceIsDown() {
        book.begin();
        book.read(0, new Value.Whole(1), Instant.EPOCH);
        book.read(1, new Value.Whole(1), Instant.EPOCH);
        book.fail(2, "0x02");
        state.answered(book);
        assertThat(state.fault()).contains("1 of 3 points are BAD: c 0x02");
        book.begin();
        book.failTheRest("connection: gone");
        state.silent(book, "connection: gone");
        assertThat(state.traffic().goodPoints()).isEqualTo(2);
        assertThat(state.traffic().badPoints()).isEqualTo(4);
        assertThat(state.counters().polls()).isEqualTo(2);
        assertThat(state.counters().failedPolls()).isEqualTo(1);
        assertThat(state.losses().all()).isEqualTo(Map.of(Loss.POLL_FAILED, 1L));
        assertThat(state.fault()).contains("connection: gone");
    }
}
