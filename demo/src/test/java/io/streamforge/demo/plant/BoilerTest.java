package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.demo.plant.Machine.Written;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoilerTest {

    private static final double STEP = Simulation.LONGEST_STEP;

    /** Steam tables: 10 bar boil at 179.9 °C, 1.013 bar at 100 °C. */
    @Test
    void pressureIsThatOfSaturatedSteam() {
        assertThat(Boiler.saturationBar(179.9)).isCloseTo(10.0, within(0.1));
        assertThat(Boiler.saturationBar(100)).isCloseTo(1.013, within(0.01));
    }

    @Test
    void staysWithinItsControlBandsForTwoHours() {
        Boiler boiler = new Boiler(new Random(1));
        int burnerStarts = 0;
        int pumpStarts = 0;
        for (double t = 0; t < 7_200; t += STEP) {
            boolean burner = boiler.burner();
            boolean pump = boiler.feedPump();
            boiler.step(STEP);
            burnerStarts += !burner && boiler.burner() ? 1 : 0;
            pumpStarts += !pump && boiler.feedPump() ? 1 : 0;
            assertThat(boiler.pressureBar()).isBetween(8.5, 11.2);
            assertThat(boiler.levelPercent()).isBetween(45.0, 59.0);
        }
        assertThat(burnerStarts).isBetween(20, 300);
        assertThat(pumpStarts).isBetween(5, 60);
    }

    @Test
    void thePressureFollowsItsSetPoint() {
        Boiler boiler = new Boiler(new Random(1));
        assertThat(boiler.write(40001, (short) 850)).isEqualTo(Written.TAKEN);
        for (int i = 0; i < 600 / STEP; i++) {
            boiler.step(STEP);
        }
        for (int i = 0; i < 600 / STEP; i++) {
            boiler.step(STEP);
            assertThat(boiler.pressureBar()).isBetween(7.0, 9.7);
        }
        assertThat(boiler.write(40001, (short) -1)).isEqualTo(Written.BEYOND_RANGE);
        assertThat(boiler.write(40001, (short) 1151)).isEqualTo(Written.BEYOND_RANGE);
        assertThat(boiler.write(40002, (short) 850)).isEqualTo(Written.NO_SUCH_REGISTER);
    }

    @Test
    void waterLostIsSteamWithdrawnWhileThePumpIsOff() {
        Boiler boiler = new Boiler(new Random(1));
        double before = boiler.waterKg();
        double steam = 0;
        while (!boiler.feedPump()) {
            double flow = boiler.steamKgPerS();
            boiler.step(STEP);
            if (!boiler.feedPump()) {
                steam += flow * STEP;
                assertThat(before - boiler.waterKg()).isCloseTo(steam, within(0.1));
            }
        }
    }
}
