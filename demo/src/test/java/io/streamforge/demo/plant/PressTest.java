package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.demo.plant.Press.Phase;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PressTest {

    private static final double STEP = 0.01;

    @Test
    void aCycleGoesThroughItsPhasesInOrderAndCountsOnePart() {
        Press press = new Press(new Random(1), 0.5);
        Phase last = press.phase();
        long counted = press.cycles();
        for (double t = 0; t < 600; t += STEP) {
            press.step(STEP);
            if (press.phase() != last) {
                assertThat(press.phase().ordinal()).isEqualTo((last.ordinal() + 1) % Phase.values().length);
                assertThat(press.cycles()).isEqualTo(press.phase() == Phase.LOAD ? counted + 1 : counted);
            }
            last = press.phase();
            counted = press.cycles();
        }
        assertThat(counted).isBetween(65L, 90L);
    }

    @Test
    void forceActsOnlyWhileTheRamTouchesThePart() {
        Press press = new Press(new Random(1), 0.5);
        double peak = 0;
        for (double t = 0; t < 120; t += STEP) {
            press.step(STEP);
            peak = Math.max(peak, press.forceKn());
            assertThat(press.positionMm()).isBetween(Press.CLOSED_MM, Press.OPEN_MM);
            assertThat(press.forceKn()).isBetween(0.0, 900.0);
            if (press.positionMm() > Press.CONTACT_MM) {
                assertThat(press.forceKn()).isZero();
            }
        }
        assertThat(peak).isCloseTo(Press.FORCE_SET_POINT_KN, within(40.0));
    }

    @Test
    void theRamNeverJumps() {
        Press press = new Press(new Random(1), 0.5);
        double before = press.positionMm();
        for (double t = 0; t < 120; t += STEP) {
            press.step(STEP);
            assertThat(press.positionMm()).isCloseTo(before, within(5.0));
            before = press.positionMm();
        }
    }

    @Test
    void theCoolerKeepsTheOilWithinItsBand() {
        PressLine line = new PressLine(new Random(2));
        int starts = 0;
        for (double t = 0; t < 7_200; t += Simulation.LONGEST_STEP) {
            boolean cooling = line.cooler();
            line.step(Simulation.LONGEST_STEP);
            starts += !cooling && line.cooler() ? 1 : 0;
            assertThat(line.oilCelsius()).isBetween(43.0, PressLine.COOLER_ON_CELSIUS + 1);
        }
        assertThat(starts).isGreaterThan(5);
    }
}
