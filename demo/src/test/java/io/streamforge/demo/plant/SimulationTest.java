package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.demo.plant.Failure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private final Clockwork clock = new Clockwork(Instant.parse("2026-11-20T10:00:00Z"));

    @Test
    void aFailureLastsItsTimeInItsMinuteOfEveryTen() {
        Failure failure = new Failure(Kind.SILENT, 7, Duration.ofSeconds(20));
        assertThat(failure.active(Instant.parse("2026-11-20T10:06:59Z"))).isFalse();
        assertThat(failure.active(Instant.parse("2026-11-20T10:07:00Z"))).isTrue();
        assertThat(failure.active(Instant.parse("2026-11-20T10:07:19Z"))).isTrue();
        assertThat(failure.active(Instant.parse("2026-11-20T10:07:20Z"))).isFalse();
        assertThat(failure.active(Instant.parse("2026-11-20T10:57:05Z"))).isTrue();
    }

    @Test
    void stepsItsMachineAsFarAsTheClockWent() {
        Counting machine = new Counting();
        Simulation simulation = new Simulation(machine, new Failure(Kind.SILENT, 7, Duration.ofSeconds(20)), clock);
        clock.forward(Duration.ofMillis(1_230));
        simulation.advance();
        assertThat(machine.seconds).isCloseTo(1.23, within(1e-6));
        assertThat(machine.longest).isLessThanOrEqualTo(Simulation.LONGEST_STEP);
        assertThat(simulation.registers().inputRegisters()[0]).isEqualTo((short) 1_230);
    }

    @Test
    void doesNotRaceAfterTheComputerSlept() {
        Counting machine = new Counting();
        Simulation simulation = new Simulation(machine, new Failure(Kind.SILENT, 7, Duration.ofSeconds(20)), clock);
        clock.forward(Duration.ofHours(8));
        simulation.advance();
        assertThat(machine.seconds).isCloseTo(5, within(1e-6));
    }

    @Test
    void aBrokenLevelSensorReadsAllOnes() {
        Simulation boiler = Plant.simulations(clock).get(0);
        boiler.advance();
        assertThat(boiler.registers().inputRegisters()[2]).isBetween((short) 450, (short) 600);
        clock.forward(Duration.ofSeconds(61));
        boiler.advance();
        assertThat(boiler.registers().inputRegisters()[2]).isEqualTo((short) 0xFFFF);
    }

    private static final class Counting implements Machine {
        private double seconds;
        private double longest;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public void step(double step) {
            seconds += step;
            longest = Math.max(longest, step);
        }

        @Override
        public void publish(Registers registers) {
            registers.int16(30001, seconds, 0.001);
        }
    }

    static final class Clockwork extends Clock {
        private Instant now;

        Clockwork(Instant now) {
            this.now = now;
        }

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
