package io.streamforge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.Batch;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AggregatorTest {

    private final Plant plant = new Plant(Plant.seconds(1, 2, 10));

    @Test
    void aWindowHoldsItsStartAndNotItsEnd() {
        plant.write(0, 1).write(999, 3).write(1000, 100).write(3000, 0).read();

        assertThat(plant.given)
                .containsExactly(new Aggregate(
                        "press-07",
                        "temperature",
                        "Cel",
                        Duration.ofSeconds(1),
                        Plant.START,
                        Plant.START.plusSeconds(1),
                        new Statistics(2, 1, 3, 2, 1, 1, 3),
                        new QualitySummary(2, 0, 0, 100),
                        1,
                        Plant.ORIGIN,
                        0,
                        null));
    }

    @Test
    void aWindowClosesOnceEventTimeHasPassedItsEndByTheAllowedLateness() {
        plant.write(0, 1).write(2999, 1).read();
        assertThat(plant.given).isEmpty();

        plant.write(3000, 1).read();
        assertThat(plant.given).hasSize(1);
    }

    @Test
    void aLateReadingCorrectsTheWindowAndRaisesItsRevision() {
        plant.write(0, 1).write(4000, 1).read();
        plant.write(500, 5).read();

        assertThat(plant.given).extracting(Aggregate::revision).containsExactly(0L, 2L);
        assertThat(statistics(1)).isEqualTo(new Statistics(3, 1, 5, 2, 2, 1, 5));
    }

    @Test
    void manyLateReadingsInOneBatchMakeOneCorrection() {
        plant.write(0, 1).write(4000, 1).read();
        plant.write(500, 5).write(600, 6).write(100, 7).read();

        assertThat(plant.given).hasSize(2);
        assertThat(plant.given.get(1).revision()).isEqualTo(4);
    }

    @Test
    void aCorrectionGoesOutBeforeTheWindowsOfTheSameBatch() {
        plant.write(0, 1).write(4000, 1).read();
        plant.write(500, 5).write(3_600_000, 1).read();

        assertThat(plant.given)
                .extracting(Aggregate::windowStart)
                .containsExactly(Plant.START, Plant.START, Plant.START.plusSeconds(4));
    }

    @Test
    void aLateReadingOfASilentSeriesStillGetsItsWindow() {
        plant.write(0, 1).write(4000, 1).read();
        plant.write(Plant.reading("pressure", new Value.Real(7), Quality.GOOD, 500, 4500, 2))
                .read();

        assertThat(plant.given.get(1).parameter()).isEqualTo("pressure");
    }

    @Test
    void aRepeatedReadingCountsOnce() {
        plant.write(0, 1).write(4000, 1).read();
        plant.topic.add(plant.topic.get(0));
        plant.read();

        assertThat(plant.given).hasSize(1);
    }

    @Test
    void aReadingWhoseWindowIsHeldNoLongerIsCountedAndChangesNothing() {
        plant.write(0, 1).write(11_000, 1).read();
        Aggregator.Outcome outcome = plant.write(999, 5).read();

        assertThat(outcome.outOfTime().tooLate()).isEqualTo(1);
        assertThat(outcome.outOfTime().tag()).isEqualTo("press-07/temperature");
        assertThat(outcome.outOfTime().time()).isEqualTo(Plant.START.plusMillis(999));
        assertThat(plant.given).hasSize(1);
    }

    @Test
    void ofMuchThatIsOutOfTimeTheFirstIsNamed() {
        plant.write(0, 1).write(20_000, 1).read();
        OutOfTime outOfTime = plant.write(Plant.reading("pressure", new Value.Real(7), Quality.GOOD, 40_000, 20_000, 1))
                .write(999, 5)
                .write(998, 5)
                .read()
                .outOfTime();

        assertThat(outOfTime.none()).isFalse();
        assertThat(outOfTime.tooLate()).isEqualTo(2);
        assertThat(outOfTime.tooEarly()).isEqualTo(1);
        assertThat(outOfTime.tag()).isEqualTo("press-07/pressure");
        assertThat(outOfTime.time()).isEqualTo(Plant.START.plusSeconds(40));

        OutOfTime more = new OutOfTime();
        assertThat(more.none()).isTrue();
        more.add(outOfTime);
        more.late("press-08", "force", 0);
        more.add(outOfTime);
        assertThat(more.tooLate()).isEqualTo(5);
        assertThat(more.tooEarly()).isEqualTo(2);
        assertThat(more.tag()).isEqualTo("press-07/pressure");
    }

    @Test
    void aReadingWhoseWindowIsJustStillHeldCorrectsIt() {
        plant.write(0, 1).write(10_999, 1).read();

        assertThat(plant.write(999, 5).read().outOfTime().tooLate()).isZero();
        assertThat(plant.given).hasSize(2);
    }

    @Test
    void aDeviceClockAheadClosesNobodyElsesWindows() {
        plant.write(0, 1)
                .write(Plant.reading("pressure", new Value.Real(7), Quality.GOOD, 9_000, 100, 1))
                .read();
        assertThat(plant.given).isEmpty();

        Aggregator.Outcome outcome = plant.write(
                        Plant.reading("pressure", new Value.Real(7), Quality.GOOD, 10_101, 100, 2))
                .read();
        assertThat(outcome.outOfTime().tooEarly()).isEqualTo(1);
    }

    @Test
    void aDeviceClockFromBefore1970IsTooLate() {
        long longAgo = Duration.between(Plant.START, Instant.EPOCH).toMillis() - 1;

        Aggregator.Outcome outcome = plant.write(
                        Plant.reading("pressure", new Value.Real(7), Quality.GOOD, longAgo, 0, 0))
                .read();

        assertThat(outcome.outOfTime().tooLate()).isEqualTo(1);
    }

    @Test
    void badReadingsNeverCount() {
        plant.write(0, 1)
                .write(Plant.reading("temperature", new Value.Real(1000), Quality.BAD, 1, 1, 1))
                .write(4000, 1)
                .read();

        assertThat(statistics(0).max()).isEqualTo(1);
        assertThat(plant.given.get(0).quality()).isEqualTo(new QualitySummary(1, 0, 0, 100));
    }

    @Test
    void aGapMarkerLowersTheShareOfGoodAndLeavesTheValuesAlone() {
        plant.write(0, 4)
                .write(Plant.reading("temperature", null, Quality.UNCERTAIN, 500, 500, 1))
                .write(4000, 1)
                .read();

        assertThat(statistics(0)).isEqualTo(new Statistics(4, 4, 4, 1, 0, 4, 4));
        assertThat(plant.given.get(0).quality()).isEqualTo(new QualitySummary(1, 0, 1, 50));
    }

    @Test
    void aWindowWithNothingButAGapHasNoStatistics() {
        plant.write(Plant.reading("temperature", null, Quality.UNCERTAIN, 0, 0, 0))
                .write(4000, 1)
                .read();

        assertThat(plant.given.get(0).statistics()).isNull();
        assertThat(plant.given.get(0).quality()).isEqualTo(new QualitySummary(0, 0, 1, 0));
    }

    @Test
    void whichQualitiesCountIsThePolicys() {
        Plant strict = new Plant(new Settings(
                "aggregate.test",
                "gw-1",
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Quality.SUSPECT));
        for (Plant each : List.of(plant, strict)) {
            each.write(0, 1)
                    .write(Plant.reading("temperature", new Value.Real(2), Quality.SUSPECT, 1, 1, 1))
                    .write(Plant.reading("temperature", new Value.Real(3), Quality.UNCERTAIN, 2, 2, 2))
                    .write(4000, 1)
                    .read();
        }

        assertThat(statistics(0).max()).isEqualTo(3);
        assertThat(strict.given.get(0).statistics()).isEqualTo(new Statistics(1.5, 1, 2, 2, 0.5, 1, 2));
        assertThat(strict.given.get(0).quality()).isEqualTo(new QualitySummary(1, 1, 1, 100.0 / 3));
    }

    @Test
    void flagsAverageToTheirShareAndTextsOnlyCount() {
        plant.write(Plant.reading("running", new Value.Flag(true), Quality.GOOD, 0, 0, 0))
                .write(Plant.reading("running", new Value.Flag(false), Quality.GOOD, 1, 1, 1))
                .write(Plant.reading("mode", new Value.Text("auto"), Quality.GOOD, 2, 2, 2))
                .write(Plant.reading("counter", new Value.Whole(7), Quality.GOOD, 3, 3, 3))
                .write(Plant.reading("broken", new Value.Real(Double.NaN), Quality.GOOD, 4, 4, 4))
                .write(4000, 1)
                .read();

        assertThat(statistics(0).avg()).isEqualTo(0.5);
        assertThat(plant.given.get(1).statistics()).isNull();
        assertThat(plant.given.get(1).quality().good()).isEqualTo(1);
        assertThat(statistics(2).avg()).isEqualTo(7);
        assertThat(plant.given.get(3).statistics()).isNull();
    }

    @Test
    void aSmallSpreadAroundALargeValueDoesNotVanish() {
        plant.write(0, 1e9 + 4)
                .write(1, 1e9 + 7)
                .write(2, 1e9 + 13)
                .write(3, 1e9 + 16)
                .write(4000, 1)
                .read();

        assertThat(statistics(0).stddev()).isCloseTo(Math.sqrt(22.5), within(1e-12));
    }

    @Test
    void aSilentPartitionIsFlushedByTheWallClock() {
        plant.write(0, 1).read();
        plant.now = Plant.START.plusMillis(2999);
        plant.read();
        assertThat(plant.given).isEmpty();

        plant.now = Plant.START.plusMillis(3000);
        plant.read();
        plant.read();
        assertThat(plant.given).hasSize(1);
    }

    @Test
    void whenNothingMoreComesEveryWindowIsGivenOutAtOnceAndOnce() {
        plant.write(0, 1).write(1500, 2).write(1600, 4).read();
        assertThat(plant.given).isEmpty();

        plant.end();
        plant.end();

        assertThat(plant.given).hasSize(2);
        assertThat(statistics(1).avg()).isEqualTo(3);
    }

    @Test
    void theWallClockLeavesAPartitionAloneThatIsStillRebuilt() {
        plant.write(0, 1).write(500, 3).write(9000, 7);
        plant.offer(0, true, 0);
        plant.now = Plant.START.plusSeconds(30);
        assertThat(plant.offer(1, false, 2).aggregates().size()).isZero();
        plant.offer(0, true, 1);

        plant.now = Plant.START.plusSeconds(60);
        assertThat(plant.offer(1, false, 2).aggregates().size()).isZero();
        Batch given = plant.offer(0, false).aggregates();
        assertThat(plant.decoder.aggregate(given.value(0)).quality().good()).isEqualTo(2);
    }

    @Test
    void aPartitionThatFellSilentWhileItWasRebuiltIsFlushedInTheEnd() {
        plant.write(0, 1).write(9000, 7);
        plant.offer(0, true, 0);
        plant.now = Plant.START.plusSeconds(60);

        assertThat(plant.offer(1, false, 1).aggregates().size()).isEqualTo(1);
    }

    @Test
    void whatComesAfterAFlushCorrectsIt() {
        plant.write(0, 1).read();
        plant.now = Plant.START.plusSeconds(60);
        plant.read();
        plant.write(500, 3).read();

        assertThat(plant.given).extracting(Aggregate::revision).containsExactly(0L, 1L);
    }

    @Test
    void anIdlePartitionHoldsNoOtherUp() {
        plant.write(0, 1).write(100, 2).write(60_000, 3);

        Batch ofTheIdle = plant.offer(1, false, 0).aggregates();
        Batch ofTheOther = plant.offer(0, false, 1, 2).aggregates();

        assertThat(ofTheIdle.size()).isZero();
        assertThat(ofTheOther.size()).isOne();
        assertThat(ofTheOther.partition(0)).isZero();
    }

    @Test
    void aForgottenPartitionLosesItsState() {
        plant.write(0, 1).read();
        assertThat(plant.seriesCount()).isEqualTo(1);

        plant.restart(1);
        assertThat(plant.seriesCount()).isEqualTo(1);
        assertThat(plant.given).isEmpty();
    }

    @Test
    void seriesThatFellSilentTakeNoMemory() {
        for (int i = 0; i < 1_000; i++) {
            plant.write(Plant.reading("p" + i, new Value.Real(i), Quality.GOOD, i * 1000L, i * 1000L, i));
        }
        plant.read();

        assertThat(plant.seriesCount()).isLessThan(15);
        assertThat(plant.warmOffset()).isGreaterThan(985);
    }

    @Test
    void seriesThatGoOnAreKeptWhileOthersFallSilent() {
        for (int second = 0; second < 200; second++) {
            plant.write(second * 1000, second)
                    .write(Plant.reading(
                            "p" + second, new Value.Real(1), Quality.GOOD, second * 1000, second * 1000, 1))
                    .read();
        }

        assertThat(plant.seriesCount()).isLessThan(25);
        assertThat(plant.given.stream().filter(each -> each.parameter().equals("temperature")))
                .hasSize(197);
    }

    @Test
    void aLongSeriesGivesEachWindowWhateverComesLate() {
        Map<Long, Double> sums = new TreeMap<>();
        Map<Long, Long> counts = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            long time = i * 100L - (i % 50 == 49 ? 7_050 : 0);
            if (time >= 0) {
                plant.write(Plant.reading("temperature", new Value.Real(i), Quality.GOOD, time, i * 100L, i));
                sums.merge(time / 1000, (double) i, Double::sum);
                counts.merge(time / 1000, 1L, Long::sum);
            }
            if (i % 7 == 0) {
                plant.read();
            }
        }
        plant.read();
        plant.now = Plant.START.plusSeconds(1000);
        plant.read();

        Map<Instant, Aggregate> last = new TreeMap<>();
        plant.given.forEach(each -> last.put(each.windowStart(), each));
        assertThat(last).hasSize(sums.size());
        sums.forEach((second, sum) -> {
            Statistics statistics =
                    Objects.requireNonNull(Objects.requireNonNull(last.get(Plant.START.plusSeconds(second)))
                            .statistics());
            assertThat(statistics.count()).isEqualTo(counts.get(second));
            assertThat(statistics.avg() * statistics.count()).isCloseTo(sum, within(1e-6));
        });
    }

    @Test
    void unitAndOriginAreThoseOfTheLatestContribution() {
        for (int i = 0; i < 60; i++) {
            Reading reading = Plant.reading("temperature", new Value.Real(i), Quality.GOOD, i * 100, i * 100, i);
            plant.write(new Reading(
                    reading.value(),
                    reading.quality(),
                    reading.assetId(),
                    reading.parameter(),
                    "unit-" + i,
                    reading.classification(),
                    reading.deviceTime(),
                    reading.gatewayTime(),
                    reading.timeSource(),
                    reading.clockSkewMs(),
                    reading.qualityReason(),
                    reading.sequence(),
                    reading.origin()));
        }
        plant.read();
        plant.now = Plant.START.plusSeconds(60);
        plant.read();

        assertThat(plant.given)
                .extracting(Aggregate::unit)
                .containsExactly("unit-9", "unit-19", "unit-29", "unit-39", "unit-49", "unit-59");
    }

    @Test
    void anApprovedValueTakesThePlaceOfItsGapMarker() {
        plant.write(Plant.reading("temperature", null, Quality.UNCERTAIN, 100, 100, 1))
                .write(4000, 1)
                .read();
        plant.write(Plant.reading("temperature", new Value.Real(7), Quality.SUSPECT, 100, 4100, 1))
                .write(Plant.reading("temperature", null, Quality.UNCERTAIN, 100, 4200, 1))
                .read();

        assertThat(plant.given).extracting(Aggregate::gaps).containsExactly(1L, 0L);
        assertThat(plant.given.get(1).quality()).isEqualTo(new QualitySummary(0, 1, 0, 0));
        assertThat(statistics(1).avg()).isEqualTo(7);
    }

    @Test
    void ofARepeatedReadingTheWorseQualityCounts() {
        for (Quality quality : List.of(Quality.GOOD, Quality.SUSPECT, Quality.GOOD)) {
            plant.write(Plant.reading("temperature", new Value.Real(7), quality, 100, 100, 1));
        }
        plant.write(4000, 1).read();

        assertThat(plant.given.get(0).quality()).isEqualTo(new QualitySummary(0, 1, 0, 0));
        assertThat(plant.given.get(0).revision()).isEqualTo(1);
    }

    @Test
    void twoValuesOfOneTimeBothCountInWhateverOrderTheyCome() {
        plant.write(Plant.reading("temperature", new Value.Real(7), Quality.GOOD, 100, 100, 1))
                .write(Plant.reading("temperature", new Value.Real(5), Quality.GOOD, 100, 100, 1))
                .write(Plant.reading("mode", new Value.Text("b"), Quality.GOOD, 100, 100, 1))
                .write(Plant.reading("mode", new Value.Text("a"), Quality.GOOD, 100, 100, 1))
                .write(Plant.reading("mode", new Value.Text("b"), Quality.GOOD, 100, 100, 1))
                .write(4000, 1)
                .read();

        assertThat(statistics(0)).isEqualTo(new Statistics(6, 5, 7, 2, 1, 5, 7));
        assertThat(Objects.requireNonNull(plant.given.get(1).states()).times())
                .containsExactly(new StateTime("b", 1, 900_000), new StateTime("a", 1, 0));
    }

    @Test
    void anAggregateOfAnEarlierSchemaIsReadToo() {
        Plant minute = new Plant(Plant.seconds(60, 2, 600));
        minute.topic.add(minute.asOfBeforeStates(plant.write(0, 5).write(4000, 1), 0));
        minute.read();
        minute.now = Plant.START.plusSeconds(1000);
        minute.read();

        assertThat(minute.given.get(0).statistics()).isEqualTo(new Statistics(5, 5, 5, 1, 0, 5, 5));
    }

    @Test
    void undecodableRecordsGoToTheDeadLetters() {
        plant.topic.add(new byte[] {1, 2});

        Aggregator.Outcome outcome = plant.read();

        assertThat(plant.decoder.deadLetter(outcome.dead().value(0)).stage()).isEqualTo("aggregate.test");
        assertThat(outcome.dead().offset(0)).isZero();
    }

    @Test
    void aMinuteKeepsItsSecondsAndReplacesTheCorrectedOne() {
        Plant minute = new Plant(Plant.seconds(60, 2, 600));
        plant.write(0, 1).write(1000, 10).write(5000, 4).read();
        plant.write(500, 3).read();
        plant.write(70_000, 0).read();
        minute.topic.addAll(plant.givenBytes);
        minute.topic.addAll(plant.givenBytes.subList(0, 1));
        minute.read();
        minute.now = Plant.START.plusSeconds(1000);
        minute.read();

        assertThat(minute.given).hasSize(1);
        assertThat(minute.given.get(0).statistics()).isEqualTo(new Statistics(4.5, 1, 10, 4, Math.sqrt(11.25), 1, 4));
        assertThat(minute.given.get(0).quality()).isEqualTo(new QualitySummary(4, 0, 0, 100));
    }

    @Test
    void aPartIsTakenUntilTwiceTheHeldTimeAfterItsEnd() {
        Plant minute = new Plant(Plant.seconds(60, 2, 10));
        plant.write(1000, 1).write(0, 5).write(21_000, 2).read();
        plant.now = Plant.START.plusSeconds(1000);
        plant.read();
        byte[] first = plant.givenBytes.get(0);
        byte[] second = plant.givenBytes.get(1);
        minute.topic.addAll(List.of(plant.givenBytes.get(2), first, second));

        Aggregator.Outcome outcome = minute.read();
        minute.now = Plant.START.plusSeconds(1000);
        minute.read();

        assertThat(outcome.outOfTime().tooLate()).isOne();
        assertThat(outcome.outOfTime().time()).isEqualTo(Plant.START);
        assertThat(minute.given.get(0).statistics()).isEqualTo(new Statistics(1.5, 1, 2, 2, 0.5, 1, 2));
    }

    @Test
    void anAggregateThatDoesNotDivideTheWindowIsRefused() {
        Plant odd = new Plant(new Settings(
                "aggregate.test",
                "gw-1",
                Duration.ofMillis(1500),
                Duration.ZERO,
                Duration.ofSeconds(10),
                Quality.UNCERTAIN));
        plant.write(0, 1).write(5000, 4).read();
        odd.topic.addAll(plant.givenBytes);

        Aggregator.Outcome outcome = odd.read();

        assertThat(odd.decoder.deadLetter(outcome.dead().value(0)).reason())
                .isEqualTo("press-07/temperature: an aggregate of 1000 ms does not divide windows of 1500 ms.");
    }

    private Statistics statistics(int index) {
        return Objects.requireNonNull(plant.given.get(index).statistics());
    }
}
