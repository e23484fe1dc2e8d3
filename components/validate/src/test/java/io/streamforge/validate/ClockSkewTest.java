package io.streamforge.validate;

import static io.streamforge.validate.Probe.START;
import static io.streamforge.validate.Probe.at;
import static io.streamforge.validate.Probe.device;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Alarm;
import io.streamforge.model.Alarm.State;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockSkewTest {

    @ParameterizedTest
    @CsvSource({"10000, 0", "10001, 1", "-10000, 0", "-10001, 1"})
    void aClockThatIsWrongByMoreThanTenSecondsIsAnAlarm(long skewMs, int alarms) {
        Probe probe = new Probe("[]").take(device(50_000 - skewMs, 50_000, 1));

        assertThat(probe.alarms).hasSize(alarms);
        assertThat(probe.last().clockSkewMs()).isEqualTo(skewMs);
    }

    @Test
    void theAlarmSaysWhoseClockAndByHowMuch() {
        Probe probe = new Probe("[]").take(device(-12_000, 0, 1), device(20_000, 1_000, 2), device(2_000, 2_000, 3));

        assertThat(probe.alarms)
                .containsExactly(
                        alarm(
                                State.ACTIVE,
                                12_000,
                                "Adapter 'press-line': a device clock is 12000 ms behind the gateway's, at most 10000 ms are"
                                        + " allowed. Set the device's clock, or the gateway's."),
                        alarm(State.CLEARED, 0, "Adapter 'press-line': no device clock is wrong any more."));
    }

    private static Alarm alarm(State state, long skew, String message) {
        return new Alarm(
                "system.clock-skew.press-line",
                "system.clock-skew.press-line@2026-11-20T12:00:00Z",
                "press-line",
                "CLOCK_SKEW",
                Alarm.Severity.MEDIUM,
                state,
                false,
                null,
                null,
                START,
                null,
                null,
                state == State.CLEARED ? START.plusSeconds(2) : null,
                new Value.Whole(skew),
                new Value.Whole(10_000),
                "ms",
                message,
                "system.clock-skew",
                Probe.ORIGIN);
    }

    @Test
    void aClockAheadIsSaidToBeAhead() {
        Probe probe = new Probe("[]").take(device(12_000, 0, 1));

        assertThat(probe.alarms.get(0).message()).contains("12000 ms ahead of the gateway's");
        assertThat(probe.alarms.get(0).value()).isEqualTo(new Value.Whole(-12_000));
    }

    @Test
    void theAlarmLastsAsLongAsOneDeviceOfTheAdapterIsWrong() {
        Probe probe = new Probe("[]")
                .take(named("a", -20_000, 0), named("b", -20_000, 0), named("c", 0, 0), named("a", 1_000, 1_000));
        assertThat(probe.alarms).hasSize(1);

        probe.take(named("b", 2_000, 2_000));
        assertThat(probe.alarms).extracting(Alarm::state).containsExactly(State.ACTIVE, State.CLEARED);

        probe.take(named("b", -20_000, 3_000));
        assertThat(probe.alarms).hasSize(3);
        assertThat(probe.alarms.get(2).occurrenceId())
                .isNotEqualTo(probe.alarms.get(0).occurrenceId());
    }

    private static Reading named(String parameter, long deviceMs, long gatewayMs) {
        Reading reading = device(deviceMs, gatewayMs, 1);
        return new Reading(
                reading.value(),
                reading.quality(),
                reading.assetId(),
                parameter,
                reading.unit(),
                reading.classification(),
                reading.deviceTime(),
                reading.gatewayTime(),
                reading.timeSource(),
                null,
                null,
                gatewayMs,
                reading.origin());
    }

    @Test
    void aReadingWithoutADeviceTimeSaysNothingAboutTheClock() {
        Probe probe = new Probe("[]").take(device(-20_000, 0, 1), at(1_000, 2));

        assertThat(probe.alarms).hasSize(1);
        assertThat(probe.last().clockSkewMs()).isNull();
    }

    @Test
    void aDeviceThatIsForgottenHoldsTheAlarmNoLonger() {
        Probe probe = new Probe("[]").take(named("a", -20_000, 0));

        probe.take(at(70_000, new Value.Real(1), "b"));

        assertThat(probe.alarms).extracting(Alarm::state).containsExactly(State.ACTIVE, State.CLEARED);
        assertThat(probe.alarms.get(1).clearedAt()).isEqualTo(START);
    }

    @Test
    void aRestartRaisesTheAlarmNotAgainAndEndsIt() {
        Probe probe = new Probe("[]").take(device(-20_000, 0, 1)).restart("[]");
        probe.take(device(-19_000, 1_000, 1)).wait(Duration.ofSeconds(1));
        assertThat(probe.alarms).hasSize(1);

        probe.take(device(2_000, 2_000, 1));
        assertThat(probe.alarms).hasSize(2);
        assertThat(probe.alarms.get(1).occurrenceId())
                .isEqualTo(probe.alarms.get(0).occurrenceId());
    }

    @Test
    void aRebalanceCountsNoClockTwice() {
        Probe probe = new Probe("[]").take(device(-20_000, 0, 1)).rebalance();

        probe.take(device(2_000, 2_000, 1));

        assertThat(probe.alarms).extracting(Alarm::state).containsExactly(State.ACTIVE, State.CLEARED);
    }

    @Test
    void aSkewBeyondAllNumbersIsStillASkew() {
        Reading reading = named("a", 0, 0);
        Reading ancient = new Reading(
                reading.value(),
                reading.quality(),
                reading.assetId(),
                reading.parameter(),
                reading.unit(),
                reading.classification(),
                Instant.EPOCH.minusSeconds(9_223_372_036_854L),
                reading.gatewayTime(),
                reading.timeSource(),
                null,
                null,
                0,
                reading.origin());

        Probe probe = new Probe("[]").take(ancient);

        assertThat(probe.last().clockSkewMs()).isEqualTo(Long.MAX_VALUE / 1_000);
        assertThat(probe.alarms).hasSize(1);
    }
}
