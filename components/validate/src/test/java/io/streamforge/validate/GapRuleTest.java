package io.streamforge.validate;

import static io.streamforge.validate.Probe.START;
import static io.streamforge.validate.Probe.at;
import static io.streamforge.validate.Probe.device;
import static io.streamforge.validate.Probe.quality;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A series that falls silent leaves one gap marker, whoever finds it: its next reading, another series' readings, or the clock. */
class GapRuleTest {

    private static final String RULES = "[{\"gap\":{\"maxGapMs\":5000}}]";

    @ParameterizedTest
    @CsvSource({"5000, 0", "5001, 1", "60000, 1"})
    void aReadingThatComesTooLateTellsTheGapBeforeIt(long afterMs, int gaps) {
        Probe probe = new Probe(RULES).take(at(0, 1), at(afterMs, 2));

        assertThat(probe.gaps()).hasSize(gaps);
        assertThat(probe.clean).hasSize(2 + gaps);
        assertThat(probe.last().value()).isEqualTo(new Value.Real(2));
    }

    @Test
    void theMarkerSaysWhenSilenceBecameAGap() {
        Probe probe = new Probe(RULES).take(device(-400, 0, 1), device(7_000, 7_400, 2));

        Reading last = probe.clean.get(0);
        assertThat(probe.clean.get(1))
                .isEqualTo(new Reading(
                        null,
                        Quality.UNCERTAIN,
                        last.assetId(),
                        last.parameter(),
                        "Cel",
                        last.classification(),
                        null,
                        START.plusMillis(5_000),
                        TimeSource.GATEWAY,
                        null,
                        "gap: nothing came for more than 5000 ms",
                        last.sequence(),
                        last.origin()));
    }

    @Test
    void theReadingsOfOthersTellASilence() {
        Probe probe = new Probe("[{\"parameter\":\"a\",\"gap\":{\"maxGapMs\":5000}}]");

        probe.take(at(0, new Value.Real(1), "a"), at(4_000, new Value.Real(1), "b"));
        assertThat(probe.take(at(5_000, new Value.Real(1), "b")).gaps()).isEmpty();
        assertThat(probe.take(at(5_001, new Value.Real(1), "b")).gaps()).hasSize(1);
        assertThat(probe.take(at(30_000, new Value.Real(1), "b")).gaps()).hasSize(1);
    }

    @Test
    void theClockTellsASilenceOfTheWholePartition() {
        Probe probe = new Probe(RULES).take(at(0, 1)).wait(Duration.ofSeconds(5));
        assertThat(probe.gaps()).isEmpty();

        probe.wait(Duration.ofMillis(500));
        assertThat(probe.gaps()).hasSize(1);
    }

    @Test
    void oneSilenceIsToldOnce() {
        Probe probe =
                new Probe(RULES).take(at(0, 1)).wait(Duration.ofMinutes(2)).take(at(120_000, 2));

        assertThat(probe.gaps()).hasSize(1);
        assertThat(probe.wait(Duration.ofMinutes(1)).gaps()).hasSize(2);
        assertThat(probe.take(at(240_000, 3), at(240_100, 4)).gaps()).hasSize(2);
    }

    @Test
    void whoeverReportsIsNotSilent() {
        Probe probe = new Probe(RULES).take(at(0, 1));
        for (int i = 1; i <= 20; i++) {
            probe.wait(Duration.ofSeconds(3)).take(at(i * 3_000L, i));
        }

        assertThat(probe.gaps()).isEmpty();
    }

    @Test
    void eachSeriesHasItsOwnPatience() {
        Probe probe = new Probe("[{\"parameter\":\"a\",\"gap\":{\"maxGapMs\":2000}},{\"gap\":{\"maxGapMs\":5000}}]")
                .take(at(0, new Value.Real(1), "a"), at(0, new Value.Real(1), "b"));

        assertThat(probe.wait(Duration.ofMillis(2_500)).gaps())
                .extracting(Reading::parameter)
                .containsExactly("a");
        assertThat(probe.wait(Duration.ofSeconds(3)).gaps())
                .extracting(Reading::parameter)
                .containsExactly("a", "b");
    }

