package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static io.streamforge.validate.Probe.device;
import static io.streamforge.validate.Probe.quality;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule calls SUSPECT: the reading passes, and its reason says rule and detail. */
class SuspectRulesTest {

    private static final String RATE = "[{\"rate\":{\"maxPerSecond\":5}}]";
    private static final String FLAT = "[{\"flatline\":{\"afterMs\":60000}}]";

    @ParameterizedTest
    @CsvSource({"10, GOOD", "80, GOOD", "9.999, SUSPECT", "80.001, SUSPECT", "NaN, SUSPECT"})
    void aValueOutsideTheWarningBandIsSuspect(double value, Quality verdict) {
        Probe probe = new Probe("[{\"warning\":{\"min\":10,\"max\":80}}]").take(at(0, value));

        assertThat(probe.verdict()).isEqualTo(verdict);
        assertThat(probe.reason())
                .isEqualTo(
                        verdict == Quality.GOOD
                                ? null
                                : "warning: value must be between 10 and 80 Cel, got %s Cel".formatted(value));
    }

    @Test
    void aWarningBandIsForNumbers() {
        Probe probe = new Probe("[{\"warning\":{\"min\":10}}]");

        assertThat(probe.take(at(0, new Value.Whole(9))).verdict()).isEqualTo(Quality.SUSPECT);
        assertThat(probe.take(at(1, new Value.Whole(10))).verdict()).isEqualTo(Quality.GOOD);
        assertThat(probe.take(at(2, new Value.Text("x"))).verdict()).isEqualTo(Quality.GOOD);
        assertThat(probe.take(at(3, new Value.Flag(false))).verdict()).isEqualTo(Quality.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 15, GOOD",
        "1000, 15.1, SUSPECT",
        "1000, 5, GOOD",
        "1000, 4.9, SUSPECT",
        "500, 12.5, GOOD",
        "500, 12.6, SUSPECT",
        "1000, NaN, SUSPECT"
    })
    void aChangeFasterThanTheRateIsSuspect(long afterMs, double value, Quality verdict) {
        Probe probe = new Probe(RATE).take(at(0, 10), at(afterMs, value));

        assertThat(probe.clean.get(0).quality()).isEqualTo(Quality.GOOD);
        assertThat(probe.verdict()).isEqualTo(verdict);
    }

    @Test
    void theRateSaysWhatItSaw() {
        Probe probe = new Probe(RATE).take(at(0, 10), at(500, 16.25));

        assertThat(probe.reason())
                .isEqualTo("rate: value must change by at most 5 Cel a second, changed by 6.25 in 0.5 s");
    }

    @Test
    void theRateIsOfEventTime() {
        Probe probe = new Probe(RATE).take(device(0, 5_000, 10), device(1_000, 5_001, 15), device(2_000, 9_000, 21));

        assertThat(probe.clean)
                .extracting(reading -> reading.quality())
                .containsExactly(Quality.GOOD, Quality.GOOD, Quality.SUSPECT);
    }

    @Test
    void aLateReadingIsNotComparedAndIsNotComparedWith() {
        Probe probe = new Probe(RATE)
                .take(
                        device(10_000, 10_000, 10),
                        device(5_000, 10_001, 500),
                        device(10_000, 10_002, 300),
                        device(11_000, 11_000, 12));

        assertThat(probe.clean)
                .allSatisfy(reading -> assertThat(reading.quality()).isEqualTo(Quality.GOOD));
    }

    @Test
    void aClockThatWasSetFarBackBeginsAnew() {
        long hour = 3_600_000;
        Probe probe =
                new Probe(RATE).take(device(hour, hour, 10), device(0, hour + 1, 500), device(1_000, hour + 2, 600));

        assertThat(probe.clean)
                .extracting(reading -> reading.quality())
                .containsExactly(Quality.GOOD, Quality.GOOD, Quality.SUSPECT);
    }

    @ParameterizedTest
    @CsvSource({"600000, SUSPECT", "600001, GOOD"})
    void aPreviousReadingTooLongAgoIsNotComparedWith(long afterMs, Quality verdict) {
        Probe probe = new Probe(RATE).take(at(0, 0), at(afterMs, 1e9));

        assertThat(probe.verdict()).isEqualTo(verdict);
    }

