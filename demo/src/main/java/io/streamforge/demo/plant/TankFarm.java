package io.streamforge.demo.plant;

import io.streamforge.demo.plant.Registers.WordOrder;
import java.util.random.RandomGenerator;

/**
 * Three tanks in a row: the raw tank is refilled from a supply line, the mixing tank takes a batch, heats it and passes it on, the
 * product tank is emptied into trucks. What flows is moved from tank to tank, so no litre appears or vanishes on the way.
 */
final class TankFarm implements Machine {

    static final double BATCH_CELSIUS = 65;

    private static final double SUPPLY_M3_PER_S = 0.030;
    private static final double TO_MIXER_M3_PER_S = 0.020;
    private static final double TO_PRODUCT_M3_PER_S = 0.025;
    private static final double TO_TRUCK_M3_PER_S = 0.028;
    private static final double HEATER_KW = 3_000;
    private static final double WATER_KJ_PER_M3_K = 4_186;
    private static final double AMBIENT_CELSIUS = 19;
    private static final double VALVE_SECONDS = 2;

    private enum Batch {
        FILLING,
        HEATING,
        EMPTYING
    }

    private final RandomGenerator random;
    private final Tank raw = new Tank(6, 3.4, AMBIENT_CELSIUS);
    private final Tank mixer = new Tank(3, 0.8, 40);
    private final Tank product = new Tank(6, 3.0, 55);
    private final Valve supply = new Valve(SUPPLY_M3_PER_S);
    private final Valve toMixer = new Valve(TO_MIXER_M3_PER_S);
    private final Valve toProduct = new Valve(TO_PRODUCT_M3_PER_S);
    private final Valve toTruck = new Valve(TO_TRUCK_M3_PER_S);
    private Batch batch = Batch.FILLING;
    private double suppliedM3;
    private double deliveredM3;
    private long batches;

    TankFarm(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String name() {
        return "tank farm";
    }

    @Override
    public void step(double seconds) {
        supply.open = supply.open ? raw.percent() < 85 : raw.percent() < 25;
        toTruck.open = toTruck.open ? product.percent() > 15 : product.percent() > 60;
        batch = nextBatch();
        toMixer.open = batch == Batch.FILLING && raw.percent() > 5;
        toProduct.open = batch == Batch.EMPTYING && product.percent() < 92;

        suppliedM3 += raw.fill(supply.move(seconds, Double.MAX_VALUE, raw.room()), AMBIENT_CELSIUS);
        mixer.fill(raw.draw(toMixer.move(seconds, raw.m3, mixer.room())), raw.celsius);
        product.fill(mixer.draw(toProduct.move(seconds, mixer.m3, product.room())), mixer.celsius);
        deliveredM3 += product.draw(toTruck.move(seconds, product.m3, Double.MAX_VALUE));

        if (batch == Batch.HEATING) {
            mixer.celsius += HEATER_KW * seconds / (WATER_KJ_PER_M3_K * mixer.m3);
        }
        product.celsius += (AMBIENT_CELSIUS - product.celsius) * seconds / 3_600;
    }

    private Batch nextBatch() {
        return switch (batch) {
            case FILLING -> mixer.percent() >= 80 ? Batch.HEATING : Batch.FILLING;
            case HEATING -> mixer.celsius >= BATCH_CELSIUS ? Batch.EMPTYING : Batch.HEATING;
            case EMPTYING -> {
                if (mixer.percent() > 10) {
                    yield Batch.EMPTYING;
                }
                batches++;
                yield Batch.FILLING;
            }
        };
    }

    double heldM3() {
        return raw.m3 + mixer.m3 + product.m3;
    }

    double suppliedM3() {
        return suppliedM3;
    }

    double deliveredM3() {
        return deliveredM3;
    }

    long batches() {
        return batches;
    }

    double[] levelsPercent() {
        return new double[] {raw.percent(), mixer.percent(), product.percent()};
    }

    double mixerCelsius() {
        return mixer.celsius;
    }

    @Override
    public void publish(Registers registers) {
        publish(raw, toMixer, 30001, registers);
        publish(mixer, toProduct, 30011, registers);
        publish(product, toTruck, 30021, registers);
        registers.uint32(30031, (long) (deliveredM3 * 1_000), WordOrder.HIGH_FIRST);
        registers.uint32(30033, batches, WordOrder.HIGH_FIRST);
        registers.float32(40001, BATCH_CELSIUS, WordOrder.HIGH_FIRST);
        registers.uint16(40051, batch == Batch.HEATING ? HEATER_KW : 0, 1);
        registers.bit(1, supply.open);
        registers.bit(2, toMixer.open);
        registers.bit(3, toProduct.open);
        registers.bit(4, toTruck.open);
        registers.bit(10001, raw.percent() > 80);
        registers.bit(10002, mixer.percent() > 75);
        registers.bit(10003, product.percent() > 60);
    }

    private void publish(Tank tank, Valve outlet, int base, Registers registers) {
        double flow = outlet.m3PerS * 3_600;
        registers.float32(base, tank.percent() + random.nextGaussian() * 0.05, WordOrder.LOW_FIRST);
        registers.float32(base + 2, Math.max(0, flow * (1 + random.nextGaussian() * 0.003)), WordOrder.LOW_FIRST);
        registers.int16(base + 4, tank.celsius + random.nextGaussian() * 0.05, 0.1);
    }

    /** A valve whose flow follows its position with a lag. */
    private static final class Valve {
        private final double fullM3PerS;
        private double m3PerS;
        private boolean open;

        Valve(double fullM3PerS) {
            this.fullM3PerS = fullM3PerS;
        }

        /** What passes in this step: never more than there is before the valve or than fits behind it. */
        double move(double seconds, double available, double room) {
            double wanted = open ? fullM3PerS : 0;
            m3PerS += (wanted - m3PerS) * Math.min(1, seconds / VALVE_SECONDS);
            double moved = Math.min(m3PerS * seconds, Math.min(available, room));
            m3PerS = moved / seconds;
            return moved;
        }
    }

    private static final class Tank {
        private final double capacityM3;
        private double m3;
        private double celsius;

        Tank(double capacityM3, double m3, double celsius) {
            this.capacityM3 = capacityM3;
            this.m3 = m3;
            this.celsius = celsius;
        }

        double percent() {
            return 100 * m3 / capacityM3;
        }

        double room() {
            return capacityM3 - m3;
        }

        double fill(double added, double addedCelsius) {
            if (added > 0) {
                celsius = (celsius * m3 + addedCelsius * added) / (m3 + added);
                m3 += added;
            }
            return added;
        }

        double draw(double taken) {
            m3 -= taken;
            return taken;
        }
    }
}
