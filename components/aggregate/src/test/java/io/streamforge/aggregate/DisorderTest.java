package io.streamforge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Whatever happens on the way (delays, disorder, repetitions, kills between two commits, rebalances, wherever batches end), the final aggregate
 * of each identity is that of an undisturbed run, bit for bit; and so is that of a replay of everything.
 */
class DisorderTest {

    private static final int HELD = 10;

    private record Identity(String parameter, Instant start) {}

    private record Arrival(Reading reading, long at) {}

    private static final class Chain {
        private final List<Plant> stages;

        private Chain(List<Settings> settings) {
            stages = settings.stream().map(Plant::new).toList();
        }

        /** Seconds, five of them, twenty of them: many readings in each. */
        private static Chain dense() {
            return new Chain(List.of(Plant.seconds(1, 2, HELD), Plant.seconds(5, 2, 60), Plant.seconds(20, 0, 120)));
        }

        /** Seconds, minutes, hours, held for as long as they are by default. */
        private static Chain shipped() {
            return new Chain(List.of(Plant.seconds(1, 2, 30), Plant.seconds(60, 5, 30), Plant.seconds(3600, 5, 30)));
        }

        /** Hours of many tens of seconds, which are put together once they are old. */
        private static Chain hourly(int held) {
            return new Chain(
                    List.of(Plant.seconds(1, 2, held), Plant.seconds(10, 5, held), Plant.seconds(3600, 5, held)));
        }

        private List<Map<Identity, Aggregate>> results() {
            return stages.stream().map(DisorderTest::finalResults).toList();
        }

        private void calmly(List<Reading> readings) {
            readings.forEach(stages.get(0)::write);
            for (int i = 0; i < stages.size(); i++) {
                Plant stage = stages.get(i);
                stage.read();
                end(stage, i);
            }
        }

        private void wildly(List<Reading> readings, Random random) {
            readings.forEach(stages.get(0)::write);
            for (int i = 0; i < stages.size(); i++) {
                Plant stage = stages.get(i);
                while (stage.unread() > 0) {
                    disturb(stage, random);
                }
                end(stage, i);
            }
        }

        private void end(Plant stage, int index) {
            stage.now = stage.now.plusSeconds(20_000);
            stage.read();
            if (index + 1 < stages.size()) {
                stages.get(index + 1).topic.addAll(stage.givenBytes);
            }
        }

        private static void disturb(Plant stage, Random random) {
            int some = 1 + random.nextInt(Math.min(stage.unread(), 10));
            switch (random.nextInt(12)) {
                case 0 -> stage.die(some, 1 + random.nextInt(20));
                case 1 -> stage.restart(1 + random.nextInt(20));
                case 2 -> stage.comeBack(1 + random.nextInt(20));
                case 3 -> {
                    stage.now = stage.now.plusSeconds(1L << random.nextInt(14));
                    stage.read(0);
                }
                default -> stage.read(some);
            }
        }
    }

    @Property
    void nothingOnTheWayChangesAFinalResult(@ForAll long seed) {
        Random random = new Random(seed);
        compare(measured(random, 1 + random.nextInt(150), 1 + random.nextInt(40_000)), random, Chain::dense);
    }

    @Property(tries = 2)
    void norDoesAnythingInAWholeWeek(@ForAll long seed) {
        Random random = new Random(seed);
        compare(measured(random, 1000, (int) Duration.ofDays(7).toMillis()), random, Chain::shipped);
    }

    @Property(tries = 2)
    void norThatOldPartsArePutTogether(@ForAll long seed) {
        Random random = new Random(seed);
        List<Reading> measured = measured(random, 600, (int) Duration.ofHours(2).toMillis());
        Chain hasty = Chain.hourly(HELD);
        Chain patient = Chain.hourly((int) Duration.ofDays(1).toSeconds());

        hasty.calmly(measured);
        patient.calmly(measured);

        assertThat(hasty.results()).isEqualTo(patient.results());
        compare(measured, random, () -> Chain.hourly(HELD));
    }

