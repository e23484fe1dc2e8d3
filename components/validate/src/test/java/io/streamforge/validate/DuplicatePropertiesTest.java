package io.streamforge.validate;

import static io.streamforge.validate.Probe.device;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DuplicatePropertiesTest {

    /** Held against a model that remembers everything: within the bound nothing is dropped that is new, nothing passes twice. */
    @Property(tries = 300)
    void withinTheBoundExactlyTheFirstOfEachPairPasses(@ForAll long seed) {
        Random random = new Random(seed);
        int bound = 1 + random.nextInt(40);
        Probe probe = new Probe("[{\"duplicates\":{\"remember\":%d}}]".formatted(bound));
        Set<List<Object>> pairs = new HashSet<>();
        Map<Long, Double> times = new HashMap<>();
        List<Double> expected = new ArrayList<>();
        List<Quality> verdicts = new ArrayList<>();
        for (int i = 0; i < 200 && pairs.size() < bound; i++) {
            long time = random.nextInt(bound);
            double value = random.nextInt(3);
            boolean fresh = pairs.add(List.of(time, value));
            if (fresh) {
                expected.add(value);
                verdicts.add(times.containsKey(time) ? Quality.SUSPECT : Quality.GOOD);
            }
            times.putIfAbsent(time, value);
            probe.take(device(time, i, value));
        }

        assertThat(probe.clean)
                .extracting(reading -> reading.value())
                .containsExactlyElementsOf(expected.stream()
                        .map(value -> (Value) new Value.Real(value))
                        .toList());
        assertThat(probe.clean).extracting(Reading::quality).containsExactlyElementsOf(verdicts);
    }
}
