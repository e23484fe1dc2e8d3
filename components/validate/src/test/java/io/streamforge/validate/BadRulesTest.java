package io.streamforge.validate;

import static io.streamforge.validate.Probe.at;
import static io.streamforge.validate.Probe.quality;
import static io.streamforge.validate.Probe.unit;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule calls BAD: the dead letters with the code and the sentence, and one gap marker where a series turns BAD. */
class BadRulesTest {

    @Test
    void aValueOfAnotherTypeIsRefused() {
        Probe number = new Probe("[{\"type\":\"number\"}]").take(at(0, 1.0), at(1, new Value.Whole(1)));
        assertThat(number.dead).isEmpty();
        assertThat(number.take(at(2, new Value.Flag(true))).dead.get(0).reason())
                .isEqualTo("press-07/temperature: value must be a number, got a flag.");
        assertThat(number.dead.get(0).reasonCode()).isEqualTo("TYPE_MISMATCH");

        Probe flag = new Probe("[{\"type\":\"flag\"}]").take(at(0, new Value.Flag(false)), at(1, 1.0));
        assertThat(flag.dead).hasSize(1).first().satisfies(letter -> assertThat(letter.reason())
                .endsWith("value must be a flag, got a number."));

        Probe text = new Probe("[{\"type\":\"text\"}]").take(at(0, new Value.Text("AUTO")), at(1, 1.0));
        assertThat(text.dead).hasSize(1).first().satisfies(letter -> assertThat(letter.reason())
                .endsWith("value must be a text, got a number."));
    }

    @Test
    void aMissingValueHasNoWrongTypeOrUnit() {
        Probe probe = new Probe("[{\"type\":\"number\",\"unit\":\"Cel\",\"allowed\":[1],\"range\":{\"min\":0}}]");

        probe.take(quality(at(0, (Value) null), Quality.UNCERTAIN, "late"));

        assertThat(probe.dead).isEmpty();
        assertThat(probe.reason()).isEqualTo("late");
    }

    @Test
    void anotherUnitIsRefused() {
        Probe probe = new Probe("[{\"unit\":\"Cel\"}]").take(at(0, 1.0), unit(at(1, 300.0), "K"), unit(at(2, 1.0), ""));

        assertThat(probe.dead)
                .extracting(letter -> letter.reasonCode() + " " + letter.reason())
                .containsExactly(
                        "UNIT_MISMATCH press-07/temperature: unit must be Cel, got K.",
                        "UNIT_MISMATCH press-07/temperature: unit must be Cel, got none.");
        assertThat(new Probe("[{\"unit\":\"\"}]").take(at(0, 1.0)).dead.get(0).reason())
                .isEqualTo("press-07/temperature: unit must be none, got Cel.");
    }

    @Test
    void onlyAllowedValuesPass() {
        Probe probe = new Probe("[{\"allowed\":[1, 2.5, \"AUTO\", true]}]");

        probe.take(
                at(0, 1.0),
                at(1, new Value.Whole(1)),
                at(2, 2.5),
                at(3, new Value.Text("AUTO")),
                at(4, new Value.Flag(true)));
        assertThat(probe.dead).isEmpty();

        probe.take(
                at(5, 1.5),
                at(6, new Value.Whole(3)),
                at(7, Double.NaN),
                at(8, new Value.Text("AUT")),
                at(9, new Value.Text("AUTO ")),
                at(10, new Value.Flag(false)));
        assertThat(probe.dead).hasSize(6).allSatisfy(letter -> assertThat(letter.reasonCode())
                .isEqualTo("NOT_ALLOWED"));
        assertThat(probe.dead.get(1).reason())
                .isEqualTo("press-07/temperature: value must be one of 1, 2.5, AUTO, true, got 3 Cel.");
        assertThat(probe.dead.get(3).reason()).endsWith("got 'AUT' Cel.");
        assertThat(probe.dead.get(5).reason()).endsWith("got false Cel.");
    }

    @ParameterizedTest
    @CsvSource({"79.9, true", "80, false"})
    void anExpressionMayMakeAReadingBad(double value, boolean passes) {
        Probe probe = new Probe("[{\"expression\":{\"test\":\"value < 80\",\"verdict\":\"BAD\"}}]").take(at(0, value));

        assertThat(probe.dead.isEmpty()).isEqualTo(passes);
        if (!passes) {
            assertThat(probe.dead.get(0).reasonCode()).isEqualTo("EXPRESSION");
            assertThat(probe.dead.get(0).reason())
                    .isEqualTo("press-07/temperature: value < 80 must hold, got 80.0 Cel.");
        }
    }

    @Test
    void theFirstRefusalInTheStatedOrderIsGiven() {
        Probe probe = new Probe("""
                [{"type":"number","unit":"Cel","range":{"max":10},"allowed":[1],"required":true,
                  "expression":{"test":"value < 5","verdict":"BAD"}}]""");

        probe.take(unit(at(0, new Value.Text("x")), "K"), unit(at(1, 20), "K"), at(2, 20), at(3, 6), at(4, 1));

        assertThat(probe.dead)
                .extracting(letter -> letter.reasonCode())
                .containsExactly("TYPE_MISMATCH", "UNIT_MISMATCH", "RANGE", "NOT_ALLOWED");
    }

    @Test
    void aSeriesThatTurnsBadLeavesOneGapMarkerUntilItIsGoodAgain() {
        Probe probe = new Probe("[{\"range\":{\"max\":10}}]");

        probe.take(at(0, 1), at(1, 11), at(2, 12), at(3, 2), at(4, 13));

        assertThat(probe.dead).hasSize(3);
        assertThat(probe.gaps())
                .containsExactly(
                        quality(
                                at(1, (Value) null),
                                Quality.UNCERTAIN,
                                "gap: press-07/temperature: value must be at most 10 Cel, got 11.0 Cel."),
                        quality(
                                at(4, (Value) null),
                                Quality.UNCERTAIN,
                                "gap: press-07/temperature: value must be at most 10 Cel, got 13.0 Cel."));
        assertThat(probe.clean).hasSize(4);
    }

    @Test
    void badByTheDeviceAndBadByARuleAreOneGap() {
        Probe probe = new Probe("[{\"range\":{\"max\":10}}]");

        probe.take(quality(at(0, (Value) null), Quality.BAD, "0x0B"), at(1, 11), quality(at(2, 1.0), Quality.BAD, "x"));

        assertThat(probe.dead)
                .extracting(letter -> letter.reasonCode())
                .containsExactly("DEVICE_BAD", "RANGE", "DEVICE_BAD");
        assertThat(probe.gaps()).hasSize(1);
    }

    @Test
    void eachSeriesTurnsBadByItself() {
        Probe probe = new Probe("[{\"range\":{\"max\":10}}]");

        probe.take(at(0, new Value.Real(11), "a"), at(1, new Value.Real(11), "b"));

        assertThat(probe.gaps()).extracting(gap -> gap.parameter()).containsExactly("a", "b");
    }

    @Test
    void aRestartDoesNotRepeatAGapMarker() {
        String rules = "[{\"range\":{\"max\":10}}]";
        Probe probe = new Probe(rules).take(at(0, 11)).restart(rules).take(at(1, 12));

        assertThat(probe.dead).hasSize(2);
        assertThat(probe.gaps()).hasSize(1);
    }
}
