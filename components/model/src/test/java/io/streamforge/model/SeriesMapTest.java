package io.streamforge.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeriesMapTest {

    private final SeriesMap<Integer> map = new SeriesMap<>();

    @Test
    void findsNamesWhereverTheyStandInARecord() {
        map.put(bytes("press-07"), bytes("temperature"), 7);
        byte[] record = bytes("..press-07...temperature.");

        assertThat(map.get(record, 2, 8, 13, 11)).isEqualTo(7);
    }

    @Test
    void theBorderBetweenAssetAndParameterCounts() {
        map.put(bytes("ab"), bytes("c"), 1);
        map.put(bytes("a"), bytes("bc"), 2);
        byte[] record = bytes("abc");

        assertThat(map.get(record, 0, 2, 2, 1)).isEqualTo(1);
        assertThat(map.get(record, 0, 1, 1, 2)).isEqualTo(2);
        assertThat(map.get(record, 0, 3, 3, 0)).isNull();
    }

    @Test
    void dropsWhatIsOverAndFindsTheRest() {
        for (int i = 0; i < 1_000; i++) {
            map.put(bytes("asset-" + i), bytes("p"), i);
        }
        map.removeIf(i -> i % 3 == 0);

        assertThat(map.size()).isEqualTo(666);
        for (int i = 0; i < 1_000; i++) {
            byte[] record = bytes("asset-" + i + "p");
            assertThat(map.get(record, 0, record.length - 1, record.length - 1, 1))
                    .isEqualTo(i % 3 == 0 ? null : i);
        }
    }

    @Test
    void agreesWithAHashMapUnderRandomPutsAndRemovals() {
        Random random = new Random(42);
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String asset = "asset-" + random.nextInt(60);
            String parameter = "p" + random.nextInt(60);
            if (random.nextInt(5) < 3) {
                map.put(bytes(asset), bytes(parameter), i);
                expected.put(asset + "/" + parameter, i);
            } else {
                map.remove(bytes(asset), bytes(parameter));
                expected.remove(asset + "/" + parameter);
            }
        }

        assertThat(map.size()).isEqualTo(expected.size());
        for (int asset = 0; asset < 60; asset++) {
            for (int parameter = 0; parameter < 60; parameter++) {
                assertThat(get("asset-" + asset, "p" + parameter))
                        .isEqualTo(expected.get("asset-" + asset + "/p" + parameter));
            }
        }
    }

    private @Nullable Integer get(String asset, String parameter) {
        byte[] record = bytes(asset + parameter);
        return map.get(record, 0, asset.length(), asset.length(), parameter.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
