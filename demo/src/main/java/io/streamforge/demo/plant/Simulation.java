package io.streamforge.demo.plant;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Keeps a machine in step with a clock, and holds the registers it showed last. */
final class Simulation {

    /** In seconds; small against the shortest phase of any machine, so that the physics stay stable. */
    static final double LONGEST_STEP = 0.05;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Machine machine;
    private final Failure failure;
    private final Clock clock;
    private Instant reached;
    private volatile Registers shown;

    Simulation(Machine machine, Failure failure, Clock clock) {
        this.machine = machine;
        this.failure = failure;
        this.clock = clock;
        this.reached = clock.instant();
        this.shown = new Registers();
        machine.publish(shown);
    }

    /** Lets the machine catch up with the clock; after a pause of the computer it goes on from where it was instead of racing. */
    synchronized void advance() {
        Instant now = clock.instant();
        Duration behind = Duration.between(reached, now);
        double seconds = (behind.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : behind).toNanos() / 1e9;
        while (seconds > 1e-9) {
            double step = Math.min(seconds, LONGEST_STEP);
            machine.step(step);
            seconds -= step;
        }
        reached = now;
        show();
    }

    /** Hands a client's write to the machine; what it took can be read back at once. */
    synchronized Machine.Written write(int reference, short count) {
        Machine.Written written = machine.write(reference, count);
        show();
        return written;
    }

    private void show() {
        Registers next = new Registers();
        machine.publish(next);
        if (fails(Failure.Kind.LEVEL_SENSOR_STUCK)) {
            next.uint16(30003, 0xFFFF, 1);
        }
        shown = next;
    }

    Machine machine() {
        return machine;
    }

    Registers registers() {
        return shown;
    }

    boolean fails(Failure.Kind kind) {
        return failure.kind() == kind && failure.active(clock.instant());
    }
}
