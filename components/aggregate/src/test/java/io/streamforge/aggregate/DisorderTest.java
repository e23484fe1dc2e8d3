package io.streamforge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens on the way, the final aggregate of each identity is that of an undisturbed run, bit for bit. */
class DisorderTest {

    private static final int HELD = 10;

    private record Identity(String parameter, Instant start) {}

    private record Arrival(Reading reading, long at) {}

    @Property(tries = 300)
    void delaysRepetitionsAndRestartsChangeNoFinalResult(@ForAll long seed) {
        Random random = new Random(seed);
        List<Reading> readings = measured(random);
        Plant calmSecond = new Plant(Plant.seconds(1, 2, HELD));
        Plant calmMinute = new Plant(Plant.seconds(5, 2, 60));
        Plant wildSecond = new Plant(Plant.seconds(1, 2, HELD));
        Plant wildMinute = new Plant(Plant.seconds(5, 2, 60));

        readings.forEach(calmSecond::write);
        runCalmly(calmSecond);
        calmMinute.topic.addAll(calmSecond.givenBytes);
        runCalmly(calmMinute);

        disturbed(readings, random).forEach(wildSecond::write);
        runWildly(wildSecond, random);
        wildMinute.topic.addAll(wildSecond.givenBytes);
        runWildly(wildMinute, random);

        assertThat(finalResults(wildSecond)).isEqualTo(finalResults(calmSecond));
        assertThat(finalResults(wildMinute)).isEqualTo(finalResults(calmMinute));
    }

    /** Values of very different size, so that a sum in another order would differ. */
    private static List<Reading> measured(Random random) {
        List<Reading> readings = new ArrayList<>();
        int count = 1 + random.nextInt(120);
        for (int i = 0; i < count; i++) {
            Quality quality = random.nextInt(10) == 0 ? Quality.UNCERTAIN : Quality.GOOD;
            Value value = quality == Quality.UNCERTAIN && random.nextBoolean()
                    ? null
                    : new Value.Real(random.nextGaussian() * Math.pow(10, random.nextInt(12)));
            long time = random.nextInt(20_000);
            readings.add(Plant.reading("p" + random.nextInt(3), value, quality, time, time, i));
        }
        readings.sort(Comparator.comparing(Reading::time));
        return readings;
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
                        Plant.reading(
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

    private static void runCalmly(Plant plant) {
        plant.read();
        plant.now = plant.now.plusSeconds(1000);
        plant.read();
    }

    private static void runWildly(Plant plant, Random random) {
        while (plant.unread() > 0) {
            plant.read(1 + random.nextInt(Math.min(plant.unread(), 10)));
            if (random.nextInt(4) == 0) {
                plant.restart(1 + random.nextInt(20));
            }
            if (random.nextInt(10) == 0) {
                plant.now = plant.now.plusSeconds(random.nextInt(10));
                plant.read(0);
            }
        }
        plant.now = plant.now.plusSeconds(1000);
        plant.read();
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
