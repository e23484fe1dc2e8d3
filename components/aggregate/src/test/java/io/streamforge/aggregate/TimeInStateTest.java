package io.streamforge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimeInStateTest {

    private static final Value ON = new Value.Flag(true);
    private static final Value OFF = new Value.Flag(false);

    private final Plant plant = new Plant(Plant.seconds(1, 2, 10));
    private final Plant minute = new Plant(Plant.seconds(60, 2, 600));

    @Test
    void aStateHoldsUntilTheNextReading() {
        at(100, ON).at(400, OFF).at(600, ON);

        assertThat(window(0))
                .isEqualTo(new States(
                        ON,
                        3,
                        100_000,
                        true,
                        List.of(new StateTime("true", 2, 700_000), new StateTime("false", 1, 200_000))));
    }

    @Test
    void aGapMarkerEndsTheStateAndIsCounted() {
        at(0, new Value.Text("auto"))
                .at(250, null)
                .at(500, new Value.Text("manual"))
                .at(600, null);

        assertThat(window(0))
                .isEqualTo(new States(
                        new Value.Text("manual"),
                        2,
                        0,
                        false,
                        List.of(new StateTime("auto", 1, 250_000), new StateTime("manual", 1, 100_000))));
        assertThat(plant.given.get(0).gaps()).isEqualTo(2);
    }

    @Test
    void numbersHaveNoStatesAndEndThoseThatAre() {
        at(0, new Value.Real(1)).at(500, new Value.Whole(2));
        at(1000, ON).at(1250, new Value.Real(1)).at(1500, new Value.Real(Double.NaN));

        assertThat(window(0)).isNull();
        assertThat(window(1)).isEqualTo(new States(ON, 1, 0, false, List.of(new StateTime("true", 1, 250_000))));
    }

    @Test
    void aNumbersGapIsCountedWithoutStates() {
        at(0, new Value.Real(1)).at(500, null);

        assertThat(window(0)).isNull();
        assertThat(plant.given.get(0).gaps()).isEqualTo(1);
    }

    @Test
    void nothingButGapsIsTold() {
        at(300, null).at(500, null);

        assertThat(window(0)).isEqualTo(new States(null, 0, 300_000, false, List.of()));
        assertThat(plant.given.get(0).gaps()).isEqualTo(2);
    }

    @Test
    void aStateThatDoesNotCountEndsTheOneBefore() {
        Plant strict = new Plant(new Settings(
                "aggregate.test",
                "gw-1",
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Quality.GOOD));
        strict.write(Plant.reading("running", ON, Quality.GOOD, 0, 0, 0))
                .write(Plant.reading("running", OFF, Quality.SUSPECT, 400, 400, 1))
                .write(4000, 0)
                .read();

        assertThat(strict.given.get(0).states())
                .isEqualTo(new States(ON, 1, 0, false, List.of(new StateTime("true", 1, 400_000))));
        assertThat(strict.given.get(0).quality().suspect()).isEqualTo(1);
    }

    @Test
    void sixteenStatesAreNamedAndTheRestIsSummed() {
        for (int i = 0; i < 20; i++) {
            at(i * 10 + i * i / 4, new Value.Text("s" + (char) ('a' + i)));
        }

        States states = Objects.requireNonNull(window(0));
        assertThat(states.times()).hasSize(17);
        assertThat(states.times().get(0).state()).isEqualTo("st");
        assertThat(states.times().get(16)).isEqualTo(new StateTime(null, 4, 44_000));
        assertThat(states.times().stream().mapToLong(StateTime::micros).sum()).isEqualTo(1_000_000);
        assertThat(states.count()).isEqualTo(20);
    }

    @Test
    void equalTimesAreOrderedByCountAndName() {
        at(0, new Value.Text("b"))
                .at(250, new Value.Text("a"))
                .at(500, new Value.Text("c"))
                .at(625, new Value.Text("c"));
        at(750, null);

        assertThat(Objects.requireNonNull(window(0)).times())
                .containsExactly(
                        new StateTime("c", 2, 250_000), new StateTime("a", 1, 250_000), new StateTime("b", 1, 250_000));
    }

    @Test
    void ofALongTextTheBeginningNamesTheState() {
        at(0, new Value.Text("x".repeat(99) + "😀y"));
        at(1000, new Value.Text("x".repeat(98) + "😀y"));
        at(2000, new Value.Text("x".repeat(100)));

        assertThat(last(0)).isEqualTo(new Value.Text("x".repeat(99)));
        assertThat(last(1)).isEqualTo(new Value.Text("x".repeat(98) + "😀"));
        assertThat(last(2)).isEqualTo(new Value.Text("x".repeat(100)));
    }

    @Test
    void aMinuteGoesOnWithTheStateOfTheSecondBefore() {
        at(100, ON).at(1300, OFF).at(2500, OFF).at(4000, null).at(5500, ON);

        assertThat(minutes())
                .isEqualTo(new States(
                        ON,
                        4,
                        100_000,
                        true,
                        List.of(new StateTime("true", 2, 55_700_000), new StateTime("false", 2, 2_700_000))));
        assertThat(minute.given.get(0).gaps()).isEqualTo(1);
    }

    @Test
    void aMinuteOfTextsSumsWhatIsNotNamed() {
        for (int i = 0; i < 40; i++) {
            at(i * 25, new Value.Text("state-" + i));
        }
        at(1000, new Value.Text("state-0")).at(1500, null);

        States states = Objects.requireNonNull(minutes());
        assertThat(states.times()).hasSize(17);
        assertThat(states.times().get(0)).isEqualTo(new StateTime("state-0", 2, 525_000));
        assertThat(states.times().get(16)).isEqualTo(new StateTime(null, 24, 600_000));
        assertThat(states.last()).isEqualTo(new Value.Text("state-0"));
        assertThat(states.open()).isFalse();
        assertThat(states.count()).isEqualTo(41);
    }

    @Test
    void aSecondOfNumbersEndsTheMinutesState() {
        at(0, ON).at(2000, new Value.Real(5)).at(3000, new Value.Real(7)).at(3500, new Value.Real(7));

        assertThat(minutes()).isEqualTo(new States(ON, 1, 0, false, List.of(new StateTime("true", 1, 2_000_000))));
    }

    private TimeInStateTest at(long millis, @Nullable Value value) {
        Quality quality = value == null ? Quality.UNCERTAIN : Quality.GOOD;
        plant.write(Plant.reading("running", value, quality, millis, millis, plant.topic.size()));
        return this;
    }

    private @Nullable States window(int index) {
        if (plant.unread() > 0) {
            plant.read();
            plant.now = Plant.START.plusSeconds(1000);
            plant.read();
        }
        return plant.given.get(index).states();
    }

    private @Nullable Value last(int index) {
        return Objects.requireNonNull(window(index)).last();
    }

    private @Nullable States minutes() {
        window(0);
        minute.topic.addAll(plant.givenBytes);
        minute.read();
        minute.now = Plant.START.plusSeconds(1000);
        minute.read();
        return minute.given.stream().map(Aggregate::states).findFirst().orElse(null);
    }
}
