package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is known of the series comes back from the stream: a restart, a rebalance and a new rule set change no later decision. */
class RestartTest {

    @Test
    void newRulesAreHeldAgainstWhatCameBefore() {
        Probe probe = new Probe("[{\"range\":{\"max\":100}}]").take(at(0, 10), at(1_000, 10));

        probe.restart("[{\"rate\":{\"maxPerSecond\":5},\"flatline\":{\"afterMs\":2000}}]");
        assertThat(probe.clean).hasSize(2);

        assertThat(probe.take(at(2_000, 10)).reason()).startsWith("flatline: ");
        assertThat(probe.take(at(3_000, 16)).reason()).startsWith("rate: ");
    }

    @Test
    void aRuleThatIsGoneJudgesNoLonger() {
        Probe probe =
                new Probe("[{\"rate\":{\"maxPerSecond\":5}}]").take(at(0, 10)).restart("[]");

        assertThat(probe.take(at(1, 1_000)).verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void aSeriesThatIsBadByNewRulesOnlyLeavesItsMarker() {
        Probe probe = new Probe("[]").take(at(0, 500)).restart("[{\"range\":{\"max\":100}}]");
        assertThat(probe.gaps()).isEmpty();

        probe.take(at(1_000, 500)).take(at(2_000, 500));

        assertThat(probe.gaps()).singleElement().satisfies(gap -> assertThat(gap.gatewayTime())
                .isEqualTo(Probe.START.plusMillis(1_000)));
    }

    @Test
    void aSeriesThatIsSilentByNewRulesOnlyLeavesItsMarker() {
        String watched = "[{\"parameter\":\"watched\",\"gap\":{\"maxGapMs\":1000}}]";
        Probe probe = new Probe("[]")
                .take(at(0, new Value.Real(1), "watched"), at(30_000, 1))
                .restart(watched);
        assertThat(probe.gaps()).isEmpty();

        probe.wait(Duration.ofMillis(500));
        probe.restart(watched).wait(Duration.ofMillis(500)).take(at(40_000, new Value.Real(1), "watched"));

        assertThat(probe.gaps()).singleElement().satisfies(gap -> assertThat(gap.gatewayTime())
                .isEqualTo(Probe.START.plusMillis(1_000)));
    }

    @Test
    void underOtherRulesABadSeriesIsMarkedOnceMore() {
        Probe probe = new Probe("[{\"range\":{\"max\":100}}]").take(at(0, 500));

        probe.restart("[{\"range\":{\"max\":99}}]").take(at(1_000, 500)).take(at(2_000, 500));

        assertThat(probe.gaps()).hasSize(2);
    }

    @Test
    void duplicatesAndClocksAreRememberedUnderNewRules() {
        Probe probe = new Probe("[{\"duplicates\":{\"remember\":8}}]").take(Probe.device(0, 20_000, 1));
        assertThat(probe.alarms).hasSize(1);

        probe.restart("[{\"duplicates\":{\"remember\":9}}]")
                .take(Probe.device(0, 20_100, 1))
                .take(Probe.device(1_000, 21_000, 1));

        assertThat(probe.clean).hasSize(2);
        assertThat(probe.alarms).hasSize(1);
    }

    @Test
    void onlyTheHorizonIsReadAgain() {
        Probe probe = new Probe("[{\"gap\":{\"maxGapMs\":600000}}]");
        for (int minute = 0; minute < 120; minute++) {
            probe.take(at(minute * 60_000L, minute));
        }

        assertThat(probe.warmOffset()).isBetween(119 - 22L, 119 - 20L);
    }

    @Test
    void whatLiesBehindTheHorizonIsForgotten() {
        Probe probe = new Probe("[{\"range\":{\"max\":5}},{\"parameter\":\"watched\",\"gap\":{\"maxGapMs\":1000}}]");
        for (int i = 0; i < 1_000; i++) {
            probe.take(at(i, new Value.Real(1), "p" + i));
        }
        probe.take(at(1_000, new Value.Real(1), "watched"));
        assertThat(probe.seriesCount()).isEqualTo(1_001);

        probe.take(at(1_000 + Duration.ofMinutes(21).toMillis(), new Value.Real(1), "last"));
        assertThat(probe.seriesCount()).isEqualTo(1);
    }
}
