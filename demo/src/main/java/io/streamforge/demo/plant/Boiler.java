package io.streamforge.demo.plant;

import io.streamforge.demo.plant.Registers.WordOrder;
import java.util.random.RandomGenerator;

/**
 * A fire-tube steam boiler: the burner follows the pressure and the feed pump the water level, both with hysteresis, while the
 * steam demand wanders. Water and steam are in equilibrium, so the pressure is that of saturated steam at the water's temperature.
 */
final class Boiler implements Machine {

    static final double DESIGN_BAR = 10.0;
    static final double LEAST_SET_POINT_BAR = 8.0;
    static final double GREATEST_SET_POINT_BAR = 11.5;
    static final double HYSTERESIS_BAR = 0.5;
    static final double PUMP_ON_PERCENT = 46;
    static final double PUMP_OFF_PERCENT = 58;

    private static final int SET_POINT = 40001;
    private static final double SET_POINT_COUNT_BAR = 0.01;
    private static final double BURNER_KW = 2_400;
    private static final double LOSS_KW = 20;
    private static final double EVAPORATION_KJ_PER_KG = 2_015;
    private static final double WATER_KJ_PER_KG_K = 4.4;
    private static final double STEEL_KJ_PER_K = 4_000;
    private static final double FEED_WATER_CELSIUS = 80;
    private static final double FEED_KG_PER_S = 1.2;
    private static final double FULL_KG = 1_500;

    private final RandomGenerator random;
    private double setPointBar = DESIGN_BAR;
    private double waterCelsius = 178;
    private double waterKg = 0.52 * FULL_KG;
    private double flueGasCelsius = 140;
    private double firingPercent;
    private double demandKgPerS = 0.5;
    private double wantedDemandKgPerS = 0.6;
    private double secondsToNextDemand = 60;
    private double burnerSeconds;
    private boolean burner;
    private boolean feedPump;

    Boiler(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String name() {
        return "boiler";
    }

    @Override
    public void step(double seconds) {
        wander(seconds);
        burner = pressureBar() < setPointBar + (burner ? HYSTERESIS_BAR : -HYSTERESIS_BAR);
        feedPump = feedPump ? levelPercent() < PUMP_OFF_PERCENT : levelPercent() < PUMP_ON_PERCENT;
        firingPercent = towards(firingPercent, burner ? 100 : 0, (burner ? 8 : 25) * seconds);
        if (burner) {
            burnerSeconds += seconds;
        }
        double steam = steamKgPerS();
        double feed = feedPump ? FEED_KG_PER_S : 0;
        double heatKw = BURNER_KW * firingPercent / 100
                - LOSS_KW
                - steam * EVAPORATION_KJ_PER_KG
                - feed * WATER_KJ_PER_KG_K * (waterCelsius - FEED_WATER_CELSIUS);
        waterCelsius += heatKw * seconds / (WATER_KJ_PER_KG_K * waterKg + STEEL_KJ_PER_K);
        waterKg += (feed - steam) * seconds;
        flueGasCelsius += (120 + 1.1 * firingPercent - flueGasCelsius) * seconds / 30;
    }

    private void wander(double seconds) {
        secondsToNextDemand -= seconds;
        if (secondsToNextDemand <= 0) {
            wantedDemandKgPerS = random.nextDouble(0.3, 0.8);
            secondsToNextDemand = random.nextDouble(60, 180);
        }
        demandKgPerS = towards(demandKgPerS, wantedDemandKgPerS, 0.02 * seconds);
    }

    /** Saturation pressure of water by Antoine's equation, 99 to 374 °C (constants for mmHg), in bar absolute. */
    static double saturationBar(double celsius) {
        return Math.pow(10, 8.14019 - 1810.94 / (244.485 + celsius)) * 0.00133322;
    }

    double pressureBar() {
        return saturationBar(waterCelsius);
    }

    double levelPercent() {
        return 100 * waterKg / FULL_KG;
    }

    double waterKg() {
        return waterKg;
    }

    double steamKgPerS() {
        return demandKgPerS * Math.sqrt(pressureBar() / DESIGN_BAR);
    }

    boolean burner() {
        return burner;
    }

    boolean feedPump() {
        return feedPump;
    }

    /** The set point of the pressure is the one register that a client may write. */
    @Override
    public Written write(int reference, short count) {
        if (reference != SET_POINT) {
            return Written.NO_SUCH_REGISTER;
        }
        double wanted = count * SET_POINT_COUNT_BAR;
        if (wanted < LEAST_SET_POINT_BAR || wanted > GREATEST_SET_POINT_BAR) {
            return Written.BEYOND_RANGE;
        }
        setPointBar = wanted;
        return Written.TAKEN;
    }

    @Override
    public void publish(Registers registers) {
        double pressure = pressureBar() + random.nextGaussian() * 0.015;
        double level = levelPercent() + random.nextGaussian() * 0.12;
        registers.int16(30001, pressure, 0.01);
        registers.int16(30002, waterCelsius + random.nextGaussian() * 0.05, 0.1);
        registers.uint16(30003, level, 0.1);
        registers.float32(30004, steamKgPerS() * 3_600 * (1 + random.nextGaussian() * 0.004), WordOrder.HIGH_FIRST);
        registers.int16(30006, flueGasCelsius + random.nextGaussian() * 0.3, 0.1);
        registers.uint32(30007, (long) burnerSeconds, WordOrder.LOW_FIRST);
        registers.int16(SET_POINT, setPointBar, SET_POINT_COUNT_BAR);
        registers.uint16(40002, firingPercent, 0.1);
        registers.bit(1, burner);
        registers.bit(2, feedPump);
        registers.bit(10001, firingPercent > 5);
        registers.bit(10002, level < 35);
    }

    private static double towards(double from, double to, double by) {
        return from < to ? Math.min(to, from + by) : Math.max(to, from - by);
    }
}