    @Test
    void aSeriesThatIsBadHasItsMarkerAlready() {
        Probe probe = new Probe(RULES)
                .take(quality(at(0, (Value) null), Quality.BAD, "0x0B"))
                .wait(Duration.ofMinutes(1))
                .take(at(60_000, 1));

        assertThat(probe.gaps()).extracting(Reading::qualityReason).containsExactly("gap: 0x0B");
        assertThat(probe.wait(Duration.ofSeconds(6)).gaps()).hasSize(2);
    }

    @Test
    void aSilenceEndsAFlatline() {
        Probe probe = new Probe("[{\"gap\":{\"maxGapMs\":5000},\"flatline\":{\"afterMs\":60000}}]")
                .take(at(0, 1), at(60_000, 1));

        assertThat(probe.verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void aPauseOfTheProcessIsNobodysSilence() {
        Probe probe = new Probe(RULES).take(at(0, 1)).freeze(Duration.ofHours(1));

        assertThat(probe.gaps()).isEmpty();
        assertThat(probe.wait(Duration.ofSeconds(4)).gaps()).hasSize(1);
    }

    @Test
    void aClockThatGoesBackIsNobodysSilence() {
        Probe probe =
                new Probe(RULES).take(at(0, 1)).freeze(Duration.ofHours(-1)).wait(Duration.ofSeconds(4));

        assertThat(probe.gaps()).isEmpty();
    }

    @Test
    void aBacklogIsWorkedOffWithoutFalseGaps() {
        Probe probe = new Probe(RULES).take(at(0, 1)).freeze(Duration.ofHours(1));
        for (int i = 1; i < 3_600; i += 4) {
            probe.take(at(i * 1_000L, 1), at((i + 3) * 1_000L, 2));
        }

        assertThat(probe.gaps()).isEmpty();
    }

    @Test
    void whatTheClockToldIsNotToldAgainAfterARestart() {
        Probe probe = new Probe(RULES).take(at(0, 1)).wait(Duration.ofSeconds(6));
        assertThat(probe.gaps()).hasSize(1);

        probe.restart(RULES).wait(Duration.ofMinutes(1));
        assertThat(probe.gaps()).hasSize(1);

        assertThat(probe.take(at(70_000, 2)).wait(Duration.ofSeconds(6)).gaps()).hasSize(2);
    }

    @Test
    void whatTheRecordsToldIsNotToldAgainAfterARestart() {
        String rules = "[{\"parameter\":\"a\",\"gap\":{\"maxGapMs\":5000}}]";
        Probe probe = new Probe(rules)
                .take(at(0, new Value.Real(1), "a"), at(6_000, new Value.Real(1), "b"))
                .restart(rules)
                .take(at(7_000, new Value.Real(1), "b"));

        assertThat(probe.gaps()).hasSize(1);
    }

    @Test
    void aSilenceThatBeganBeforeARestartIsStillFound() {
        Probe probe =
                new Probe(RULES).take(at(0, 1)).wait(Duration.ofSeconds(3)).restart(RULES);

        assertThat(probe.wait(Duration.ofSeconds(4)).gaps()).isEmpty();
        assertThat(probe.wait(Duration.ofMillis(2_000)).gaps()).hasSize(1);
    }

    @Test
    void aMarkerTellsOfTheLatestSource() {
        Reading other = Probe.unit(at(1_000, 2), "K");
        Probe probe = new Probe(RULES).take(at(0, 1), other).wait(Duration.ofSeconds(7));

        assertThat(probe.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.unit()).isEqualTo("K");
            assertThat(gap.sequence()).isEqualTo(1_000);
            assertThat(gap.gatewayTime()).isEqualTo(START.plusMillis(6_000));
        });
    }

    @Test
    void aRebalanceForgetsNoSilence() {
        Probe probe =
                new Probe(RULES).take(at(0, 1)).wait(Duration.ofSeconds(6)).rebalance();

        assertThat(probe.wait(Duration.ofMinutes(1)).gaps()).hasSize(1);
    }
}