    @Test
    void howLongAgoCanBeSaid() {
        String rules = "[{\"rate\":{\"maxPerSecond\":5,\"withinMs\":2000}}]";

        assertThat(new Probe(rules).take(at(0, 0), at(2_000, 100)).verdict()).isEqualTo(Quality.SUSPECT);
        assertThat(new Probe(rules).take(at(0, 0), at(2_001, 100)).verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void wholeNumbersChangeExactly() {
        long large = (1L << 53) + 1;
        String rules = "[{\"rate\":{\"maxPerSecond\":1}}]";

        assertThat(new Probe(rules)
                        .take(at(0, new Value.Whole(large)), at(1_000, new Value.Whole(large + 1)))
                        .verdict())
                .isEqualTo(Quality.GOOD);
        assertThat(new Probe(rules)
                        .take(at(0, new Value.Whole(large)), at(1_000, new Value.Whole(large + 2)))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
        assertThat(new Probe(rules)
                        .take(at(0, new Value.Whole(Long.MIN_VALUE)), at(1_000, new Value.Whole(Long.MAX_VALUE)))
                        .reason())
                .contains("changed by 18446744073709552000 in 1 s");
        assertThat(new Probe(rules)
                        .take(at(0, new Value.Whole(3)), at(1_000, 4.5))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
    }

    @Test
    void onlyNumbersHaveARate() {
        Probe probe = new Probe(RATE)
                .take(at(0, new Value.Text("a")), at(1, new Value.Text("b")), at(2, new Value.Flag(true)), at(3, 1e9));

        assertThat(probe.clean)
                .allSatisfy(reading -> assertThat(reading.quality()).isEqualTo(Quality.GOOD));
    }

    @Test
    void aRefusedReadingIsNotComparedWith() {
        Probe probe = new Probe("[{\"rate\":{\"maxPerSecond\":5},\"range\":{\"max\":100}}]")
                .take(at(0, 10), at(1_000, 101), at(2_000, 19));

        assertThat(probe.verdict()).isEqualTo(Quality.GOOD);
    }

    @ParameterizedTest
    @CsvSource({"59999, GOOD", "60000, SUSPECT", "90000, SUSPECT"})
    void aValueThatStaysForTooLongIsSuspect(long afterMs, Quality verdict) {
        Probe probe = new Probe(FLAT).take(at(0, 10), at(30_000, 10), at(afterMs, 10));

        assertThat(probe.verdict()).isEqualTo(verdict);
        assertThat(probe.reason())
                .isEqualTo(verdict == Quality.GOOD ? null : "flatline: value has not changed for 60 s, got 10.0 Cel");
    }

    @Test
    void aChangeEndsAFlatline() {
        Probe probe = new Probe(FLAT).take(at(0, 10), at(60_000, 10), at(61_000, 11), at(120_000, 11), at(121_000, 11));

        assertThat(probe.clean)
                .extracting(reading -> reading.quality())
                .containsExactly(Quality.GOOD, Quality.SUSPECT, Quality.GOOD, Quality.GOOD, Quality.SUSPECT);
    }

    @Test
    void theToleranceIsAroundTheValueThatItBeganWith() {
        String rules = "[{\"flatline\":{\"afterMs\":60000,\"tolerance\":0.5}}]";

        assertThat(new Probe(rules)
                        .take(at(0, 10), at(30_000, 10.5), at(60_000, 9.5))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
        assertThat(new Probe(rules)
                        .take(at(0, 10), at(30_000, 10.4), at(60_000, 10.6))
                        .verdict())
                .isEqualTo(Quality.GOOD);
    }

    @Test
    void textsFlagsAndWholeNumbersStayToo() {
        for (Value[] pair : new Value[][] {
            {new Value.Text("AUTO"), new Value.Text("MANUAL")},
            {new Value.Flag(true), new Value.Flag(false)},
            {new Value.Whole(Long.MAX_VALUE), new Value.Whole(Long.MAX_VALUE - 1)},
            {new Value.Flag(true), new Value.Whole(1)},
            {new Value.Text("1"), new Value.Real(1)}
        }) {
            assertThat(new Probe(FLAT).take(at(0, pair[0]), at(60_000, pair[0])).verdict())
                    .isEqualTo(Quality.SUSPECT);
            assertThat(new Probe(FLAT).take(at(0, pair[0]), at(60_000, pair[1])).verdict())
                    .isEqualTo(Quality.GOOD);
        }
    }

    @Test
    void anInterruptionProvesNothingAboutWhatStaysStill() {
        Probe bad =
                new Probe(FLAT).take(at(0, 10), quality(at(30_000, (Value) null), Quality.BAD, "0x0B"), at(60_000, 10));

        assertThat(bad.verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void anExpressionThatDoesNotHoldIsSuspect() {
        Probe probe = new Probe("[{\"expression\":{\"test\":\"value < 80 || unit != 'Cel'\"}}]");

        assertThat(probe.take(at(0, 79.9)).verdict()).isEqualTo(Quality.GOOD);
        assertThat(probe.take(at(1, 80)).reason())
                .isEqualTo("expression: value < 80 || unit != 'Cel' does not hold, got 80.0 Cel");
        assertThat(probe.take(Probe.unit(at(2, 80), "K")).verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void anExpressionMayAskForTheReadingBefore() {
        Probe probe = new Probe("[{\"expression\":{\"test\":\"value >= previous && seconds < 2\"}}]");

        probe.take(at(0, 10), at(1_000, 11), at(2_000, 10.9), at(4_000, 12), at(3_500, 1));

        assertThat(probe.clean)
                .extracting(reading -> reading.quality())
                .containsExactly(Quality.GOOD, Quality.GOOD, Quality.SUSPECT, Quality.SUSPECT, Quality.GOOD);
    }

    @Test
    void theReadingBeforeMayBeATextOrAFlag() {
        String rules = "[{\"expression\":{\"test\":\"!(previous == 'RUN' && value == 'IDLE')\"}}]";
        assertThat(new Probe(rules)
                        .take(at(0, new Value.Text("RUN")), at(1, new Value.Text("IDLE")))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
        assertThat(new Probe(rules)
                        .take(at(0, new Value.Text("STOP")), at(1, new Value.Text("IDLE")))
                        .verdict())
                .isEqualTo(Quality.GOOD);
        String flags = "[{\"expression\":{\"test\":\"value != previous\"}}]";
        assertThat(new Probe(flags)
                        .take(at(0, new Value.Flag(true)), at(1, new Value.Flag(true)))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
        assertThat(new Probe(flags)
                        .take(at(0, new Value.Flag(false)), at(1, new Value.Flag(true)))
                        .verdict())
                .isEqualTo(Quality.GOOD);
        assertThat(new Probe(flags)
                        .take(at(0, new Value.Whole(7)), at(1, new Value.Whole(7)))
                        .verdict())
                .isEqualTo(Quality.SUSPECT);
    }

    @ParameterizedTest
    @CsvSource({"SUSPECT", "BAD"})
    void anExpressionThatCannotBeEvaluatedIsADoubt(String verdict) {
        Probe probe = new Probe("[{\"expression\":{\"test\":\"value < 80\",\"verdict\":\"%s\"}}]".formatted(verdict))
                .take(at(0, new Value.Text("hot")));

        assertThat(probe.dead).isEmpty();
        assertThat(probe.verdict()).isEqualTo(Quality.SUSPECT);
        assertThat(probe.reason()).startsWith("expression: value < 80 cannot be evaluated: ");
    }

    @Test
    void everyReasonIsSaidAndTheWorstVerdictCounts() {
        Probe probe = new Probe("[{\"warning\":{\"max\":10},\"rate\":{\"maxPerSecond\":1}}]")
                .take(at(0, 1), quality(at(1_000, 20), Quality.UNCERTAIN, "0x40 substituted"));

        assertThat(probe.verdict()).isEqualTo(Quality.UNCERTAIN);
        assertThat(probe.reason())
                .isEqualTo("0x40 substituted; warning: value must be at most 10 Cel, got 20.0 Cel; "
                        + "rate: value must change by at most 1 Cel a second, changed by 19 in 1 s");
    }

    @Test
    void aDoubtOfOneReadingIsNotSaidOfTheNext() {
        Probe probe =
                new Probe("[{\"warning\":{\"max\":10},\"rate\":{\"maxPerSecond\":100}}]").take(at(0, 20), at(1_000, 5));

        assertThat(probe.verdict()).isEqualTo(Quality.GOOD);
        assertThat(probe.reason()).isNull();
    }
}
