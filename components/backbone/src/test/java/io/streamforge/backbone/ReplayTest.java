package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final List<Replay.Span> SPANS = List.of(new Replay.Span("telemetry.raw", 0, 10, 30));

    @Test
    void keepsEverythingOffTheLivePath() {
        Replay replay = new Replay("validate.telemetry", SPANS, 100, "telemetry.clean.replay");
        assertThat(replay.target("telemetry.clean")).isEqualTo("telemetry.clean.replay");
        assertThat(replay.target("dlq.telemetry")).isEqualTo("telemetry.clean.replay.dead");
        assertThat(replay.target("audit.ledger")).isNull();
        assertThat(replay.target("alarms.raw")).isNull();
    }

    @Test
    void aSinkDeliversToItsOwnSystemAndPutsAsideAsAlways() {
        Replay replay = new Replay("sink.plant", SPANS, 100, null);
        assertThat(replay.target("dlq.sink")).isEqualTo("dlq.sink");
        assertThat(replay.target("audit.ledger")).isNull();
    }

    @Test
    void restsAsLongAsTheRateAsksFor() {
        long now = Long.MAX_VALUE - 5;
        Replaying replaying = new Replaying(new Replay("validate.telemetry", SPANS, 100, null), now);
        assertThat(replaying.rest(now)).isZero();
        replaying.read(50, now);
        assertThat(replaying.rest(now)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
        replaying.read(10, now);
        assertThat(replaying.rest(now)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(600));
        long later = now + TimeUnit.SECONDS.toNanos(5);
        replaying.read(100, later);
        assertThat(replaying.rest(later)).as("a pause is not caught up").isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aLowRateAsksForFewRecordsAtATime() {
        assertThat(Replaying.maxPollRecords(new Replay("validate.telemetry", SPANS, 100, null), 5000))
                .isEqualTo(20);
        assertThat(Replaying.maxPollRecords(new Replay("validate.telemetry", SPANS, 1, null), 5000))
                .isEqualTo(1);
        assertThat(Replaying.maxPollRecords(new Replay("validate.telemetry", SPANS, 1_000_000, null), 5000))
                .isEqualTo(5000);
    }

    @Test
    void aPositionIsATimeOrAnOffset() {
        assertThat(ReplayRange.parse("4711")).isEqualTo(new ReplayRange.Offset(4711));
        assertThat(ReplayRange.parse("2026-11-20T00:00Z"))
                .isEqualTo(new ReplayRange.At(Instant.parse("2026-11-20T00:00:00Z")));
        assertThatThrownBy(() -> ReplayRange.parse("yesterday"))
                .hasMessage("'yesterday' is neither a time such as 2026-11-20T00:00Z nor an offset.");
    }

    @Test
    void aRateMustLetSomethingThrough() {
        assertThatThrownBy(() -> new Replay("validate.telemetry", SPANS, 0, null))
                .hasMessage("A replay must read at least 1 record per second, got 0.");
    }
}
