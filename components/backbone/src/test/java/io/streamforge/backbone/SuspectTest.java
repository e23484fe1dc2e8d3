package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuspectTest {

    @ParameterizedTest
    @ValueSource(longs = {100, 101, 4999, 5098, 5099})
    void isolatesOneRecordOfFiveThousandInAtMostFourteenSteps(long poison) {
        Suspect suspect = Suspect.of(100, 5100);
        int steps = 0;
        while (suspect != null && !suspect.alone()) {
            boolean inTriedPart = poison >= suspect.from() && poison < suspect.tryTo();
            suspect = inTriedPart ? suspect.refused() : suspect.passed(suspect.tryTo());
            steps++;
        }
        assertThat(suspect).isEqualTo(new Suspect(poison, poison + 1, poison + 1, 0));
        assertThat(steps).isLessThanOrEqualTo(14);
    }

    @Test
    void triesTheWholeStretchFirst() {
        assertThat(Suspect.of(10, 20).tryTo()).isEqualTo(20);
    }

    @Test
    void countsTheAttemptsOfARecordThatStandsAlone() {
        assertThat(Suspect.of(7, 8).refused().refused().attempts()).isEqualTo(2);
    }

    @Test
    void endsWhenEverythingWentThrough() {
        assertThat(Suspect.of(10, 20).passed(20)).isNull();
    }

    @Test
    void isNotMovedByWhatCameBeforeIt() {
        assertThat(Suspect.of(10, 20).passed(10)).isEqualTo(Suspect.of(10, 20));
    }
}
