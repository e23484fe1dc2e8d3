package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillerTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void theFirstThreeFaultsAreOfBothKindsWhateverTheSeed(long seed) {
        Killer killer = new Killer(seed, fault -> {});
        int kills = 0;
        for (int fault = 0; fault < 3; fault++) {
            kills += killer.isNextKill() ? 1 : 0;
        }
        assertThat(kills).isEqualTo(2);
    }
}
