package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** A restart and a rebalance change no later decision, whatever the readings and wherever they are cut. */
class RestartPropertiesTest {

    private static final String EVERYTHING = """
            [{"range":{"min":-50,"max":50},"warning":{"max":40},"rate":{"maxPerSecond":8},
              "flatline":{"afterMs":4000,"tolerance":0.5},"gap":{"maxGapMs":3000},"duplicates":{"remember":5},
              "expression":{"test":"value < previous + 30"}}]""";

    /** Readings with disorder, repetitions, silences, BAD ones and jumps, cut at random: the same as in one piece. */
    @Property(tries = 300)
    void restartsChangeNoDecision(@ForAll long seed) {
        Random random = new Random(seed);
        List<Reading> readings = measured(random);
        Probe calm = new Probe(EVERYTHING);
        Probe wild = new Probe(EVERYTHING);

        for (Reading reading : readings) {
            calm.take(reading);
            wild.take(reading);
            if (random.nextInt(8) == 0) {
                wild.restart(EVERYTHING);
            }
        }

        assertThat(wild.clean).isEqualTo(calm.clean);
        assertThat(wild.alarms).isEqualTo(calm.alarms);
        assertThat(wild.ledger).isEqualTo(calm.ledger);
        assertThat(wild.dead).isEqualTo(calm.dead);
    }

    private static List<Reading> measured(Random random) {
        List<Reading> readings = new ArrayList<>();
        long ms = 0;
        for (int i = 0; i < 80; i++) {
            ms += random.nextInt(10) == 0 ? random.nextInt(8_000) : random.nextInt(900);
            Instant gatewayTime = Probe.START.plusMillis(ms);
            Instant deviceTime = random.nextInt(4) == 0 ? null : gatewayTime.minusMillis(1_000L * random.nextInt(13));
            boolean bad = random.nextInt(10) == 0;
            readings.add(reading(
                    "p" + random.nextInt(2),
                    bad ? null : new Value.Real(random.nextInt(4) == 0 ? random.nextInt(80) : 20 + random.nextInt(3)),
                    bad ? Quality.BAD : Quality.GOOD,
                    deviceTime,
                    gatewayTime,
                    i));
        }
        return readings;
    }

    private static Reading reading(
            String parameter,
            @Nullable Value value,
            Quality quality,
            @Nullable Instant deviceTime,
            Instant gatewayTime,
            long sequence) {
        Reading plain = at(0, 1);
        return new Reading(
                value,
                quality,
                plain.assetId(),
                parameter,
                plain.unit(),
                plain.classification(),
                deviceTime,
                gatewayTime,
                deviceTime == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                null,
                quality == Quality.BAD ? "0x0B" : null,
                sequence,
                plain.origin());
    }
}
