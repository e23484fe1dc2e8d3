package io.streamforge.demo.plant;

import java.util.random.RandomGenerator;

/** One hydraulic press: load, fast approach, press, hold, release, return; a part per cycle. */
final class Press {

    static final double OPEN_MM = 400;
    static final double CONTACT_MM = 60;
    static final double CLOSED_MM = 20;
    static final double FORCE_SET_POINT_KN = 800;

    /** The phases of a cycle in their order, with their length; loading takes a worker, so its length varies. */
    enum Phase {
        LOAD(1.4),
        APPROACH(1.6),
        PRESS(1.0),
        HOLD(1.5),
        RELEASE(0.4),
        RETURN(1.8);

        private final double seconds;

        Phase(double seconds) {
            this.seconds = seconds;
        }
    }

    private final RandomGenerator random;
    private Phase phase = Phase.LOAD;
    private double inPhase;
    private double phaseSeconds;
    private double peakKn = FORCE_SET_POINT_KN;
    private long cycles;

    /** @param delaySeconds how long the first loading takes, so that presses of one line do not move as one */
    Press(RandomGenerator random, double delaySeconds) {
        this.random = random;
        this.phaseSeconds = delaySeconds;
    }

    void step(double seconds) {
        inPhase += seconds;
        while (inPhase >= phaseSeconds) {
            inPhase -= phaseSeconds;
            begin(Phase.values()[(phase.ordinal() + 1) % Phase.values().length]);
        }
    }

    private void begin(Phase next) {
        if (next == Phase.LOAD) {
            cycles++;
        }
        if (next == Phase.PRESS) {
            peakKn = FORCE_SET_POINT_KN * (1 + 0.01 * random.nextGaussian());
        }
        phaseSeconds = next.seconds + (next == Phase.LOAD ? random.nextDouble(-0.4, 0.8) : 0);
        phase = next;
    }

    Phase phase() {
        return phase;
    }

    long cycles() {
        return cycles;
    }

    /** Distance of the ram from the closed tool. */
    double positionMm() {
        double done = inPhase / phaseSeconds;
        return switch (phase) {
            case LOAD -> OPEN_MM;
            case APPROACH -> between(OPEN_MM, CONTACT_MM, done * done * (3 - 2 * done));
            case PRESS -> between(CONTACT_MM, CLOSED_MM, 1 - (1 - done) * (1 - done));
            case HOLD -> CLOSED_MM;
            case RELEASE -> between(CLOSED_MM, CLOSED_MM + 3, done);
            case RETURN -> between(CLOSED_MM + 3, OPEN_MM, done * done * (3 - 2 * done));
        };
    }

    double forceKn() {
        double done = inPhase / phaseSeconds;
        return switch (phase) {
            case LOAD, APPROACH, RETURN -> 0;
            case PRESS -> peakKn * Math.pow((CONTACT_MM - positionMm()) / (CONTACT_MM - CLOSED_MM), 2);
            case HOLD -> peakKn * (1 - 0.02 * done);
            case RELEASE -> peakKn * 0.98 * (1 - done);
        };
    }

    double motorAmpere() {
        return switch (phase) {
            case LOAD -> 12;
            case APPROACH -> 34;
            case PRESS, HOLD, RELEASE -> 18 + 62 * forceKn() / FORCE_SET_POINT_KN;
            case RETURN -> 41;
        };
    }

    private static double between(double from, double to, double done) {
        return from + (to - from) * done;
    }
}
