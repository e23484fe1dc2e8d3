package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The rate held against exact arithmetic. */
class RatePropertiesTest {

    @Property(tries = 300)
    void aRateIsExceededExactlyWhenTheChangeIsAboveTheAllowance(
            @ForAll @IntRange(min = -1_000, max = 1_000) int first,
            @ForAll @IntRange(min = -1_000, max = 1_000) int second,
            @ForAll @IntRange(min = 1, max = 100) int maxPerSecond,
            @ForAll @LongRange(min = 1, max = 60_000) long elapsedMs) {
        boolean exceeded = BigDecimal.valueOf(Math.abs((long) second - first))
                        .compareTo(BigDecimal.valueOf(maxPerSecond).multiply(BigDecimal.valueOf(elapsedMs, 3)))
                > 0;
        String rules = "[{\"rate\":{\"maxPerSecond\":%d}}]".formatted(maxPerSecond);

        for (boolean whole : new boolean[] {true, false}) {
            Probe probe = new Probe(rules).take(value(0, first, whole), value(elapsedMs, second, whole));

            assertThat(probe.verdict()).isEqualTo(exceeded ? Quality.SUSPECT : Quality.GOOD);
        }
    }

    private static Reading value(long ms, int value, boolean whole) {
        return at(ms, whole ? new Value.Whole(value) : new Value.Real(value));
    }

    @Property(tries = 300)
    void aChangeIsJudgedAlikeUpAndDown(
            @ForAll @DoubleRange(min = -1e9, max = 1e9) double first,
            @ForAll @DoubleRange(min = -1e9, max = 1e9) double second) {
        String rules = "[{\"rate\":{\"maxPerSecond\":1000}}]";

        assertThat(new Probe(rules).take(at(0, first), at(1_000, second)).verdict())
                .isEqualTo(
                        new Probe(rules).take(at(0, second), at(1_000, first)).verdict());
    }

    @Property(tries = 300)
    void repeatingAValueNeverExceedsARate(
            @ForAll @DoubleRange(min = -1e300, max = 1e300) double value,
            @ForAll @LongRange(min = 1, max = 1_000) long elapsedMs) {
        Probe probe = new Probe("[{\"rate\":{\"maxPerSecond\":1e-300}}]").take(at(0, value), at(elapsedMs, value));

        assertThat(probe.verdict()).isEqualTo(Quality.GOOD);
    }
}
