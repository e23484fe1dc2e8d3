package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TankFarmTest {

    @Test
    void noLitreAppearsOrVanishes() {
        TankFarm farm = new TankFarm(new Random(3));
        double before = farm.heldM3();
        for (double t = 0; t < 7_200; t += Simulation.LONGEST_STEP) {
            farm.step(Simulation.LONGEST_STEP);
            assertThat(before + farm.suppliedM3() - farm.deliveredM3()).isCloseTo(farm.heldM3(), within(1e-6));
        }
        assertThat(farm.deliveredM3()).isGreaterThan(20);
    }

    @Test
    void everyTankFillsAndDrainsAndNoneOverflowsOrRunsDry() {
        TankFarm farm = new TankFarm(new Random(3));
        double[] lowest = {100, 100, 100};
        double[] highest = {0, 0, 0};
        double hottest = 0;
        for (double t = 0; t < 7_200; t += Simulation.LONGEST_STEP) {
            farm.step(Simulation.LONGEST_STEP);
            hottest = Math.max(hottest, farm.mixerCelsius());
            double[] levels = farm.levelsPercent();
            for (int i = 0; i < levels.length; i++) {
                lowest[i] = Math.min(lowest[i], levels[i]);
                highest[i] = Math.max(highest[i], levels[i]);
            }
        }
        assertThat(lowest).containsExactly(new double[] {22, 9, 13}, within(5.0));
        assertThat(highest).containsExactly(new double[] {86, 81, 65}, within(12.0));
        assertThat(hottest).isCloseTo(TankFarm.BATCH_CELSIUS, within(0.5));
        assertThat(farm.batches()).isGreaterThan(10);
    }
}
