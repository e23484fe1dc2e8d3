package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static io.streamforge.validate.Probe.device;
import static io.streamforge.validate.Probe.quality;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Ledger;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DuplicateRuleTest {

    private static final String RULES = "[{\"duplicates\":{}}]";

    @Test
    void theSameValueOfTheSameDeviceTimeIsDroppedAndCounted() {
        Probe probe = new Probe(RULES).take(device(0, 10, 1), device(0, 20, 1), device(0, 30, 1));

        assertThat(probe.clean).hasSize(1);
        assertThat(probe.dead).isEmpty();
        assertThat(probe.ledger)
                .containsExactly(new Ledger(
                        Ledger.Kind.DUPLICATE_DROPPED,
                        "validate.telemetry",
                        Probe.ASSET,
                        Probe.PARAMETER,
                        Probe.START.truncatedTo(ChronoUnit.MINUTES),
                        2,
                        1,
                        2,
                        Probe.ORIGIN));
    }

    @Test
    void droppedOnesAreCountedByMinuteAndBatch() {
        Probe probe = new Probe(RULES).take(device(0, 10, 1), device(0, 59_999, 1), device(0, 60_000, 1));
        assertThat(probe.ledger).hasSize(2).allSatisfy(entry -> assertThat(entry.count())
                .isEqualTo(1));

        probe.take(device(0, 60_001, 1));
        assertThat(probe.ledger).hasSize(3);
    }

    @Test
    void anotherValueOfTheSameDeviceTimeIsSuspect() {
        Probe probe = new Probe(RULES).take(device(0, 10, 1), device(0, 20, 2), device(0, 30, 2), device(0, 40, 1));

        assertThat(probe.clean).hasSize(2);
        assertThat(probe.verdict()).isEqualTo(Quality.SUSPECT);
        assertThat(probe.reason())
                .isEqualTo("duplicate: another value came before for device time 2026-11-20T12:00:00Z");
        assertThat(probe.ledger.get(0).count()).isEqualTo(2);
    }

    @Test
    void theSameValueAtAnotherTimeIsNoDuplicate() {
        Probe probe = new Probe(RULES).take(device(0, 10, 1), device(1, 20, 1), device(-1, 30, 1));

        assertThat(probe.clean).hasSize(3).allSatisfy(reading -> assertThat(reading.quality())
                .isEqualTo(Quality.GOOD));
    }

    @Test
    void withoutADeviceTimeNothingIsADuplicate() {
        Probe probe = new Probe(RULES).take(at(0, 1), at(0, 1));

        assertThat(probe.clean).hasSize(2);
    }

    @Test
    void eachSeriesRemembersItsOwn() {
        Reading other = new Reading(
                new Value.Real(1),
                Quality.GOOD,
                Probe.ASSET,
                "pressure",
                "",
                device(0, 10, 1).classification(),
                device(0, 10, 1).deviceTime(),
                device(0, 10, 1).gatewayTime(),
                device(0, 10, 1).timeSource(),
                null,
                null,
                1,
                Probe.ORIGIN);

        assertThat(new Probe(RULES).take(device(0, 10, 1), other).clean).hasSize(2);
    }

    @Test
    void oneIsNotTrue() {
        Reading whole = withValue(new Value.Whole(1));
        Reading flag = withValue(new Value.Flag(true));
        Reading text = withValue(new Value.Text("1"));
        Reading otherText = withValue(new Value.Text("2"));

        Probe probe = new Probe(RULES).take(whole, flag, text, otherText, whole, flag, text, otherText);

        assertThat(probe.clean).hasSize(4);
        assertThat(probe.ledger.get(0).count()).isEqualTo(4);
    }

    private static Reading withValue(Value value) {
        Reading reading = device(0, 10, 1);
        return new Reading(
                value,
                reading.quality(),
                reading.assetId(),
                reading.parameter(),
                "",
                reading.classification(),
                reading.deviceTime(),
                reading.gatewayTime(),
                reading.timeSource(),
                null,
                null,
                1,
                Probe.ORIGIN);
    }

    @Test
    void aDevicesFailureIsNoDuplicate() {
        Reading bad = quality(device(0, 10, 1), Quality.BAD, "0x04");

        assertThat(new Probe(RULES).take(bad, bad).dead).hasSize(2);
    }

    @Test
    void aDuplicateOfARefusedReadingIsDroppedToo() {
        Probe probe = new Probe("[{\"duplicates\":{},\"range\":{\"max\":0}}]").take(device(0, 10, 1), device(0, 20, 1));

        assertThat(probe.dead).hasSize(1);
        assertThat(probe.ledger).hasSize(1);
    }

    @Test
    void aDoubtAboutARefusedReadingIsNotSaidOfTheNext() {
        Probe probe = new Probe("[{\"duplicates\":{},\"range\":{\"max\":5}}]")
                .take(device(0, 10, 1), device(0, 20, 9), device(1, 30, 2));

        assertThat(probe.verdict()).isEqualTo(Quality.GOOD);
    }

    @Test
    void itRemembersSoManyDeviceTimesAsItSays() {
        String rules = "[{\"duplicates\":{\"remember\":3}}]";
        Probe probe = new Probe(rules).take(device(0, 0, 1), device(1, 1, 1), device(2, 2, 1), device(0, 3, 1));
        assertThat(probe.ledger).hasSize(1);

        probe.take(device(3, 4, 1), device(0, 5, 1));
        assertThat(probe.clean).hasSize(5);
    }

    @Test
    void eightAreRememberedIfNothingElseIsSaid() {
        Probe probe = new Probe(RULES);
        for (int i = 0; i < 8; i++) {
            probe.take(device(i, i, 1));
        }
        assertThat(probe.take(device(0, 8, 1)).clean).hasSize(8);
        assertThat(probe.take(device(8, 9, 1), device(0, 10, 1)).clean).hasSize(10);
    }

    @Test
    void aMoreSpecificRuleMaySwitchItOff() {
        String rules = "[{\"duplicates\":{}},{\"parameter\":\"temperature\",\"duplicates\":{\"remember\":0}}]";

        assertThat(new Probe(rules).take(device(0, 0, 1), device(0, 0, 1)).clean)
                .hasSize(2);
    }

    @Test
    void aDuplicateShowsThatTheDeviceIsNotSilent() {
        Probe probe = new Probe("[{\"duplicates\":{},\"gap\":{\"maxGapMs\":5000}}]")
                .take(device(0, 0, 1), device(0, 4_000, 1), device(1, 8_000, 1));

        assertThat(probe.gaps()).isEmpty();
    }

    @Test
    void duplicatesAreKnownAcrossARestart() {
        Probe probe = new Probe(RULES).take(device(0, 0, 1)).restart(RULES).take(device(0, 10, 1));

        assertThat(probe.clean).hasSize(1);
        assertThat(probe.ledger).hasSize(1);
    }
}