    private static void compare(List<Reading> measured, Random random, Supplier<Chain> chains) {
        List<Reading> arrived = disturbed(measured, random);
        Chain calm = chains.get();
        Chain wild = chains.get();
        Chain replayed = chains.get();

        calm.calmly(measured);
        wild.wildly(arrived, random);
        replayed.calmly(arrived);

        assertThat(wild.results()).isEqualTo(calm.results());
        assertThat(replayed.results()).isEqualTo(calm.results());
    }

    /**
     * Readings of every kind, in the order of their times.
     *
     * @param span milliseconds
     */
    private static List<Reading> measured(Random random, int count, int span) {
        List<Reading> readings = new ArrayList<>();
        for (int sequence = 0; sequence < count; sequence++) {
            int kind = random.nextInt(5);
            long time = random.nextInt(span);
            Value value = random.nextInt(10) == 0 ? null : value(kind, random);
            Quality quality = value == null ? Quality.UNCERTAIN : Quality.values()[random.nextInt(4)];
            readings.add(reading("p" + kind, value, quality, time, time, sequence));
            if (value == null && random.nextBoolean()) {
                // It was refused, left a gap marker, and is approved.
                readings.add(reading("p" + kind, value(kind, random), Quality.SUSPECT, time, time, sequence));
            }
        }
        readings.sort(Comparator.comparing(Reading::time));
        return readings;
    }

    /** Numbers of very different size, so that a sum in another order would differ. */
    private static Value value(int kind, Random random) {
        return switch (kind) {
            case 0 -> new Value.Real(random.nextGaussian() * Math.pow(10, random.nextInt(12)));
            case 1 -> new Value.Whole(random.nextLong() >> random.nextInt(64));
            case 2 -> new Value.Flag(random.nextBoolean());
            case 3 -> new Value.Text("state-" + random.nextInt(30));
            default -> random.nextBoolean() ? new Value.Real(Double.NaN) : value(random.nextInt(4), random);
        };
    }

    /** Each reading comes up to the held time late, one in ten comes again. */
    private static List<Reading> disturbed(List<Reading> readings, Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        for (Reading reading : readings) {
            long measured = reading.time().toEpochMilli() - Plant.START.toEpochMilli();
            int times = random.nextInt(10) == 0 ? 2 : 1;
            for (int i = 0; i < times; i++) {
                long at = measured + (random.nextBoolean() ? 0 : random.nextInt(HELD * 1000));
                arrivals.add(new Arrival(
                        reading(
                                reading.parameter(),
                                reading.value(),
                                reading.quality(),
                                measured,
                                at,
                                reading.sequence()),
                        at));
            }
        }
        arrivals.sort(Comparator.comparing(Arrival::at));
        return arrivals.stream().map(Arrival::reading).toList();
    }

    /** The adapter starts anew now and then. */
    private static Reading reading(
            String parameter, @Nullable Value value, Quality quality, long measured, long at, long sequence) {
        Reading plain = Plant.reading(parameter, value, quality, measured, at, sequence);
        Origin origin = new Origin("gw-1", "press-07", "opcua-source@1", 7, sequence / 7);
        return new Reading(
                plain.value(),
                plain.quality(),
                plain.assetId(),
                plain.parameter(),
                plain.unit(),
                plain.classification(),
                plain.deviceTime(),
                plain.gatewayTime(),
                plain.timeSource(),
                plain.clockSkewMs(),
                plain.qualityReason(),
                plain.sequence(),
                origin);
    }

    /** The highest revision of each identity; each revision must appear once and in order. */
    private static Map<Identity, Aggregate> finalResults(Plant plant) {
        Map<Identity, Aggregate> results = new HashMap<>();
        for (Aggregate aggregate : plant.given) {
            results.merge(new Identity(aggregate.parameter(), aggregate.windowStart()), aggregate, (before, after) -> {
                assertThat(after.revision()).isGreaterThan(before.revision());
                return after;
            });
        }
        results.replaceAll((identity, aggregate) -> new Aggregate(
                aggregate.assetId(),
                aggregate.parameter(),
                aggregate.unit(),
                aggregate.resolution(),
                aggregate.windowStart(),
                aggregate.windowEnd(),
                aggregate.statistics(),
                aggregate.quality(),
                0,
                aggregate.origin(),
                aggregate.gaps(),
                aggregate.states()));
        return results;
    }
}
