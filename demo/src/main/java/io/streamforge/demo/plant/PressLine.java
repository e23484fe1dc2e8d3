package io.streamforge.demo.plant;

import io.streamforge.demo.plant.Registers.WordOrder;
import java.util.random.RandomGenerator;

/** Two presses on one hydraulic unit: their work heats the oil, a cooler with hysteresis takes the heat away. */
final class PressLine implements Machine {

    static final double COOLER_ON_CELSIUS = 52;
    static final double COOLER_OFF_CELSIUS = 46;

    private static final double AMBIENT_CELSIUS = 21;

    private final RandomGenerator random;
    private final Press first;
    private final Press second;
    private double oilCelsius = 44;
    private boolean cooler;

    PressLine(RandomGenerator random) {
        this.random = random;
        this.first = new Press(random, 0.5);
        this.second = new Press(random, 4);
    }

    @Override
    public String name() {
        return "press line";
    }

    @Override
    public void step(double seconds) {
        first.step(seconds);
        second.step(seconds);
        cooler = cooler ? oilCelsius > COOLER_OFF_CELSIUS : oilCelsius > COOLER_ON_CELSIUS;
        double heat = 0.0016 * (first.motorAmpere() + second.motorAmpere());
        double cooling =
                0.0008 * (oilCelsius - AMBIENT_CELSIUS) + (cooler ? 0.008 * (oilCelsius - AMBIENT_CELSIUS) : 0);
        oilCelsius += (heat - cooling) * seconds;
    }

    Press first() {
        return first;
    }

    double oilCelsius() {
        return oilCelsius;
    }

    boolean cooler() {
        return cooler;
    }

    @Override
    public void publish(Registers registers) {
        publish(first, 30001, registers);
        publish(second, 30011, registers);
        registers.int16(30021, oilCelsius + random.nextGaussian() * 0.05, 0.1);
        registers.uint16(40001, Press.FORCE_SET_POINT_KN, 1);
        registers.uint16(40002, 17, 1);
        registers.bit(1, first.phase() != Press.Phase.LOAD);
        registers.bit(2, second.phase() != Press.Phase.LOAD);
        registers.bit(3, cooler);
        registers.bit(10001, first.phase() == Press.Phase.LOAD);
        registers.bit(10002, second.phase() == Press.Phase.LOAD);
    }

    private void publish(Press press, int base, Registers registers) {
        double force = Math.max(0, press.forceKn() + random.nextGaussian() * 0.8);
        registers.float32(base, force, WordOrder.LOW_FIRST);
        registers.int16(base + 2, press.positionMm() + random.nextGaussian() * 0.05, 0.1);
        registers.uint16(base + 3, press.motorAmpere() + random.nextGaussian() * 0.2, 0.01);
        registers.uint32(base + 4, press.cycles(), WordOrder.HIGH_FIRST);
    }
}
