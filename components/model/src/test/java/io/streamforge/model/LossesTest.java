package io.streamforge.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Ledger.Kind;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossesTest {

    @Test
    void tellsWhatWasLostAndNothingElse() {
        Losses losses = new Losses();
        assertThat(losses.all()).isEmpty();
        losses.add(Loss.QOS0_STREAM_SLOW);
        losses.add(Loss.QOS0_STREAM_SLOW);
        losses.add(Loss.POLL_DEVICE_SLOW, 7);
        losses.add(Loss.POLL_STREAM_SLOW, 0);
        assertThat(losses.all()).isEqualTo(Map.of(Loss.QOS0_STREAM_SLOW, 2L, Loss.POLL_DEVICE_SLOW, 7L));
        assertThat(losses.of(Loss.QOS0_STREAM_SLOW)).isEqualTo(2);
        assertThat(losses.of(Loss.ROW_REJECTED)).isZero();
    }

    /** What sources state must not come into the sums of readings. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void isCountedApartFromReadings(Loss loss) {
        assertThat(loss.kind())
                .isIn(Set.of(Kind.POLL_FAILED, Kind.POLL_SKIPPED, Kind.LOST, Kind.UNMAPPED, Kind.TURNED_AWAY));
    }
}
